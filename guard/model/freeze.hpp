// SPDX-License-Identifier: Apache-2.0
//
// A freeze: a time in which no release may begin, but for some kinds. Plain values; safe from any thread.
#pragma once

#include "guard/base/enum_names.hpp"
#include "guard/base/time.hpp"
#include "guard/model/change.hpp"
#include "guard/model/matcher.hpp"
#include "guard/model/release.hpp"
#include "guard/model/weekly.hpp"

#include <string>
#include <vector>

namespace guard::model {

enum class FreezeOrigin {
  configured,  // stands in the configuration file
  ordered,     // a person began it
  release      // a release began it by going live
};

// The kinds that may be released all the same, unless a freeze says otherwise: what mends and what goes back.
inline const std::vector<ReleaseKind> allowed_in_freezes{ReleaseKind::hotfix, ReleaseKind::rollback};

// What a rule group says of its releases: which of them begin a freeze of their place, and for how long.
struct FreezePolicy {
  Duration lasts{0};
  std::vector<Change> after;
  std::vector<ReleaseKind> allow;

  bool operator==(const FreezePolicy&) const = default;
};

// The freeze that a release began, as its watch keeps it.
struct BegunFreeze {
  WallTime until{};
  std::string reason;  // in words

  bool operator==(const BegunFreeze&) const = default;
};

struct Freeze {
  FreezeOrigin origin = FreezeOrigin::configured;
  std::string id;              // of the order or of the release; what stands in the configuration has none
  std::vector<Matcher> match;  // on service, environment, version, kind and release labels
  Span span;
  std::vector<ReleaseKind> allow;
  std::string reason;
  std::string actor;  // who ordered it

  bool operator==(const Freeze&) const = default;
};

}  // namespace guard::model

namespace guard {

template <>
struct EnumNames<model::FreezeOrigin> {
  using F = model::FreezeOrigin;
  static constexpr std::array table{EnumName<F>{F::configured, "configured"}, EnumName<F>{F::ordered, "ordered"},
                                    EnumName<F>{F::release, "release"}};
};

}  // namespace guard
