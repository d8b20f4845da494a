// SPDX-License-Identifier: Apache-2.0
//
// An engine that is asked whether a release may begin.
#pragma once

#include "tests/engine/watching.hpp"

#include <gmock/gmock.h>

namespace guard::test {

using model::Check;
using model::CheckState;
using testing::HasSubstr;

class Gate : public Engine {
 protected:
  std::vector<Check> asked(const std::string& version = "v3", model::ReleaseKind kind = model::ReleaseKind::feature,
                           const std::string& environment = "production") {
    std::vector<Check> out;
    world.guard->gate({"shop", environment, version, kind}, [&](auto checks) { out = std::move(*checks); });
    world.settle();
    return out;
  }
  Check check(const std::string& name, const std::string& version = "v3") {
    for (const auto& one : asked(version))
      if (one.name == name) return one;
    return {"", CheckState::unknown, "there is none", ""};
  }
};

}  // namespace guard::test
