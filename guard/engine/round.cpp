// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/round.hpp"

#include "guard/base/duration.hpp"
#include "guard/core/past.hpp"
#include "guard/core/reason_words.hpp"
#include "guard/promql/freshness.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::engine {
namespace {

using core::Rule;
using core::RuleKind;
using core::RuleState;
using core::Watch;
using Use = Question::Use;

// The answers to one rule, by use.
class RuleAnswers {
 public:
  RuleAnswers(const Answers& answers, std::size_t rule) {
    for (const auto& answered : answers.queries) {
      if (answered.question.rule != rule) continue;
      if (is_age(answered.question))
        ages_.push_back(&answered);
      else if (answered.question.use == Use::missed_age)
        missed_ages_.push_back(&answered);
      else
        by_use_[answered.question.use] = &answered.samples;
    }
  }
  const core::Samples* find(Use use) const {
    const auto it = by_use_.find(use);
    return it == by_use_.end() ? nullptr : it->second;
  }
  // The ages of all selectors, each with the number of its own as label `selector`; nothing if none was asked.
  std::optional<core::Samples> ages() const { return joined(ages_); }
  std::optional<core::Samples> missed_ages() const { return joined(missed_ages_); }

 private:
  static std::optional<core::Samples> joined(const std::vector<const Answered*>& ages) {
    if (ages.empty()) return std::nullopt;
    std::vector<core::Sample> out;
    for (const auto* answered : ages) {
      if (!answered->samples) return answered->samples;
      for (auto sample : *answered->samples) {
        sample.labels["selector"] = fmt::to_string(answered->question.selector);
        out.push_back(std::move(sample));
      }
    }
    return out;
  }

