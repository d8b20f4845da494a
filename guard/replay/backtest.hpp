// SPDX-License-Identifier: Apache-2.0
//
// Many releases of the past, judged one after the other by rule files. Blocks as long as the history does; any thread.
#pragma once

#include "guard/replay/replay.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace guard::replay {

// What became of one release; its watch is not kept, so that a year of them has room.
struct Judged {
  Course course;
  model::RuleGroupPtr group;               // nullptr: none matches it, and of the course only the release is known
  std::vector<std::vector<Point>> points;  // of each rule, where charts were asked for and something broke
};

struct Plan {
  std::vector<Release> releases;  // in succession
  std::vector<model::RuleGroupPtr> groups;
  bool charts = false;
};

// Told before each release that is judged; false ends it there.
using OnRelease = std::function<bool(std::size_t index)>;

std::vector<Judged> backtest(const Plan& plan, const History& history, const OnRelease& on_release);

// How it went with all of them.
struct Summary {
  std::map<Ending, std::size_t> endings;
  std::size_t judged = 0;
  std::size_t unmatched = 0;           // releases that no rule group matches
  std::size_t rolled_back_undone = 0;  // of those that would have been rolled back, those that were undone later
  std::optional<Duration> quiet;       // the time from one that would have been rolled back and was kept to the next,
                                       // in the mean; nothing where there are fewer than two
};
Summary summary_of(const std::vector<Judged>& judged);

}  // namespace guard::replay
