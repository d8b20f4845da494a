// SPDX-License-Identifier: Apache-2.0
//
// One line of a list of checks: what was looked at, what was seen, and what to do about it. Plain values; safe from any
// thread.
#pragma once

#include "guard/base/enum_names.hpp"

#include <string>
#include <vector>

namespace guard::model {

// What cannot be told is no pass.
enum class CheckState { passed, failed, unknown };

struct Check {
  std::string name;
  CheckState state = CheckState::unknown;
  std::string seen;    // in words
  std::string advice;  // what to do; empty where there is nothing to do

  bool operator==(const Check&) const = default;
};

using Checks = std::vector<Check>;

}  // namespace guard::model

namespace guard {

template <>
struct EnumNames<model::CheckState> {
  using C = model::CheckState;
  static constexpr std::array table{EnumName<C>{C::passed, "passed"}, EnumName<C>{C::failed, "failed"},
                                    EnumName<C>{C::unknown, "unknown"}};
};

}  // namespace guard
