// SPDX-License-Identifier: Apache-2.0
#include "guard/core/round.hpp"

#include "guard/core/before_release.hpp"
#include "guard/core/blindness.hpp"
#include "guard/core/control.hpp"
#include "guard/core/count_before.hpp"
#include "guard/core/remedy.hpp"
#include "guard/core/serving.hpp"
#include "guard/core/share_before.hpp"
#include "guard/core/stillness.hpp"
#include "guard/core/within.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::core {
namespace {

// After a rollback the release is the version that came back. What its ranges still hold of the one before may keep it
// from being well, but only what is wholly of the time before says nothing.
std::optional<Provenance> provenance(const Watch& watch, const promql::Reach& reach, Instant at) {
  if (!watch.live_at || watch.is_settling(at)) return std::nullopt;
  const bool back = watch.phase == Phase::verifying;
  const auto began = watch.serving.seen_at.value_or(back ? watch.phase_since : *watch.live_at);
  const auto age = watch.clock.age(at) - watch.serving.since.value_or(back ? watch.phase_began : Duration{0});
  // A wall clock that was set back must not make the guard blind.
  return Provenance{std::max(age, at.wall - began), back ? reach.offset : reach.start};
}

promql::Reach reach_of(const Questions& asked, std::size_t index) {
  const auto known = asked.reaches.find(index);
  return known == asked.reaches.end() ? promql::Reach{} : known->second;
}

Evaluation refused(const std::string& why, Instant at) {
  return {Outcome::error, Reason::template_refused, std::nullopt, std::nullopt, why, at};
}

// One rule of a watch that is read, at one instant.
class RuleReading {
 public:
  RuleReading(Watch& watch, std::size_t index, const Answers& answers)
      : watch_(watch),
        index_(index),
        rule_(watch.group->rules[index]),
        state_(watch.rules[index]),
        answers_(answers),
        at_(answers.asked.at),
        subject_(watch.subject(at_)),
        reach_(reach_of(answers.asked, index)) {
    if (const auto mine = answers.rules.find(index); mine != answers.rules.end()) mine_ = &mine->second;
  }

  // Judges what was missed, then the present.
  void judge(Reading& out) {
    const bool known = state_.latched || (rule_.remedy && state_.verdict == Verdict::breached);
    const auto evaluation = evaluate();
    const auto missed = missed_readings();
    const bool made_up = !missed.empty() || makes_up_events();
    JudgeContext context{watch_.group->interval,
                         false,
                         watch_.paused,
                         watch_.phase == Phase::verifying,
                         reach_.start - reach_.offset,
                         watch_.awaits_serving(),
                         !is_kept(watch_, index_, at_)};
    if (!missed.empty()) state_ = judge_missed(watch_, index_, missed, context);
    take_note(missed, evaluation, out);
    if (rule_.expr) {
      for (const auto& reading : missed) follow_value(state_, reading);
      follow_value(state_, evaluation);
    }
    if (!missed.empty() && is_told_to_its_end(watch_, state_, at_)) return;
    context.settling = watch_.is_settling(at_);
    out.outcomes.push_back(evaluation.outcome);
    state_ = core::judge(rule_, std::move(state_), evaluation, context);
    // What was found afterwards is not acted on before the next reading: until then other services are made up for too,
    // and a cause that they share shows. Once only: a source that fails again and again must not put it off for ever.
    if ((made_up || lacks_control()) && !known) state_.standing = false;
    if (came_and_went_ && !context.verifying && !context.answered) latch_what_is_over(rule_, state_, at_);
  }

 private:
  Evaluation evaluate() {
    switch (rule_.kind) {
      case RuleKind::expr:
        return evaluate_expr_rule();
      case RuleKind::share:
        return evaluate_share_rule();
      case RuleKind::count:
        return evaluate_count_rule();
      case RuleKind::alerts:
        return evaluate_alerts(rule_, subject_, {answers_.alerts, watch_.switch_began}, at_);
      case RuleKind::signal: {
        const auto signal = watch_.signals.find(rule_.signal);
        return evaluate_signal(rule_, signal == watch_.signals.end() ? std::nullopt : std::optional(signal->second),
                               at_);
      }
    }
    return refused("an unknown kind of rule", at_);
  }

