// SPDX-License-Identifier: Apache-2.0
//
// Short ways to make the values the core speaks of, and a judge whose clock is stepped by the test.
#pragma once

#include "guard/core/evaluation.hpp"
#include "guard/core/judge.hpp"
#include "guard/model/watch.hpp"

#include <string>
#include <vector>

namespace guard::core {

using namespace std::chrono_literals;

inline constexpr Duration interval = 15s;

// A fixed moment, `later` after the start of every test.
Instant moment(Duration later = Duration{0});

Subject shop();

// `5xx share < 1%`, breached at the first reading unless a test says more.
Rule error_rate();
Rule alerts_rule(const std::vector<std::string>& matchers);
Rule signal_rule();

Sample sample(double value, Labels labels = {}, Instant at = moment());
ExprAnswer answer(std::vector<Sample> value);

// A reading as evaluate_expr would make it.
Evaluation reading(Outcome outcome, Instant at);

// Release r1 of the shop, watched by one rule, error_rate: live at moment(), window 2h, settle 5m, mode enforce.
Watch shop_watch();

// One rule judged reading by reading; time passes only with them.
struct Judging {
  explicit Judging(Rule judged) : rule(std::move(judged)) { state.past.known = true; }

  void read(Outcome outcome, Duration after = interval);
  void read(Evaluation evaluation, Duration after = interval);
  void read_times(int times, Outcome outcome);

  Rule rule;
  RuleState state;
  JudgeContext context{interval, false, false};
  Instant now = moment();
};

}  // namespace guard::core
