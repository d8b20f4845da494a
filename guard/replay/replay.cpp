// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/replay.hpp"

#include "guard/base/time_text.hpp"
#include "guard/core/beginning.hpp"
#include "guard/core/brakes.hpp"
#include "guard/core/control.hpp"
#include "guard/core/counted_progress.hpp"
#include "guard/core/reviewer.hpp"
#include "guard/core/round.hpp"
#include "guard/replay/alert_history.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace guard::replay {
namespace {

using model::DecisionKind;
using model::Outcome;
using model::Watch;

// There is one boot, and it began long before the release.
constexpr const char* boot = "replay";
constexpr MonoTime went_live{std::chrono::hours(24 * 365)};

model::RuleGroupPtr in_mode(const model::RuleGroup& group, model::Mode mode) {
  auto copy = std::make_shared<model::RuleGroup>(group);
  copy->rollback.mode = mode;
  // What only observes needs to name none, and its releases are to be judged as if it did.
  if (copy->rollback.hook.empty()) copy->rollback.hook = "rollback";
  return copy;
}

model::RuleGroupPtr acting(const model::RuleGroup& group) {
  return in_mode(group, group.rollback.mode == model::Mode::observe ? model::Mode::enforce : group.rollback.mode);
}

Watch announced(const Release& release, const model::RuleGroupPtr& group, Instant live) {
  auto watch = core::announced(release.spec, acting(*group), live, boot);
  if (release.switch_began) watch.switch_began = *release.switch_began;
  return watch;
}

class Replay {
 public:
  Replay(const Release& release, const model::RuleGroupPtr& group, const History& history, const Observer& observer)
      : history_(history),
        observer_(observer),
        live_{*release.spec.live_at, went_live},
        course_{release, announced(release, group, live_), {}, {}, {}, {}, {}},
        alerts_(history, watch_.switch_began) {
    course_.rules.resize(group->rules.size());
  }

  Course run() {
    core::mark_live(watch_, live_.wall, live_, boot);
    watch_ = core::apply(std::move(watch_),
                         {core::Event::live, std::nullopt, fmt::format("live since {}", time_text(live_.wall))}, live_);
    for (auto at = live_; goes_on(at) && round(at); at = next(at)) {
    }
    course_.ending = ending();
    course_.reason = watch_.phase_reason;
    return std::move(course_);
  }

 private:
  bool goes_on(Instant at) const {
    const auto& replaced = course_.release.replaced_at;
    return !model::is_final(watch_.phase) && at.wall <= history_.ends_at && !(replaced && at.wall >= *replaced);
  }

  // As a guard reads: at the multiples of the interval, and at once when a pipeline has posted something.
  Instant next(Instant at) const {
    const auto interval = watch_.group->interval;
    auto then = at.wall + interval - at.wall.time_since_epoch() % interval;
    for (const auto& [name, signal] : course_.release.signals)
      if (signal.at > at.wall) then = std::min(then, signal.at);
    return live_ + (then - live_.wall);
  }

  bool on_grid(Instant at) const {
    return at.wall == live_.wall || at.wall.time_since_epoch() % watch_.group->interval == Duration{0};
  }

  bool round(Instant at) {
    for (const auto& [name, signal] : course_.release.signals)
      if (signal.at <= at.wall) watch_.signals[name] = signal;
    read(core::Part::heard, at);
    if (on_grid(at)) read(core::Part::measured, at);
    review(at);
    follow_recovery(at);
    return !observer_ || observer_(course_, at);
  }

  void read(core::Part part, Instant at) {
    if (!core::has_part(watch_, part)) return;
    core::Answers answers;
    answers.asked = core::ask(watch_, part, at);
    if (answers.asked.wants_alerts) answers.alerts = alerts_.at(at.wall);
    ask(answers);
    auto reading = core::read(watch_, answers);
    if (!reading) return;
    watch_ = std::move(reading->watch);
    for (std::size_t i = 0; i < watch_.rules.size(); ++i)
      if (core::part_of(watch_.group->rules[i]) == part) take_note(i, at);
  }

  void ask(core::Answers& answers) const {
    std::vector<core::Answered> told;
    const auto keep = [&] {
      for (auto& one : told) answers.keep(one.question, std::move(one.samples));
      told.clear();
    };
    for (const auto& question : answers.asked.queries) {
      // The answers that a question may become needless by are those of its own rule.
      if (!told.empty() && told.back().question.rule != question.rule) keep();
      if (core::is_needless(question, told, answers.asked.subject)) continue;
      told.push_back({question, answer(question)});
    }
    keep();
  }

  model::Samples answer(const core::Question& question) const {
    if (history_.known)
      if (auto known = history_.known(question)) return std::move(*known);
    if (question.step > Duration{0})
      return history_.metrics.query_range(
          {question.expr, question.from, question.at, question.step, history_.deadline});
    const metrics::InstantQuery instant{question.expr, question.at, history_.deadline};
    return core::is_raw(question) ? history_.metrics.query_raw(instant) : history_.metrics.query(instant);
  }