  Evaluation evaluate_expr_rule() {
    if (const auto no = answers_.asked.refused.find(index_); no != answers_.asked.refused.end())
      return refused(no->second, at_);
    keep_baseline();
    keep_past();
    keep_bounds();
    if (state_.blindness && mine_->now.value && !mine_->now.value->empty())
      return {Outcome::error, Reason::blind, std::nullopt, std::nullopt, *state_.blindness, at_};
    auto answer = present();
    answer.provenance = provenance(watch_, reach_, at_);
    auto reading = evaluate_expr(rule_, subject_, answer, at_);
    keep_shared_cause_of(reading);
    return reading;
  }

  Evaluation evaluate_share_rule() {
    if (const auto no = answers_.asked.refused.find(index_); no != answers_.asked.refused.end())
      return refused(no->second, at_);
    if (auto why = lacks_native())
      return {Outcome::error, Reason::blind, std::nullopt, std::nullopt, std::move(*why), at_};
    keep_share_before();
    auto reading = evaluate_share(watch_, index_, mine_->share, at_);
    state_.share = std::move(reading.state);
    came_and_went_ = reading.came_and_went;
    keep_shared_cause();
    return std::move(reading.evaluation);
  }

  Evaluation evaluate_count_rule() {
    if (const auto no = answers_.asked.refused.find(index_); no != answers_.asked.refused.end())
      return refused(no->second, at_);
    // As for keep_past: while nothing can be read, the past is not given up.
    if (mine_->count_before && (mine_->count_before->events || mine_->count.events))
      read_count_before({rule_, *watch_.group, before(), watch_.switch_began}, *mine_->count_before, state_);
    auto reading = evaluate_count(watch_, index_, mine_->count, at_);
    state_.share = std::move(reading.state);
    came_and_went_ = reading.came_and_went;
    return std::move(reading.evaluation);
  }

  Subject before() const { return subject_before(subject_, watch_.group->window); }

  // Of `over`: read once, as the time before does not change.
  void keep_baseline() {
    if (!mine_->baseline) return;
    const auto reading = read_baseline(rule_, before(), *mine_->baseline);
    state_.baseline = reading.value;
    state_.baseline_problem = reading.problem;
    state_.baseline_asked = at_.wall;
    if (!reading.value) ++state_.baseline_reads;
  }

  void keep_share_before() {
    if (!mine_->share_before) return;
    // As for keep_past: while nothing can be read, the past is not given up.
    if (!mine_->share_before->total && !mine_->share.total) return;
    read_share_before(rule_, *watch_.group, before(), *mine_->share_before, state_);
  }

  // Where a rule on a native histogram sees nothing, why: the server may have a classic one of that name.
  std::optional<std::string> lacks_native() {
    if (!rule_.share->within || state_.bounds_known || !mine_->share.total) return std::nullopt;
    state_.bounds_known =
        std::ranges::any_of(*mine_->share.total, [](const Sample& s) { return s.histogram != nullptr; });
    if (!mine_->share.total->empty() || !mine_->bounds || !*mine_->bounds) return std::nullopt;
    auto why = classic_instead(rule_.share->total->render(subject_).value_or(""), **mine_->bounds);
    return why ? std::optional(fmt::format("{}; {}", why->message, why->fix)) : std::nullopt;
  }

  // One reading of the control that fails must not make the guard act on what a person is asked about.
  void keep_shared_cause() {
    if (!asks_control(watch_, index_))
      state_.shared_cause.reset();
    else if (auto told = shared_cause(watch_, index_, mine_->control, at_))
      state_.shared_cause = std::move(told->shared_cause);
  }

  // Of an expression whose reading this is; what is not in breach tells nothing of others.
  void keep_shared_cause_of(const Evaluation& reading) {
    const bool breaks = reading.outcome == Outcome::breach;
    const bool concerned = watch_.phase != Phase::verifying && (breaks || state_.in_breach || state_.latched);
    if (!concerned) return state_.shared_cause.reset();
    if (!breaks) return;
    auto told = shared_by_versions(rule_, subject_, mine_->now.value, reading);
    if (rule_.control && (!told || !told->shared_cause))
      if (auto by_control = shared_value(watch_, index_, mine_->control, reading, at_)) told = std::move(by_control);
    if (told) state_.shared_cause = std::move(told->shared_cause);
  }

  // It was not on its way to a breach yet when this round was asked.
  bool lacks_control() const { return control_of(rule_) != nullptr && !mine_->control.total; }

