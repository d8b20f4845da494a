// SPDX-License-Identifier: Apache-2.0
//
// The table of ARCHITECTURE.md is the phase machine, move for move, and what is not in it is refused in words.
#include "guard/core/phase_machine.hpp"

#include "guard/base/file.hpp"

#include <set>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::core {
namespace {

std::string row(const Transition& move) {
  return fmt::format("| {} | {} | {} |", to_string(move.from), to_string(move.event), to_string(move.to));
}

std::vector<std::string> rows_of_the_page() {
  const auto page = read_file(std::filesystem::path(SOURCE_DIR) / "ARCHITECTURE.md").value();
  const std::string begin = "<!-- transitions -->\n";
  const auto from = page.find(begin) + begin.size();
  std::istringstream lines(page.substr(from, page.find("<!-- /transitions -->") - from));
  std::vector<std::string> rows;
  for (std::string line; std::getline(lines, line);) rows.push_back(line);
  return {rows.begin() + 2, rows.end()};  // without the head
}

template <class T>
std::vector<T> all() {
  std::vector<T> out;
  for (const auto& [value, name] : EnumNames<T>::table) out.push_back(value);
  return out;
}

bool is_legal(Phase phase, Event event) {
  return std::any_of(transitions().begin(), transitions().end(),
                     [&](const auto& move) { return move.from == phase && move.event == event; });
}

TEST(PhaseMachine, IsTheTableOfTheArchitecturePage) {
  std::vector<std::string> rows;
  for (const auto& move : transitions()) rows.push_back(row(move));
  EXPECT_EQ(rows_of_the_page(), rows);
}

TEST(PhaseMachine, HasOneAnswerForEachPhaseAndEvent) {
  std::set<std::pair<Phase, Event>> seen;
  for (const auto& move : transitions()) {
    EXPECT_TRUE(seen.emplace(move.from, move.event).second) << row(move);
    EXPECT_EQ(next_phase(move.from, move.event), move.to) << row(move);
  }
}

TEST(PhaseMachine, RefusesEveryOtherMoveAndSaysWhereItWouldBePossible) {
  for (const auto phase : all<Phase>())
    for (const auto event : all<Event>()) {
      if (is_legal(phase, event)) continue;
      const auto refused = next_phase(phase, event);
      ASSERT_FALSE(refused) << to_string(phase) << " " << to_string(event);
      EXPECT_THAT(refused.error(),
                  testing::StartsWith(fmt::format("the release is {}, where \"{}\" is not possible; it is possible "
                                                  "while ",
                                                  in_words(phase), in_words(event))));
    }
}

TEST(PhaseMachine, ARefusalNamesThePhasesOnce) {
  EXPECT_EQ(next_phase(Phase::passed, Event::approve).error(),
            "the release is passed, where \"approve\" is not possible; it is possible while awaiting approval");
  EXPECT_EQ(next_phase(Phase::deploying, Event::pause).error(),
            "the release is deploying, where \"pause\" is not possible; it is possible while settling, watching");
}

TEST(PhaseMachine, EveryPhaseCanBeReachedAndOnlyFinalOnesCanBeTheLast) {
  std::set<Phase> reached{Phase::deploying};
  for (const auto& move : transitions()) reached.insert(move.to);
  for (const auto phase : all<Phase>()) {
    EXPECT_TRUE(reached.contains(phase)) << to_string(phase);
    const bool goes_on = std::any_of(transitions().begin(), transitions().end(),
                                     [&](const auto& move) { return move.from == phase && move.to != phase; });
    EXPECT_TRUE(goes_on || is_final(phase)) << to_string(phase);
  }
}

// No event of the guard's own may move a release that is over: what follows then is a person's word.
TEST(PhaseMachine, OnlyAPersonsOrderLeavesAFinalPhase) {
  for (const auto& move : transitions())
    EXPECT_TRUE(!is_final(move.from) || move.event == Event::order_rollback || move.event == Event::abort) << row(move);
}

TEST(PhaseMachine, ARolledBackReleaseIsNeverRolledBackAgain) {
  EXPECT_FALSE(next_phase(Phase::rolled_back, Event::order_rollback));
}

}  // namespace
}  // namespace guard::core