  void take_note(std::size_t index, Instant at) {
    const auto& state = watch_.rules[index];
    if (!state.last || state.last->at != at) return;
    auto& mine = course_.rules[index];
    ++mine.readings;
    mine.breaches += state.last->outcome == Outcome::breach ? 1U : 0U;
    mine.no_data += state.last->outcome == Outcome::no_data ? 1U : 0U;
    mine.errors += state.last->outcome == Outcome::error ? 1U : 0U;
    if (state.last->outcome == Outcome::error && mine.first_error.empty()) mine.first_error = state.last->detail;
    if (watch_.is_settling(at)) return;
    note_worst(mine, watch_.group->rules[index], *state.last);
    mine.progress = std::max(mine.progress, core::progress_of(watch_.group->rules[index], state));
    if (state.verdict == model::Verdict::breached && !mine.breached_at) {
      mine.breached_at = at.wall;
      mine.detail = state.last->detail;
    }
  }

  static void note_worst(RuleCourse& mine, const model::Rule& rule, const model::Evaluation& reading) {
    if (!reading.value) return;
    const auto bad = [&](double value) { return model::badness(rule.objective.comparison, value, reading.bound); };
    if (mine.worst && bad(*reading.value) <= bad(*mine.worst)) return;
    mine.worst = reading.value;
    mine.bound = reading.bound;
    mine.worst_at = reading.at.wall;
  }

  void review(Instant at) {
    const core::Fleet alone;
    while (const auto step = core::review(watch_, core::brake_state(alone, watch_, {}, at), at)) {
      if (step->decision) conclude(*step->decision, at);
      // Its hook is not called: what comes after is only looked at.
      if (step->decision && step->decision->kind == DecisionKind::rollback)
        watch_.group = in_mode(*watch_.group, model::Mode::observe);
      else
        watch_ = core::apply(std::move(watch_), *step, at);
      // Nor is a rule's: whether it would have helped nobody knows.
      if (auto* call = watch_.open_call()) watch_.close_call(*call, model::CallState::confirmed, at);
    }
  }

  void conclude(model::Decision decision, Instant at) {
    const bool is_told = model::is_conclusion(decision.kind) || decision.kind == DecisionKind::call;
    if (!is_told || decision.kind == DecisionKind::would_rollback) return;
    const auto& rules = watch_.group->rules;
    const auto rule = std::ranges::find(rules, decision.slo, &model::Rule::slo);
    decision.number = static_cast<int>(course_.conclusions.size()) + 1;
    decision.at = at.wall;
    course_.conclusions.push_back({std::move(decision), static_cast<std::size_t>(rule - rules.begin())});
    course_.recovered_at.reset();
  }

  void follow_recovery(Instant at) {
    const auto* cause = gravest(course_);
    if (cause == nullptr) return;
    const auto& state = watch_.rules[cause->rule];
    if (state.in_breach)
      course_.recovered_at.reset();
    else if (state.last && state.last->outcome == Outcome::ok && !course_.recovered_at)
      course_.recovered_at = at.wall;
  }

  Ending ending() const {
    using enum Ending;
    if (const auto* cause = gravest(course_)) {
      if (cause->decision.kind == DecisionKind::rollback) return rolled_back;
      if (cause->decision.kind == DecisionKind::ask) return asked;
      return cause->decision.brake == model::Brake::over ? breached : held;
    }
    if (watch_.phase == model::Phase::unverified) return unverified;
    if (!model::is_final(watch_.phase)) return was_replaced() ? superseded : cut_short;
    const bool has_warned =
        std::ranges::any_of(course_.rules, [](const auto& rule) { return rule.breached_at.has_value(); });
    return has_warned ? warned : passed;
  }

  bool was_replaced() const {
    const auto& replaced = course_.release.replaced_at;
    return replaced && *replaced <= history_.ends_at;
  }

  History history_;
  const Observer& observer_;
  Instant live_;
  Course course_;
  Watch& watch_ = course_.watch;
  AlertHistory alerts_;
};

}  // namespace

const Conclusion* gravest(const Course& course) {
  for (const auto kind : {DecisionKind::rollback, DecisionKind::ask, DecisionKind::hold})
    for (const auto& conclusion : course.conclusions)
      if (conclusion.decision.kind == kind) return &conclusion;
  return nullptr;
}

WallTime read_until(const Release& release, const model::RuleGroup& group, const History& history) {
  auto end = std::min(history.ends_at, *release.spec.live_at + group.window + Duration(group.interval));
  return release.replaced_at ? std::min(end, *release.replaced_at) : end;
}

Course replay(const Release& release, const model::RuleGroupPtr& group, const History& history,
              const Observer& observer) {
  return Replay(release, group, history, observer).run();
}

}  // namespace guard::replay