  // Its counters tell of a time in which nobody asked.
  bool makes_up_events() const {
    return is_counted(rule_.kind) && state_.answered &&
           at_.mono - state_.answered->mono > most_covered(watch_.group->interval);
  }

  void keep_bounds() {
    if (!mine_->bounds || !*mine_->bounds || (*mine_->bounds)->empty()) return;
    state_.bounds_known = true;
    const auto expr = rule_.expr->render(subject_);
    const auto why = blindness(rule_, expr.value_or(""), **mine_->bounds);
    state_.blindness = why ? std::optional(fmt::format("{}; {}", why->message, why->fix)) : std::nullopt;
  }

  void keep_past() {
    if (!mine_->before) return;
    // While nothing at all can be read, there is no breach to tell from an old one, and no reason to give the past up.
    if (!mine_->before->points && !mine_->now.value) return;
    auto answer = *mine_->before;
    answer.baseline = state_.baseline;
    state_.past = read_past(rule_, before(), answer, state_.past);
    follow_values_before(state_, evaluate_moments(rule_, before(), answer));
  }

  // What the rule was told of now, with its baseline.
  ExprAnswer present() const {
    auto answer = mine_->now;
    auto reading = first_baseline(rule_, subject_, mine_->baselines, {state_.baseline, state_.baseline_problem});
    answer.baseline = reading.value;
    if (reading.problem) answer.baseline_problem = std::move(reading.problem);
    return answer;
  }

  // The readings that were missed, as far as the source tells of them now.
  std::vector<Evaluation> missed_readings() const {
    const auto span = answers_.asked.missed.find(index_);
    if (watch_.paused || span == answers_.asked.missed.end() || !mine_->missed) return {};
    auto missed = *mine_->missed;
    missed.present = present();
    missed.provenance = [this](Instant then) { return provenance(watch_, reach_, then); };
    return evaluate_missed(watch_, index_, span->second, missed);
  }

  void take_note(const std::vector<Evaluation>& missed, const Evaluation& present, Reading& out) const {
    MadeUp made_up{rule_.slo, missed.size(), 0, 0};
    for (const auto& reading : missed) {
      if (reading.outcome == Outcome::breach) ++made_up.broken;
      if (is_unseen(reading))
        ++made_up.unseen;
      else
        out.outcomes.push_back(reading.outcome);
    }
    const bool in_vain =
        missed.empty() && answers_.asked.missed.contains(index_) && present.reason != Reason::query_failed;
    if (!missed.empty() || in_vain) out.made_up.push_back(std::move(made_up));
  }

  const Watch& watch_;
  std::size_t index_;
  const Rule& rule_;
  RuleState& state_;
  const Answers& answers_;
  const RuleAnswers none_;
  const RuleAnswers* mine_ = &none_;
  Instant at_;
  Subject subject_;
  promql::Reach reach_;
  bool came_and_went_ = false;
};

bool is_read(const Watch& watch, std::size_t index, Part part) {
  return part_of(watch.group->rules[index]) == part && watch.rules[index].reason != Reason::signal_of_release;
}

// What was asked once `settle` was over counts, whichever part of the round was the first to end it.
bool is_asked_of(const Watch& known, const Questions& asked) {
  if (known.group != asked.group) return false;
  if (known.phase == asked.phase) return true;
  return asked.phase == Phase::settling && known.phase == Phase::watching &&
         known.clock.age(asked.at) >= known.settle_end();
}

}  // namespace

std::optional<Reading> read(const Watch& known, const Answers& answers) {
  if (!is_asked_of(known, answers.asked)) return std::nullopt;
  Reading out{known, {}, {}, {}, false};
  if (answers.asked.part == Part::measured && known.awaits_serving()) {
    out.watch.serving = read_serving(known, answers);
    out.began_to_serve = out.watch.serving.since.has_value();
  }
  for (std::size_t i = 0; i < out.watch.rules.size(); ++i) {
    if (!is_read(out.watch, i, answers.asked.part)) continue;
    const auto& before = known.rules[i];
    RuleReading(out.watch, i, answers).judge(out);
    const auto& after = out.watch.rules[i];
    if (differs(before, after)) out.changes.push_back({out.watch.group->rules[i].slo, before.verdict, after});
  }
  return out;
}

}  // namespace guard::core
