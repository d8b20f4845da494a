// SPDX-License-Identifier: Apache-2.0
//
// What must have been shown before a release of a rule group may begin: of its version elsewhere, and of its place by a
// preflight. Plain values; safe from any thread.
#pragma once

#include "guard/base/enum_names.hpp"
#include "guard/base/time.hpp"
#include "guard/model/release.hpp"

#include <string>
#include <vector>

namespace guard::model {

enum class UnmetAction { refuse, warn };

struct Requirement {
  std::string environment;  // where the same version of the same service has passed; empty: that is not asked
  Duration stood{0};        // and been live, without a break
  UnmetAction action = UnmetAction::refuse;
  std::vector<ReleaseKind> allow;  // kinds of which it is not asked
  Duration preflight{0};           // so recently a preflight of the place has passed; zero: that is not asked

  bool operator==(const Requirement&) const = default;
};

}  // namespace guard::model

namespace guard {

template <>
struct EnumNames<model::UnmetAction> {
  using U = model::UnmetAction;
  static constexpr std::array table{EnumName<U>{U::refuse, "refuse"}, EnumName<U>{U::warn, "warn"}};
};

}  // namespace guard
