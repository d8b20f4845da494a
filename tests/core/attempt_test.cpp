// SPDX-License-Identifier: Apache-2.0
//
// The second table of ARCHITECTURE.md is the machine of a rollback decision, and what attempts mean for it.
#include "guard/core/attempt.hpp"

#include "guard/base/file.hpp"
#include "tests/support/builders.hpp"

#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace guard::core {
namespace {

std::string row(const CallTransition& move) {
  return fmt::format("| {} | {} | {} |", to_string(move.from), to_string(move.event), to_string(move.to));
}

Decision tried(const std::vector<AttemptResult>& results) {
  Decision decision;
  decision.kind = DecisionKind::rollback;
  decision.state = CallState::calling;
  for (const auto result : results) decision.attempts.push_back({1, result, "", "", moment().wall, 1s});
  return decision;
}

TEST(Attempt, IsTheTableOfTheArchitecturePage) {
  const auto page = read_file(std::filesystem::path(SOURCE_DIR) / "ARCHITECTURE.md").value();
  const std::string begin = "<!-- calls -->\n| from | event | to |\n| --- | --- | --- |\n";
  const auto from = page.find(begin) + begin.size();
  std::string rows;
  for (const auto& move : call_transitions()) rows += row(move) + "\n";
  EXPECT_EQ(page.substr(from, page.find("<!-- /calls -->") - from), rows);
}

TEST(Attempt, HasOneAnswerForEachStateAndEvent) {
  std::set<std::pair<CallState, CallEvent>> seen;
  for (const auto& move : call_transitions()) {
    EXPECT_TRUE(seen.emplace(move.from, move.event).second) << row(move);
    EXPECT_EQ(next_state(move.from, move.event), move.to) << row(move);
  }
}

TEST(Attempt, WhatCannotHappenIsAPersons) {
  std::map<std::pair<CallState, CallEvent>, CallState> known;
  for (const auto& move : call_transitions()) known[{move.from, move.event}] = move.to;
  for (const auto& state : EnumNames<CallState>::table)
    for (const auto& event : EnumNames<CallEvent>::table) {
      const auto it = known.find({state.first, event.first});
      EXPECT_EQ(next_state(state.first, event.first), it == known.end() ? CallState::unknown : it->second)
          << state.second << ", " << event.second;
    }
}

TEST(Attempt, WhatWasPutOffIsTriedAgainWhileItMay) {
  for (const auto result : {AttemptResult::retry, AttemptResult::not_started}) {
    EXPECT_EQ(event_of(tried({result}), {result, false, false, true}), CallEvent::put_off);
    EXPECT_EQ(event_of(tried({result}), {result, false, false, false}), CallEvent::not_done);
  }
}

TEST(Attempt, AFailureIsCertainOnlyWhereNoAttemptMayHaveActed) {
  EXPECT_EQ(event_of(tried({AttemptResult::failed}), {AttemptResult::failed, false, true, true}), CallEvent::not_done);
  EXPECT_EQ(
      event_of(tried({AttemptResult::unknown, AttemptResult::failed}), {AttemptResult::failed, false, true, true}),
      CallEvent::cannot_tell);
  EXPECT_EQ(given_up(tried({AttemptResult::retry})), CallEvent::not_done);
  EXPECT_EQ(given_up(tried({AttemptResult::unknown, AttemptResult::retry})), CallEvent::cannot_tell);
}

TEST(Attempt, WhatNobodyKnowsIsTriedAgainOnlyUnderOneKeyAndNotBesideItself) {
  const auto decision = tried({AttemptResult::unknown});
  EXPECT_EQ(event_of(decision, {AttemptResult::unknown, false, true, true}), CallEvent::put_off);
  EXPECT_EQ(event_of(decision, {AttemptResult::unknown, false, false, true}), CallEvent::cannot_tell);
  EXPECT_EQ(event_of(decision, {AttemptResult::unknown, true, true, true}), CallEvent::cannot_tell);
  EXPECT_EQ(event_of(decision, {AttemptResult::unknown, false, true, false}), CallEvent::cannot_tell);
}

TEST(Attempt, TheDeadlineRunsFromTheDecision) {
  auto watch = shop_watch();
  watch.phase_began = 30min;
  const RetryPolicy policy{3, {}, {}, false, 10min};
  EXPECT_FALSE(is_late(watch, policy, moment(40min - 1ms)));
  EXPECT_TRUE(is_late(watch, policy, moment(40min)));
}

TEST(Attempt, WhatWasNotStartedUsesNoAttemptUp) {
  auto watch = shop_watch();
  const RetryPolicy policy{2, {}, {}, false, 10min};
  watch.decisions.push_back(tried({AttemptResult::not_started, AttemptResult::not_started, AttemptResult::retry}));
  EXPECT_TRUE(may_try_again(watch, policy, moment(1min)));
  watch.decisions.back() = tried({AttemptResult::retry, AttemptResult::retry});
  EXPECT_FALSE(may_try_again(watch, policy, moment(1min)));
  watch.decisions.back() = tried({});
  watch.superseded_by = "r2";
  EXPECT_FALSE(may_try_again(watch, policy, moment(1min)));
}

TEST(Attempt, AClockThatWasSetBackDelaysNoAttempt) {
  auto decision = tried({AttemptResult::retry});
  decision.next_attempt_at = moment(31s).wall;
  EXPECT_EQ(left_to_wait(decision, moment(21s).wall), 10s);
  EXPECT_EQ(left_to_wait(decision, moment(40s).wall), 0s);
  EXPECT_EQ(left_to_wait(decision, moment(-2h).wall), 30s) << "no longer than the whole of it";
}

}  // namespace
}  // namespace guard::core
