// SPDX-License-Identifier: Apache-2.0
#include "guard/core/missed.hpp"

#include "guard/core/before_release.hpp"
#include "guard/core/remedy.hpp"

#include <algorithm>

namespace guard::core {
namespace {

bool makes_up(const Watch& watch, const Rule& rule) {
  const bool reads =
      watch.phase == Phase::settling || watch.phase == Phase::watching || watch.phase == Phase::verifying;
  return reads && !watch.paused && !watch.awaits_serving() && rule.kind == RuleKind::expr;
}

// How long no answer came. Without any so far, the time in which one would have counted.
Duration without_answer(const Watch& watch, const RuleState& state, Instant now) {
  const auto counting = watch.clock.age(now) - counts_from(watch);
  return state.answered ? std::min(counting, now.mono - state.answered->mono) : counting;
}

std::vector<Sample> at_moment(const Moments& moments, WallTime at) {
  const auto it = moments.find(at);
  return it == moments.end() ? std::vector<Sample>{} : it->second;
}

bool tells_own(const std::vector<Sample>& samples, const Subject& subject) {
  return std::any_of(samples.begin(), samples.end(),
                     [&](const Sample& sample) { return belongs_to(sample.labels, subject); });
}

// Of a moment without samples nobody knows whether the service was away or the server.
bool has_no_samples(const Evaluation& reading) {
  return reading.reason == Reason::empty_result || reading.reason == Reason::stale_sample;
}

Evaluation unseen(Instant at) {
  return {Outcome::error, Reason::query_failed, std::nullopt, std::nullopt, "there are no samples of that time", at};
}

// Baselines that move with the time.
class MovingBaselines {
 public:
  MovingBaselines(const Rule& rule, const OffsetAnswers& told) : rule_(rule), told_(told) {
    for (const auto& [place, points] : told) moments_[place] = by_moment(points);
  }

  // They are read at each moment anew. `answer` has what is known of the one `over`.
  void set(ExprAnswer& answer, const BaselineReading& over, const Subject& subject, WallTime at) const {
    if (told_.empty()) return;
    OffsetAnswers then;
    for (const auto& [place, points] : told_)
      then[place] = points ? at_moment(moments_.at(place), at - rule_.baselines[place].offset) : points;
    auto reading = first_baseline(rule_, subject, then, over);
    answer.baseline = reading.value;
    answer.baseline_problem = reading.value ? std::nullopt : std::move(reading.problem);
  }

 private:
  const Rule& rule_;
  const OffsetAnswers& told_;
  std::map<std::size_t, Moments> moments_;
};

// As the rule stood when the source last answered: what failed since is made up for.
void rewind(RuleState& state) {
  if (!state.last) return;
  const auto failing = state.answered ? state.last->at.mono - state.answered->mono : Duration::max();
  if (failing <= Duration{0}) return;
  state.unread_for -= std::min(state.unread_for, failing);
  if (state.answered)
    state.last->at = *state.answered;
  else
    state.last.reset();
}

// A server that was away repeats the last sample it has for minutes: of that time it knows nothing.
bool repeats_old_sample(const std::optional<WallTime>& newest, const Evaluation& reading, Duration interval) {
  if (!reading.sampled_at || !newest || *reading.sampled_at > *newest) return false;
  return reading.at.wall - *reading.sampled_at > most_covered(interval);
}

// Unseen time makes no breach and ends none, is no evidence, and follows no policy: nobody asked then.
void leave_unseen(RuleState& state, const Evaluation& reading) {
  if (state.last) state.unread_for += reading.at.mono - state.last->at.mono;
  state.in_breach = state.standing = false;
  state.ok_for = Duration{0};
  if (!state.latched) {
    state.verdict = Verdict::unknown;
    state.reason = Reason::held;
  }
  state.last = reading;
  state.answered = reading.at;
}

}  // namespace

void pass_over(Watch& watch, Instant now) {
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    auto& state = watch.rules[i];
    state.answered = now;
    if (!is_counted(watch.group->rules[i].kind)) continue;
    // Also where nothing was counted yet, because the source did not answer.
    if (!state.share) state.share.emplace();
    state.share->passed_over = watch.clock.age(now);
  }
}

