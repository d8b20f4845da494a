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

Part part_of(const Rule& rule) {
  return rule.kind == RuleKind::expr ? Part::measured : Part::heard;
}

bool asks_past(const Rule& rule, const RuleState& state, core::Phase phase) {
  return rule.preexisting == core::Preexisting::warn && !state.past.known && phase != core::Phase::verifying;
}

void ask_range(Questions& out, std::size_t rule, Use use, std::string expr, const core::PastSpan& span,
               WallTime switch_began) {
  const auto to = core::span_end(switch_began, span.step);
  out.queries.push_back({rule, use, std::move(expr), to - span.length, to, span.step, 0});
}

// What can be asked only of the time before the release, with the version that ran then.
void ask_before(Questions& out, const Watch& watch, std::size_t index) {
  const auto& rule = watch.group->rules[index];
  const auto& state = watch.rules[index];
  const auto before = core::subject_before(watch.subject(out.at), watch.group->window);
  const auto expr = rule.expr->render(before);
  if (!expr) return;  // the value's own question says so
  if (core::baseline_is_due(rule, state, watch.group->interval, out.at.wall))
    ask_range(out, index, Use::baseline_over, *expr, core::baseline_span(*rule.baseline, watch.group->interval),
              watch.switch_began);
  if (!asks_past(rule, state, watch.phase)) return;
  const auto span = core::preexisting_span(rule, watch.group->interval);
  ask_range(out, index, Use::past, *expr, span, watch.switch_began);
  if (!rule.only_if) return;
  if (const auto condition = rule.only_if->render(before))
    ask_range(out, index, Use::past_condition, *condition, span, watch.switch_began);
}

// All ages of one rule stand together: those of what has ended are asked only where none of the others tells anything.
void ask_ages(Questions& out, std::size_t index, const std::string& expr) {
  auto ages = promql::age_queries(expr);
  for (std::size_t i = 0; i < ages.now.size(); ++i)
    out.queries.push_back({index, Use::sample_age, std::move(ages.now[i]), {}, out.at.wall, Duration{0}, i});
  for (auto& [selector, query] : ages.ended)
    out.queries.push_back({index, Use::ended_age, std::move(query), {}, out.at.wall, Duration{0}, selector});
}

void ask_now(Questions& out, const Watch& watch, std::size_t index, const std::string& expr) {
  const auto& rule = watch.group->rules[index];
  const auto at = out.at.wall;
  out.queries.push_back({index, Use::value, expr, {}, at, Duration{0}, 0});
  if (rule.max_age.count() > 0) ask_ages(out, index, expr);
  if (rule.baseline && rule.baseline->offset.count() > 0)
    out.queries.push_back({index, Use::baseline_offset, expr, {}, at - rule.baseline->offset, Duration{0}, 0});
}

void ask_expr(Questions& out, const Watch& watch, std::size_t index) {
  const auto& rule = watch.group->rules[index];
  const auto subject = watch.subject(out.at);
  const auto expr = rule.expr->render(subject);
  if (!expr) {
    out.refused[index] = expr.error().message;
    return;
  }
  if (rule.only_if) {
    const auto condition = rule.only_if->render(subject);
    if (!condition) {
      out.refused[index] = condition.error().message;
      return;
    }
    out.queries.push_back({index, Use::condition, *condition, {}, out.at.wall, Duration{0}, 0});
  }
  ask_now(out, watch, index, *expr);
  ask_before(out, watch, index);
}

// The answers to one rule, by use.
class RuleAnswers {
 public:
  RuleAnswers(const Answers& answers, std::size_t rule) {
    for (const auto& answered : answers.queries) {
      if (answered.question.rule != rule) continue;
      if (is_age(answered.question))
        ages_.push_back(&answered);
      else
        by_use_[answered.question.use] = &answered.samples;
    }
  }
  const core::Samples* find(Use use) const {
    const auto it = by_use_.find(use);
    return it == by_use_.end() ? nullptr : it->second;
  }
  // The ages of all selectors, each with the number of its own as label `selector`; nothing if none was asked.
  std::optional<core::Samples> ages() const {
    if (ages_.empty()) return std::nullopt;
    std::vector<core::Sample> out;
    for (const auto* answered : ages_) {
      if (!answered->samples) return answered->samples;
      for (auto sample : *answered->samples) {
        sample.labels["selector"] = fmt::to_string(answered->question.selector);
        out.push_back(std::move(sample));
      }
    }
    return out;
  }

 private:
  std::vector<const Answered*> ages_;
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
  core::PastAnswer answer{*points, std::nullopt, state.baseline};
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

std::string describe(const Change& change) {
  const auto detail = change.after.last ? change.after.last->detail : "";
  const auto after = to_string(change.after.verdict);
  const auto verdict = change.after.verdict == change.before
                           ? fmt::format("still {}", after)
                           : fmt::format("{}, it was {}", after, to_string(change.before));
  return fmt::format("{}: {}: {}; {}", change.slo, verdict, detail, core::explain(change.after.reason));
}

}  // namespace

Result<std::string> rendered_query(const Rule& rule, const core::Subject& subject) {
  if (rule.kind == RuleKind::signal) return fmt::format("signal {}", rule.signal);
  if (rule.kind == RuleKind::expr) return rule.expr->render(subject);
  std::string out = "alerts";
  for (const auto& matcher : rule.alerts) {
    const auto text = matcher.render(subject);
    if (!text) return text;
    out += " " + *text;
  }
  return out;
}

bool is_age(const Question& question) {
  return question.use == Use::sample_age || question.use == Use::ended_age;
}

bool has_part(const Watch& watch, Part part) {
  return std::ranges::any_of(watch.group->rules, [part](const auto& rule) { return part_of(rule) == part; });
}

Questions ask(const Watch& watch, Part part, Instant at) {
  Questions out{watch.spec.id, part, at, watch.group, watch.subject(at), watch.phase, {}, {}, false};
  for (std::size_t i = 0; i < watch.group->rules.size(); ++i) {
    const auto kind = watch.group->rules[i].kind;
    if (kind == RuleKind::expr && part == Part::measured) ask_expr(out, watch, i);
    if (kind == RuleKind::alerts && part == Part::heard) out.wants_alerts = true;
  }
  return out;
}

std::vector<Change> judge_round(Draft& draft, const Answers& answers, Telemetry& telemetry) {
  std::vector<Change> changes;
  const auto* known = draft.find(answers.asked.release);
  if (known == nullptr || known->phase != answers.asked.phase || known->group != answers.asked.group) return changes;
  auto& watch = draft.edit(answers.asked.release);
  core::JudgeContext context{watch.group->interval, watch.is_settling(answers.asked.at), watch.paused,
                             watch.phase == core::Phase::verifying};
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    if (part_of(watch.group->rules[i]) != answers.asked.part) continue;
    if (watch.rules[i].reason == core::Reason::signal_of_release) continue;
    auto state = watch.rules[i];
    const auto before = state;
    const auto evaluation = evaluate(watch, i, answers, state);
    telemetry.evaluated(evaluation.outcome);
    const auto looks = reach_of(watch, i, answers.asked.at);
    context.range = looks.start - looks.offset;
    state = core::judge(watch.group->rules[i], std::move(state), evaluation, context);
    const bool changed = core::differs(before, state);
    watch.rules[i] = std::move(state);
    if (!changed) continue;
    changes.push_back({watch.group->rules[i].slo, before.verdict, watch.rules[i]});
    draft.note(watch.spec.id, "verdict", describe(changes.back()));
  }
  return changes;
}

}  // namespace guard::engine
