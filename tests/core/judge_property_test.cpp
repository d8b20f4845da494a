// SPDX-License-Identifier: Apache-2.0
//
// What must hold for every sequence of readings, whatever their order, gaps and policies.
#include "tests/support/builders.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace guard::core {
namespace {

struct AnyReading {
  Duration after{0};
  Outcome outcome = Outcome::ok;
  bool fatal = false;
  bool settling = false;
  bool paused = false;
};
using Readings = std::vector<AnyReading>;

void showValue(const AnyReading& r, std::ostream& out) {
  out << r.after.count() << "ms " << to_string(r.outcome) << (r.fatal ? " fatal" : "")
      << (r.settling ? " settling" : "") << (r.paused ? " paused" : "");
}

rc::Gen<Duration> steps() {
  return rc::gen::map(
      rc::gen::weightedOneOf<int>(
          {{8, rc::gen::just(15'000)}, {3, rc::gen::inRange(1, 30'001)}, {1, rc::gen::inRange(30'001, 900'000)}}),
      [](int ms) { return Duration(ms); });
}

rc::Gen<AnyReading> readings_of(std::vector<Outcome> outcomes) {
  return rc::gen::build<AnyReading>(rc::gen::set(&AnyReading::after, steps()),
                                    rc::gen::set(&AnyReading::outcome, rc::gen::elementOf(std::move(outcomes))));
}

rc::Gen<AnyReading> any_reading() {
  return rc::gen::build<AnyReading>(
      rc::gen::set(&AnyReading::after, steps()),
      rc::gen::set(&AnyReading::outcome,
                   rc::gen::element(Outcome::ok, Outcome::breach, Outcome::no_data, Outcome::error)),
      rc::gen::set(&AnyReading::fatal, rc::gen::weightedElement<bool>({{9, false}, {1, true}})),
      rc::gen::set(&AnyReading::settling, rc::gen::weightedElement<bool>({{9, false}, {1, true}})),
      rc::gen::set(&AnyReading::paused, rc::gen::weightedElement<bool>({{9, false}, {1, true}})));
}

Rule any_rule() {
  auto rule = error_rate();
  rule.breach.sustained = *rc::gen::element(Duration(0s), Duration(15s), Duration(1min));
  if (*rc::gen::arbitrary<bool>()) rule.breach = {0s, *rc::gen::inRange(1, 4), *rc::gen::inRange(4, 7)};
  const auto policy = rc::gen::element(MissingPolicy::hold, MissingPolicy::ignore, MissingPolicy::breach);
  rule.on_no_data = *policy;
  rule.on_error = *policy;
  rule.action = *rc::gen::element(Action::rollback, Action::warn);
  return rule;
}

void play(Judging& judging, const AnyReading& step) {
  auto evaluation = reading(step.outcome, judging.now);
  if (step.fatal && step.outcome == Outcome::breach) evaluation.reason = Reason::fatal_broken;
  judging.context.settling = step.settling;
  judging.context.paused = step.paused;
  judging.read(evaluation, step.after);
}

Judging played(const Rule& rule, const Readings& readings) {
  Judging judging(rule);
  for (const auto& step : readings) play(judging, step);
  return judging;
}

bool counts(const AnyReading& step) {
  return !step.settling && !step.paused;
}

RC_GTEST_PROP(JudgeProperty, WithoutABreachReadingNothingIsBreached, ()) {
  auto rule = any_rule();
  rule.on_no_data = rule.on_error = *rc::gen::element(MissingPolicy::hold, MissingPolicy::ignore);
  Judging judging(rule);
  for (const auto& step : *rc::gen::container<Readings>(readings_of({Outcome::ok, Outcome::no_data, Outcome::error}))) {
    play(judging, step);
    RC_ASSERT(judging.state.verdict != Verdict::breached && judging.state.verdict != Verdict::pending);
    RC_ASSERT(!judging.state.latched);
  }
}

RC_GTEST_PROP(JudgeProperty, AHeldReadingIsNeitherOkNorABreach, ()) {
  auto rule = any_rule();
  rule.on_no_data = rule.on_error = MissingPolicy::hold;
  Judging judging(rule);
  for (const auto& step : *rc::gen::container<Readings>(any_reading())) {
    const bool latched = judging.state.latched;
    play(judging, step);
    if (step.outcome == Outcome::ok || step.outcome == Outcome::breach) continue;
    RC_ASSERT(judging.state.verdict == (latched ? Verdict::breached : Verdict::unknown));
    RC_ASSERT(judging.state.latched == latched);
    RC_ASSERT(!breach_stands(judging.state));
  }
}

RC_GTEST_PROP(JudgeProperty, UnobservedGapsNeverCompleteASustainedBreach, ()) {
  auto rule = any_rule();
  rule.breach = {*rc::gen::element(Duration(1ms), Duration(15s), Duration(1min)), 0, 0};
  Judging judging(rule);
  for (const auto gap : *rc::gen::container<std::vector<int>>(rc::gen::inRange(37'501, 10'000'000))) {
    play(judging, {Duration(gap), Outcome::breach});
    RC_ASSERT(judging.state.verdict == Verdict::pending);
    RC_ASSERT(judging.state.breach_for == Duration{0});
  }
}

RC_GTEST_PROP(JudgeProperty, BreachTimeIsNeverMoreThanWasSeen, ()) {
  Judging judging(any_rule());
  Duration seen{0};
  for (const auto& step : *rc::gen::container<Readings>(any_reading())) {
    play(judging, step);
    seen += step.after <= most_covered(interval) ? step.after : Duration{0};
    RC_ASSERT(judging.state.breach_for <= seen);
    RC_ASSERT(judging.state.ok_for <= seen);
    RC_ASSERT(judging.state.observed <= seen);
  }
}

RC_GTEST_PROP(JudgeProperty, AStateThatWasPutAwayGoesOnAsIfItHadNot, ()) {
  const auto rule = any_rule();
  const auto readings = *rc::gen::container<Readings>(any_reading());
  const auto cut = *rc::gen::inRange<std::size_t>(0, readings.size() + 1);
  const auto middle = readings.begin() + static_cast<std::ptrdiff_t>(cut);
  const auto first = played(rule, Readings(readings.begin(), middle));
  Judging second(rule);
  second.state = first.state;
  second.now = first.now;
  for (auto it = middle; it != readings.end(); ++it) play(second, *it);
  RC_ASSERT(second.state == played(rule, readings).state);
}

RC_GTEST_PROP(JudgeProperty, DuplicateAndLateAnswersChangeNothing, ()) {
  const auto rule = any_rule();
  Judging judging(rule);
  for (const auto& step : *rc::gen::container<Readings>(any_reading())) {
    play(judging, step);
    auto late = step;
    late.outcome = *rc::gen::element(Outcome::ok, Outcome::breach, Outcome::no_data, Outcome::error);
    late.after = -Duration(*rc::gen::inRange(0, 100'000));
    auto repeated = judging;
    play(repeated, late);
    RC_ASSERT(repeated.state == judging.state);
  }
}

RC_GTEST_PROP(JudgeProperty, ADecidedBreachIsNeverErased, ()) {
  Judging judging(any_rule());
  for (const auto& step : *rc::gen::container<Readings>(any_reading())) {
    const bool latched = judging.state.latched;
    play(judging, step);
    if (latched) RC_ASSERT(judging.state.latched && judging.state.verdict == Verdict::breached);
  }
}

RC_GTEST_PROP(JudgeProperty, ABreachStandsOnlyWhereTheLatestReadingIsOne, ()) {
  const auto rule = any_rule();
  Judging judging(rule);
  for (const auto& step : *rc::gen::container<Readings>(any_reading())) {
    play(judging, step);
    if (!breach_stands(judging.state)) continue;
    RC_ASSERT(judging.state.in_breach && judging.state.latched && counts(step));
    RC_ASSERT(step.outcome != Outcome::ok);
  }
}

RC_GTEST_PROP(JudgeProperty, SettlingReadingsNeverCount, ()) {
  const auto rule = any_rule();
  auto settling = *rc::gen::container<Readings>(any_reading());
  for (auto& step : settling) step.settling = true;
  auto with = played(rule, settling);
  Judging without(rule);
  without.now = with.now;
  for (const auto& step : *rc::gen::nonEmpty(rc::gen::container<Readings>(any_reading()))) {
    play(with, step);
    play(without, step);
  }
  with.state.verdict_since = without.state.verdict_since;
  with.state.answered = without.state.answered;
  with.state.unread_for = without.state.unread_for;  // for how long no data came is known all the same
  RC_ASSERT(with.state == without.state);
}

// The readings that a breach policy counts, newest last; one that comes early counts with the one before it.
std::vector<bool> counted_breaches(const Rule& rule, const Readings& readings) {
  std::vector<bool> breaches;
  Duration since_counted{0};
  for (const auto& step : readings) {
    since_counted += step.after;
    if (!counts(step)) {
      breaches.clear();
      continue;
    }
    const auto policy = step.outcome == Outcome::error ? rule.on_error : rule.on_no_data;
    const bool missing = step.outcome == Outcome::error || step.outcome == Outcome::no_data;
    if (missing && policy != MissingPolicy::breach) continue;
    if (!breaches.empty() && since_counted < interval / 2) continue;
    since_counted = Duration{0};
    breaches.push_back(missing || step.outcome == Outcome::breach);
  }
  return breaches;
}

RC_GTEST_PROP(JudgeProperty, CountedBreachesAgreeWithCountingByHand, ()) {
  auto rule = any_rule();
  rule.breach = {0s, *rc::gen::inRange(1, 4), *rc::gen::inRange(4, 7)};
  Readings so_far;
  Judging judging(rule);
  bool decided = false;
  for (auto step : *rc::gen::container<Readings>(any_reading())) {
    step.fatal = false;
    so_far.push_back(step);
    play(judging, step);
    const auto breaches = counted_breaches(rule, so_far);
    const auto window = std::min(breaches.size(), static_cast<std::size_t>(rule.breach.of));
    const auto in_window = std::count(breaches.end() - static_cast<std::ptrdiff_t>(window), breaches.end(), true);
    const bool is_one = !breaches.empty() && breaches.back() && judging.state.in_breach;
    if (is_one) {
      const bool enough = in_window >= rule.breach.count;
      decided = decided || enough;
      RC_ASSERT((judging.state.verdict == Verdict::breached) == (enough || judging.state.latched));
    }
    if (rule.action == Action::rollback) RC_ASSERT(judging.state.latched == decided);
  }
}

// Observed breach time of the streak that the last reading belongs to, summed anew from the whole sequence.
RC_GTEST_PROP(JudgeProperty, SustainedBreachesAgreeWithSummingByHand, ()) {
  auto rule = error_rate();
  rule.breach.sustained = *rc::gen::element(Duration(0s), Duration(15s), Duration(1min));
  Judging judging(rule);
  Duration streak{0};
  bool previous_breach = false;
  bool decided = false;
  for (const auto& step :
       *rc::gen::container<Readings>(readings_of({Outcome::ok, Outcome::breach, Outcome::breach, Outcome::no_data}))) {
    play(judging, step);
    if (step.outcome == Outcome::ok) streak = Duration{0};
    if (step.outcome == Outcome::breach && previous_breach && step.after <= most_covered(interval))
      streak += step.after;
    previous_breach = step.outcome == Outcome::breach;
    decided = decided || (previous_breach && streak >= rule.breach.sustained);
    RC_ASSERT(judging.state.breach_for == streak);
    RC_ASSERT(judging.state.latched == decided);
  }
}

}  // namespace
}  // namespace guard::core