std::optional<MissedSpan> missed_span(const Watch& watch, std::size_t index, Instant now) {
  const auto interval = watch.group->interval;
  if (!makes_up(watch, watch.group->rules[index])) return std::nullopt;
  const auto gap = without_answer(watch, watch.rules[index], now);
  if (gap <= most_covered(interval)) return std::nullopt;
  // On the grid: some servers move a range there by themselves.
  auto last = now + -(interval / 2 + (now.wall - interval / 2).time_since_epoch() % interval);
  const auto over = watch.clock.age(now) - (now.mono - last.mono) - counts_until(watch);
  if (over > Duration{0}) last = last + -interval * (over / interval);
  // The first lies half an interval after the last answer, or more.
  const auto room = gap - (now.mono - last.mono) - interval / 2;
  if (room <= Duration{0}) return std::nullopt;
  const auto more = std::min<Duration::rep>((room - Duration{1}) / interval, most_missed - 1);
  return MissedSpan{last + -interval * more, last};
}

std::vector<Evaluation> evaluate_missed(const Watch& watch, std::size_t index, const MissedSpan& span,
                                        const MissedAnswer& missed) {
  const auto& rule = watch.group->rules[index];
  const auto subject = watch.subject(span.last);
  auto newest = watch.rules[index].counted_sample;
  std::vector<Evaluation> out;
  if (!missed.points || (missed.condition && !*missed.condition) || (missed.ages && !*missed.ages)) return out;
  const auto values = by_moment(*missed.points);
  const auto conditions = missed.condition ? by_moment(*missed.condition) : Moments{};
  const auto ages = missed.ages ? by_moment(*missed.ages) : Moments{};
  const MovingBaselines baselines(rule, missed.baselines);
  const auto& state = watch.rules[index];
  for (auto at = span.first; at.wall <= span.last.wall; at = at + watch.group->interval) {
    auto answer = missed.present;
    answer.value = at_moment(values, at.wall);
    if (missed.condition) answer.condition = at_moment(conditions, at.wall);
    if (missed.ages) answer.sample_age = at_moment(ages, at.wall);
    baselines.set(answer, {state.baseline, state.baseline_problem}, subject, at.wall);
    answer.provenance = missed.provenance(at);
    const bool told = !answer.value->empty() && (!missed.ages || tells_own(**answer.sample_age, subject));
    auto reading = told ? evaluate_expr(rule, subject, answer, at) : unseen(at);
    if (has_no_samples(reading) || repeats_old_sample(newest, reading, watch.group->interval)) reading = unseen(at);
    newest = std::max(newest, reading.sampled_at);
    out.push_back(std::move(reading));
  }
  return out;
}

bool is_unseen(const Evaluation& reading) {
  return reading.reason == Reason::query_failed;
}

bool is_told_to_its_end(const Watch& watch, const RuleState& state, Instant now) {
  if ((watch.phase != Phase::settling && watch.phase != Phase::watching) || !state.last) return false;
  const auto age = watch.clock.age(now) - (now.mono - state.last->at.mono);
  return age >= watch.group->window && state.verdict == Verdict::ok;
}

namespace {

// Whether a call could still help is told by the time of the reading, not by that of the question.
JudgeContext as_of(const Evaluation& reading, const Watch& watch, std::size_t index, JudgeContext context) {
  context.answered = !is_kept(watch, index, reading.at);
  return context;
}

}  // namespace

RuleState judge_missed(const Watch& watch, std::size_t index, const std::vector<Evaluation>& readings,
                       const JudgeContext& context) {
  auto state = watch.rules[index];
  rewind(state);
  for (const auto& reading : readings) {
    if (is_unseen(reading))
      leave_unseen(state, reading);
    else
      state = judge(watch.group->rules[index], std::move(state), reading, as_of(reading, watch, index, context));
  }
  return state;
}

}  // namespace guard::core
