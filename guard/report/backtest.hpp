// SPDX-License-Identifier: Apache-2.0
//
// What rule files would have done with the releases of the past, as JSON for programs and as a page with charts; the
// command line's table says the same in the same words. Pure.
#pragma once

#include "guard/base/json.hpp"
#include "guard/replay/backtest.hpp"
#include "guard/report/badges.hpp"
#include "guard/story/views.hpp"

#include <string>
#include <vector>

namespace guard::report {

// One set of rule files.
struct Side {
  std::string rules;  // how it is named
  std::vector<replay::Judged> judged;
};

struct Backtest {
  WallTime from{};
  WallTime to{};
  std::vector<Side> sides;         // one, or two that are compared; of the same releases in the same order
  std::vector<std::string> notes;  // what is to be known beside
};

// "rolled back", as in "would have been rolled back".
Badge badge_of(replay::Ending ending);
// What became of one release; another badge where no rule group matches it.
Badge badge_of(const replay::Judged& judged);

// "error_rate: 14 of 62 …; it held again 23m later", or what came nearest to a breach.
std::string why(const replay::Judged& judged);

// "2 of 41 would have been rolled back: 1 that was undone later anyway, 1 that was kept; …"
std::string summary_text(const Side& side);

// How those ended that would not have been rolled back: "40 passed, 1 unverified".
std::string others_text(const Side& side);

// True where the two sides end otherwise.
bool differs(const Backtest& backtest, std::size_t index);

json::object to_json(const Backtest& backtest);
std::string html_page(const Backtest& backtest);

}  // namespace guard::report
