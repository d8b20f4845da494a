// SPDX-License-Identifier: Apache-2.0
//
// One release judged twice by one of its rules over its own past: with the rule as it is, and as it is tried. The judge
// is that of a backtest; what other rules, brakes and people did is left out. Blocks as long as the history does; any
// thread.
#pragma once

#include "guard/model/watch.hpp"
#include "guard/replay/backtest.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace guard::replay {

// What is to be tried.
struct Trial {
  Release release;
  model::RuleGroupPtr group;  // the rules it was watched by
  std::size_t rule = 0;
  model::Rule tried;  // in place of that one
};

// One reading that gave a value.
struct TrialPoint {
  WallTime at{};
  double value = 0;
  std::optional<double> bound;        // of the rule as it is
  std::optional<double> tried_bound;  // as it is tried
};

struct WhatIf {
  Judged now;  // each by a group of this rule alone
  Judged tried;
  std::vector<TrialPoint> points;  // few enough for a chart
};

// The release of this watch, which went live, as far as what is measured is its own: until a rollback of it was called,
// or until it was given up or another took its place.
Release release_of(const model::Watch& watch);

// Nothing where `goes_on`, which is asked at each round, said no.
std::optional<WhatIf> what_if(const Trial& trial, const History& history, const std::function<bool()>& goes_on);

}  // namespace guard::replay