  std::vector<const Answered*> ages_;
  std::vector<const Answered*> missed_ages_;
  std::map<Use, const core::Samples*> by_use_;
};

void keep_baseline(const Rule& rule, const core::Subject& before, const RuleAnswers& answers, RuleState& state) {
  const auto* points = answers.find(Use::baseline_over);
  if (points == nullptr) return;
  const auto reading = core::read_baseline(rule, before, *points);
  state.baseline = reading.value;
  state.baseline_problem = reading.problem;
  if (!reading.value) ++state.baseline_reads;
}

void keep_past(const Rule& rule, const core::Subject& before, const RuleAnswers& answers, RuleState& state) {
  const auto* points = answers.find(Use::past);
  if (points == nullptr) return;
  core::StretchAnswer answer{*points, std::nullopt, state.baseline};
  if (const auto* condition = answers.find(Use::past_condition)) answer.condition = *condition;
  // While nothing at all can be read, there is no breach to tell from an old one, and no reason to give the past up.
  const auto* value = answers.find(Use::value);
  if (!*points && value != nullptr && !*value) return;
  state.past = core::read_past(rule, before, answer, state.past);
}

// After a rollback the release is the version that came back. What its ranges still hold of the one before may keep it
// from being well, but only what is wholly of the time before says nothing.
std::optional<core::Provenance> provenance(const Watch& watch, const promql::Reach& reach, Instant at) {
  if (!watch.live_at || watch.is_settling(at)) return std::nullopt;
  const bool back = watch.phase == core::Phase::verifying;
  const auto began = back ? watch.phase_since : *watch.live_at;
  const auto age = watch.clock.age(at) - (back ? watch.phase_began : Duration{0});
  // A wall clock that was set back must not make the guard blind.
  return core::Provenance{std::max(age, at.wall - began), back ? reach.offset : reach.start};
}

promql::Reach reach_of(const Watch& watch, std::size_t index, Instant at) {
  const auto& rule = watch.group->rules[index];
  const auto expr = rule.expr ? rule.expr->render(watch.subject(at)) : fail(ErrorCode::invalid, "");
  return expr ? promql::reach(*expr, watch.group->window) : promql::Reach{};
}

core::ExprAnswer expr_answer(const Rule& rule, const core::Subject& subject, const RuleAnswers& answers,
                             const RuleState& state) {
  core::ExprAnswer out;
  if (const auto* value = answers.find(Use::value)) out.value = *value;
  if (const auto* condition = answers.find(Use::condition)) out.condition = *condition;
  out.sample_age = answers.ages();
  out.baseline = state.baseline;
  if (!state.baseline_problem.empty()) out.baseline_problem = state.baseline_problem;
  if (const auto* before = answers.find(Use::baseline_offset)) {
    auto then = subject;
    then.version.clear();  // nobody says what ran so long ago
    const auto reading = core::read_baseline(rule, then, *before);
    out.baseline = reading.value;
    if (!reading.value) out.baseline_problem = reading.problem;
  }
  return out;
}

core::Evaluation refused(const std::string& why, Instant at) {
  return {core::Outcome::error, core::Reason::template_refused, std::nullopt, std::nullopt, why, at};
}

core::Evaluation evaluate_expr_rule(const Watch& watch, std::size_t index, const Answers& answers, RuleState& state) {
  const auto& rule = watch.group->rules[index];
  const auto at = answers.asked.at;
  if (const auto no = answers.asked.refused.find(index); no != answers.asked.refused.end())
    return refused(no->second, at);
  const RuleAnswers mine(answers, index);
  const auto before = core::subject_before(watch.subject(at), watch.group->window);
  keep_baseline(rule, before, mine, state);
  if (mine.find(Use::baseline_over) != nullptr) state.baseline_asked = at.wall;
  keep_past(rule, before, mine, state);
  auto answer = expr_answer(rule, watch.subject(at), mine, state);
  answer.provenance = provenance(watch, reach_of(watch, index, at), at);
  return core::evaluate_expr(rule, watch.subject(at), answer, at);
}

core::Evaluation evaluate_alerts_rule(const Watch& watch, const Rule& rule, const Answers& answers) {
  core::AlertsAnswer answer;
  if (answers.firing) {
    answer.firing = answers.firing->firing;
    answer.doubt = answers.firing->doubt;
  } else {
    answer.firing = std::unexpected(answers.firing.error());
  }
  answer.switch_began = watch.switch_began;
  const auto heard = answers.alertmanager_heard_at;
  answer.silent = answers.by_webhook && (!heard || answers.asked.at.wall - *heard > rule.max_age);
  return core::evaluate_alerts(rule, watch.subject(answers.asked.at), answer, answers.asked.at);
}

core::Evaluation evaluate(const Watch& watch, std::size_t index, const Answers& answers, RuleState& state) {
  const auto& rule = watch.group->rules[index];
  switch (rule.kind) {
    case RuleKind::expr:
      return evaluate_expr_rule(watch, index, answers, state);
    case RuleKind::alerts:
      return evaluate_alerts_rule(watch, rule, answers);
    case RuleKind::signal: {
      const auto signal = watch.signals.find(rule.signal);
      return core::evaluate_signal(rule, signal == watch.signals.end() ? std::nullopt : std::optional(signal->second),
                                   answers.asked.at);
    }
  }
  return refused("an unknown kind of rule", answers.asked.at);
}

// The readings that were missed, as far as the source tells of them now.
std::vector<core::Evaluation> missed_readings(const Watch& watch, std::size_t index, const Answers& answers) {
  const auto span = answers.asked.missed.find(index);
  if (watch.paused || span == answers.asked.missed.end()) return {};
  const RuleAnswers mine(answers, index);
  const auto* points = mine.find(Use::missed);
  if (points == nullptr) return {};
  const auto at = answers.asked.at;
  core::MissedAnswer missed;
  missed.points = *points;
  if (const auto* condition = mine.find(Use::missed_condition)) missed.condition = *condition;
  if (const auto* baseline = mine.find(Use::missed_baseline)) missed.baseline = *baseline;
  missed.ages = mine.missed_ages();
  missed.present = expr_answer(watch.group->rules[index], watch.subject(at), mine, watch.rules[index]);
  missed.provenance = [&watch, reach = reach_of(watch, index, at)](Instant then) {
    return provenance(watch, reach, then);
  };
  return core::evaluate_missed(watch, index, span->second, missed);
}

// What was made up for, in words: one rule of a round each.
std::string in_words(const std::string& slo, const std::vector<core::Evaluation>& readings) {
  const auto broken = std::ranges::count(readings, core::Outcome::breach, &core::Evaluation::outcome);
  const auto failed = std::ranges::count_if(readings, core::is_unseen);
  const auto how = broken == 0 ? std::string("none in breach") : fmt::format("{} in breach", broken);
  const auto all = static_cast<std::ptrdiff_t>(readings.size());
  if (failed == 0) return fmt::format("{} {} readings ({})", slo, all, how);
  return fmt::format("{} {} of {} readings, of the others there are no samples ({})", slo, all - failed, all, how);
}

core::VerdictChanged happening(const Change& change) {
  return {change.slo, change.before, change.after.verdict, change.after.reason};
}

std::string describe(const Change& change) {
  const auto detail = change.after.last ? change.after.last->detail : "";
  const auto after = to_string(change.after.verdict);
  const auto verdict = change.after.verdict == change.before
                           ? fmt::format("still {}", after)
                           : fmt::format("{}, it was {}", after, to_string(change.before));
  return fmt::format("{}: {}: {}; {}", change.slo, verdict, detail, core::explain(change.after.reason));
}

// Judges the rule at `index` on what was missed, then on the present. Returns what was missed, in words.
std::string judge_rule(Watch& watch, std::size_t index, const Answers& answers, Telemetry& telemetry) {
  const auto& rule = watch.group->rules[index];
  auto& state = watch.rules[index];
  const auto at = answers.asked.at;
  const bool known = state.latched;
  const auto evaluation = evaluate(watch, index, answers, state);
  const auto missed = missed_readings(watch, index, answers);
  const auto looks = reach_of(watch, index, at);
  core::JudgeContext context{watch.group->interval, false, watch.paused, watch.phase == core::Phase::verifying,
                             looks.start - looks.offset};
  state = core::judge_missed(watch, index, missed, context);
  for (const auto& reading : missed)
    if (!core::is_unseen(reading)) telemetry.evaluated(reading.outcome);
  if (!missed.empty() && core::is_told_to_its_end(watch, state, at)) return in_words(rule.slo, missed);
  context.settling = watch.is_settling(at);
  telemetry.evaluated(evaluation.outcome);
  state = core::judge(rule, std::move(state), evaluation, context);
  // What was found afterwards is not acted on before the next reading: until then other services are made up for too,
  // and a cause that they share shows. Once only: a source that fails again and again must not put it off for ever.
  if (!missed.empty() && !known) state.standing = false;
  if (missed.empty() && answers.asked.missed.contains(index) && evaluation.reason != core::Reason::query_failed)
    return fmt::format("{} in vain, for the question failed", rule.slo);
  return missed.empty() ? "" : in_words(rule.slo, missed);
}

}  // namespace

std::vector<Change> judge_round(Draft& draft, const Answers& answers, Telemetry& telemetry) {
  std::vector<Change> changes;
  const auto* known = draft.find(answers.asked.release);
  if (known == nullptr || known->phase != answers.asked.phase || known->group != answers.asked.group) return changes;
  auto& watch = draft.edit(answers.asked.release);
  std::vector<std::string> made_up;
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    if (part_of(watch.group->rules[i]) != answers.asked.part) continue;
    if (watch.rules[i].reason == core::Reason::signal_of_release) continue;
    const auto before = watch.rules[i];
    if (auto missed = judge_rule(watch, i, answers, telemetry); !missed.empty()) made_up.push_back(std::move(missed));
    if (!core::differs(before, watch.rules[i])) continue;
    changes.push_back({watch.group->rules[i].slo, before.verdict, watch.rules[i]});
    draft.note(watch.spec.id, happening(changes.back()), describe(changes.back()));
  }
  if (!made_up.empty())
    draft.note(
        watch.spec.id, core::Gap{true},
        fmt::format("what could not be read in its time was asked for afterwards: {}", fmt::join(made_up, ", ")));
  return changes;
}

}  // namespace guard::engine
