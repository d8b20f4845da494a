// SPDX-License-Identifier: Apache-2.0
#include "guard/core/judge.hpp"

#include "guard/core/count.hpp"
#include "guard/core/incident.hpp"
#include "guard/core/share.hpp"
#include "guard/core/share_bounds.hpp"

#include <algorithm>
#include <utility>

namespace guard::core {
namespace {

// An evaluation that is counted, and the time it stands for.
struct TimedEvaluation {
  const Evaluation& evaluation;
  const JudgeContext& context;
  Duration covered{0};
};

struct Conclusion {
  Verdict verdict;
  Reason reason;
};

// The time since the last reading that this one covers. Unobserved time never counts, neither for a breach nor as
// evidence of health; but of events that counters tell of, none is unobserved.
Duration covered(const Rule& rule, const RuleState& state, const Evaluation& evaluation, Duration interval) {
  const bool after_unjudged = state.reason == Reason::settling || state.reason == Reason::not_serving ||
                              state.reason == Reason::paused || state.reason == Reason::before_live;
  if (!state.last || after_unjudged) return Duration{0};
  if (is_counted(rule.kind) && state.answered) return evaluation.at.mono - state.answered->mono;
  const auto gap = evaluation.at.mono - state.last->at.mono;
  return gap <= most_covered(interval) ? gap : Duration{0};
}

bool is_news(const RuleState& state, Conclusion conclusion) {
  if (conclusion.verdict != state.verdict) return true;
  return conclusion.verdict == Verdict::unknown && conclusion.reason != state.reason;
}

void conclude(RuleState& state, Conclusion conclusion, WallTime now) {
  if (is_news(state, conclusion) || state.verdict_since == WallTime{}) state.verdict_since = now;
  state.verdict = conclusion.verdict;
  state.reason = conclusion.reason;
}

bool readable(const Evaluation& evaluation) {
  return evaluation.outcome == Outcome::ok || evaluation.outcome == Outcome::breach;
}

// A breach cannot be told from an old one while the time before the release is unknown.
Evaluation with_past_known(const Rule& rule, const RuleState& state, Evaluation evaluation) {
  const bool unknown = is_measured(rule.kind) && rule.preexisting == Preexisting::warn && !state.past.known;
  if (!unknown || evaluation.outcome != Outcome::breach) return evaluation;
  evaluation.outcome = Outcome::error;
  evaluation.reason = Reason::past_unknown;
  evaluation.detail += "; the time before the release could not be read yet";
  return evaluation;
}

// Between two scrapes a server repeats the same sample: one bad sample read three times is one breach, not three. What
// is older by more than a sample may be comes from a clock that was set back, and is new.
bool shows_new_sample(const Rule& rule, RuleState& state, const Evaluation& evaluation) {
  if (!evaluation.sampled_at) return true;
  const auto newer_by = *evaluation.sampled_at - state.counted_sample.value_or(WallTime{});
  if (newer_by <= Duration{0} && newer_by >= -rule.max_age) return false;
  state.counted_sample = evaluation.sampled_at;
  return true;
}

// Where samples are not known, a reading that a wake-up brought forward counts together with the one before it.
void remember(const Rule& rule, RuleState& state, const TimedEvaluation& reading, bool breach) {
  const auto at = reading.evaluation.at.mono;
  const bool early = state.counted_at && at - *state.counted_at < reading.context.interval / 2;
  if (rule.breach.of <= 0 || (early && !reading.evaluation.sampled_at)) return;
  state.counted_at = at;
  state.recent.push_back(breach);
  while (state.recent.size() > static_cast<std::size_t>(rule.breach.of)) state.recent.pop_front();
}

// Of few events a minute without a failure is no sign that an old incident is over.
bool is_surely_better(const Rule& rule, const RuleState& state) {
  if (!is_counted(rule.kind) || !state.share || !state.past.value) return true;
  if (rule.kind == RuleKind::count) return is_surely_kept(rule, *state.share);
  const auto half = *state.past.value / 2;
  return hidden_share(last_minute(*state.share)) < half || hidden_share(state.share->events) < half;
}

Conclusion on_ok(const Rule& rule, RuleState& state, const TimedEvaluation& reading) {
  const bool was_ok = state.last && state.last->outcome == Outcome::ok;
  state.ok_for = was_ok ? state.ok_for + reading.covered : Duration{0};
  state.observed += reading.covered;
  state.breach_for = state.repeated_for = Duration{0};
  const bool ends_breach = state.verdict == Verdict::breached;
  state.in_breach = state.standing = false;
  if (shows_new_sample(rule, state, reading.evaluation)) remember(rule, state, reading, false);
  if (state.ok_for >= recovery_time(rule, reading.context.interval) && is_surely_better(rule, state))
    state.past.breached = false;
  if (state.latched) return {Verdict::breached, state.reason};
  return {Verdict::ok, ends_breach ? Reason::recovered : Reason::objective_met};
}

bool is_by_evidence(Reason reason) {
  return reason == Reason::share_broken || reason == Reason::count_broken;
}

std::optional<Reason> decided(const Rule& rule, const RuleState& state, Reason reading) {
  if (reading == Reason::fatal_broken || is_by_evidence(reading)) return reading;
  if (reading == Reason::objective_broken && is_counted(rule.kind)) return std::nullopt;
  if (rule.breach.count > 0) {
    const auto count = std::count(state.recent.begin(), state.recent.end(), true);
    return count >= rule.breach.count ? std::optional(Reason::breach_counted) : std::nullopt;
  }
  if (state.breach_for < rule.breach.sustained) return std::nullopt;
  const bool posted = rule.kind == RuleKind::signal && reading != Reason::signal_missing;
  return posted ? Reason::signal_failed : Reason::breach_sustained;
}

// An old breach is not the release's until it has ended or become clearly worse.
bool is_old_breach(const Rule& rule, RuleState& state, const Evaluation& evaluation) {
  auto& past = state.past;
  if (!past.breached || rule.preexisting == Preexisting::rollback) return false;
  // Values that broke the objective before and data that is missing now (or the other way round) are two breaches, and
  // the one says nothing about the other.
  if (past.value.has_value() != evaluation.value.has_value()) return false;
  if (is_counted(rule.kind)) {
    past.breached = !is_by_evidence(evaluation.reason);
    return past.breached;
  }
  const bool worse = past.value && clearly_worse(rule.objective.comparison, *evaluation.value, *past.value);
  past.breached = !worse;
  return !worse;
}

Conclusion on_breach(const Rule& rule, RuleState& state, const TimedEvaluation& reading) {
  state.ok_for = Duration{0};
  state.observed += reading.covered;
  if (is_old_breach(rule, state, reading.evaluation)) {
    state.in_breach = state.standing = false;
    state.breach_for = state.repeated_for = Duration{0};
    if (state.latched) return {Verdict::breached, state.reason};
    return {Verdict::unknown, Reason::preexisting};
  }
  if (state.in_breach) state.repeated_for += reading.covered;
  state.in_breach = true;
  if (shows_new_sample(rule, state, reading.evaluation)) {
    state.breach_for += std::exchange(state.repeated_for, Duration{0});
    remember(rule, state, reading, true);
  }
  const auto reason = decided(rule, state, reading.evaluation.reason);
  // A streak that was long enough once stands until it is broken, also where a fatal reading began it.
  state.standing = state.standing || reason.has_value();
  const bool latches = rule.action != Action::warn && !reading.context.verifying && !reading.context.answered;
  state.latched = state.latched || (state.standing && latches);
  if (reason) return {Verdict::breached, *reason};
  if (state.latched || state.standing) return {Verdict::breached, state.reason};
  return {Verdict::pending, Reason::breach_pending};
}

MissingPolicy missing_policy(const Rule& rule, const Evaluation& evaluation) {
  const bool too_few = evaluation.reason == Reason::too_few_events || evaluation.reason == Reason::low_traffic;
  if (too_few && rule.on_too_few) return *rule.on_too_few;
  return evaluation.outcome == Outcome::error ? rule.on_error : rule.on_no_data;
}

// Nothing could be judged: `hold` freezes what was counted, so that missing data neither makes nor ends a breach.
Conclusion on_missing(const Rule& rule, RuleState& state, const TimedEvaluation& reading) {
  const auto policy = missing_policy(rule, reading.evaluation);
  if (policy == MissingPolicy::breach) return on_breach(rule, state, reading);
  state.in_breach = state.standing = false;
  state.ok_for = Duration{0};
  if (policy == MissingPolicy::ignore) state.ignored += reading.covered;
  // What was counted is known, however little it is.
  if (policy == MissingPolicy::hold && reading.evaluation.reason == Reason::too_few_events)
    state.observed += reading.covered;
  if (state.latched) return {Verdict::breached, state.reason};
  return {Verdict::unknown, policy == MissingPolicy::ignore ? Reason::ignored : Reason::held};
}

Duration since_last(const RuleState& state, const Evaluation& evaluation) {
  return state.last ? evaluation.at.mono - state.last->at.mono : Duration{0};
}

// True where no samples came, be it that the server was away or the series were.
bool vanished(const Evaluation& evaluation) {
  return evaluation.reason == Reason::empty_result || evaluation.reason == Reason::stale_sample ||
         evaluation.reason == Reason::query_failed;
}

// For how long an expression tells less than there is, now that samples come again. Where none came for as long as it
// looks back, a rate climbs from nothing until its range is filled. After a shorter gap it is too small for as long as
// the far end of its range lies in the gap, and never too large; the first new sample may come some readings later.
Duration to_warm_up(const Rule& rule, const RuleState& state, const JudgeContext& context) {
  if (context.range <= Duration{0}) return Duration{0};
  if (state.unread_for >= context.range) return context.range;
  const auto comparison = rule.objective.comparison;
  const bool too_little_breaks = comparison != model::Comparison::less && comparison != model::Comparison::less_equal;
  const auto excusable = most_covered(context.interval);
  return too_little_breaks && state.unread_for > excusable ? context.range + excusable : Duration{0};
}

void note_missing_time(const Rule& rule, RuleState& state, const Evaluation& evaluation, const JudgeContext& context) {
  const auto passed = since_last(state, evaluation);
  if (vanished(evaluation)) {
    state.unread_for += passed;
    return;
  }
  state.warm_up = std::max(to_warm_up(rule, state, context), state.warm_up - passed);
  state.unread_for = Duration{0};
}

// A breach read while the range is not filled yet: it neither counts nor ends anything.
Conclusion on_warm_up(RuleState& state) {
  state.in_breach = state.standing = false;
  state.ok_for = Duration{0};
  if (state.latched) return {Verdict::breached, state.reason};
  return {Verdict::unknown, Reason::warming_up};
}

Conclusion counted(const Rule& rule, RuleState& state, const Evaluation& evaluation, const JudgeContext& context) {
  const TimedEvaluation reading{evaluation, context, covered(rule, state, evaluation, context.interval)};
  if (!readable(evaluation)) return on_missing(rule, state, reading);
  if (evaluation.outcome == Outcome::breach && state.warm_up > Duration{0}) return on_warm_up(state);
  return evaluation.outcome == Outcome::ok ? on_ok(rule, state, reading) : on_breach(rule, state, reading);
}

// True if the reading tells how the rule stands, as far as the rule wants to know: too little traffic and a signal that
// nobody has posted yet are answers, and so is missing data that is passed over or taken for a breach.
bool tells(const Rule& rule, const Evaluation& evaluation) {
  if (readable(evaluation)) return true;
  if (evaluation.reason == Reason::low_traffic || evaluation.reason == Reason::too_few_events ||
      evaluation.reason == Reason::signal_missing)
    return true;
  return missing_policy(rule, evaluation) != MissingPolicy::hold;
}

// Why the reading says nothing of the release, or nothing.
std::optional<Reason> why_uncounted(const Rule& rule, const Evaluation& evaluation, const JudgeContext& context) {
  const bool posted = rule.kind == RuleKind::signal && evaluation.reason != Reason::signal_missing;
  if (context.paused) return Reason::paused;
  if (context.awaits_serving && !posted) return Reason::not_serving;
  if (context.settling && !posted) return Reason::settling;
  if (evaluation.reason == Reason::before_live) return Reason::before_live;
  return std::nullopt;
}

Conclusion uncounted(RuleState& state, Reason why) {
  forget_streaks(state);
  if (state.latched) return {Verdict::breached, state.reason};
  return {Verdict::unknown, why};
}

}  // namespace

RuleState judge(const Rule& rule, RuleState state, const Evaluation& evaluation, const JudgeContext& context) {
  if (state.last && evaluation.at.mono <= state.last->at.mono) return state;
  const auto why_not = why_uncounted(rule, evaluation, context);
  note_missing_time(rule, state, evaluation, context);
  // No policy speaks of it: nothing is missing, it is only too early.
  if (why_not == Reason::before_live) state.ignored += std::min(since_last(state, evaluation), context.interval);
  const auto reading = why_not ? evaluation : with_past_known(rule, state, evaluation);
  const auto conclusion = why_not ? uncounted(state, *why_not) : counted(rule, state, reading, context);
  conclude(state, conclusion, reading.at.wall);
  if (why_not == Reason::before_live || (!why_not && tells(rule, reading))) state.read = reading.at;
  if (evaluation.reason != Reason::query_failed) state.answered = evaluation.at;
  state.last = reading;
  return state;
}

void forget_streaks(RuleState& state) {
  state.breach_for = state.repeated_for = state.ok_for = Duration{0};
  state.in_breach = state.standing = false;
  state.recent.clear();
  state.counted_at.reset();
  if (state.share) forget_evidence(*state.share);
}

void latch_what_is_over(const Rule& rule, RuleState& state, Instant now) {
  const bool unknown = rule.preexisting == Preexisting::warn && !state.past.known;
  if (rule.action == Action::warn || state.latched || unknown) return;
  state.latched = true;
  state.in_breach = state.standing = false;
  const auto reason = rule.kind == RuleKind::count ? Reason::count_broken : Reason::share_broken;
  conclude(state, {Verdict::breached, reason}, now.wall);
}

Duration most_covered(Duration interval) {
  return 5 * interval / 2;
}

bool differs(const RuleState& before, const RuleState& after) {
  const bool known =
      after.reason == Reason::settling || after.reason == Reason::not_serving || after.reason == Reason::paused;
  return after.verdict != before.verdict || (!known && is_news(before, {after.verdict, after.reason}));
}

bool breach_stands(const RuleState& state) {
  return state.latched && state.standing;
}

Duration recovery_time(const Rule& rule, Duration interval) {
  return rule.breach.count > 0 ? (rule.breach.of - rule.breach.count) * interval : rule.breach.sustained;
}

RuleState fresh_for_verification(const Rule& rule, const RuleState& state, WallTime now) {
  RuleState fresh;
  if (rule.kind == RuleKind::signal) conclude(fresh, {Verdict::unknown, Reason::signal_of_release}, now);
  fresh.past = {true, state.past.breached, state.past.value, 0};
  fresh.baseline = state.baseline;
  if (state.share) {
    fresh.share.emplace();
    fresh.share->bets.bound = state.share->bets.bound;
    fresh.share->bets.noise = state.share->bets.noise;
    fresh.share->clump = state.share->clump;
  }
  fresh.baseline_problem = state.baseline_problem;
  fresh.baseline_reads = state.baseline_reads;
  fresh.baseline_asked = state.baseline_asked;
  return fresh;
}

}  // namespace guard::core
