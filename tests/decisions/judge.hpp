// SPDX-License-Identifier: Apache-2.0
//
// One who says of a story whether, and when, its release is rolled back: the guard, or the documented semantics of
// another tool. What they have in common: each sees the same samples, watches for the whole window from live on, holds
// the same objectives (less than 1% failing, 95% within a second), and is stepped over time. Safe from any thread.
#pragma once

#include "tests/sim/story.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace guard::decisions {

class Judge {
 public:
  virtual ~Judge() = default;
  virtual std::string name() const = 0;
  // Since live; nothing: the release stays.
  virtual std::optional<Duration> rolls_back_at(const sim::Story& story) const = 0;
  // Its own words for it, if it has some.
  virtual std::string says(const sim::Story&) const { return ""; }
};

using Judges = std::vector<std::unique_ptr<const Judge>>;

Judges guard_judges();
Judges alert_rule_judges();
Judges flagger_judges();
Judges argo_judges();
Judges kayenta_judges();
Judges pipecd_judges();

// All of them, the guard first.
Judges all_judges();

}  // namespace guard::decisions
