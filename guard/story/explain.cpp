// SPDX-License-Identifier: Apache-2.0
#include "guard/story/explain.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/time_text.hpp"
#include "guard/core/counted_progress.hpp"
#include "guard/core/evidence.hpp"
#include "guard/core/orders.hpp"
#include "guard/core/reason_words.hpp"
#include "guard/core/rollback_order.hpp"
#include "guard/core/round.hpp"
#include "guard/core/serving.hpp"
#include "guard/core/share_bounds.hpp"
#include "guard/core/stillness.hpp"
#include "guard/core/unread.hpp"
#include "guard/story/nearest.hpp"
#include "guard/story/next_steps.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::story {
namespace {

using model::Rule;
using model::RuleState;
using model::Verdict;
using model::Watch;

std::string counted_so_far(const Rule& rule, const RuleState& state) {
  if (rule.kind == model::RuleKind::share) return "more are bad than the objective allows; it may be chance yet";
  if (rule.kind == model::RuleKind::count) return "fewer come than the objective asks for; it may be chance yet";
  if (rule.breach.count > 0)
    return fmt::format("{} of the last {} readings are in breach; {} of {} make it a breach",
                       std::count(state.recent.begin(), state.recent.end(), true), state.recent.size(),
                       rule.breach.count, rule.breach.of);
  return fmt::format("in breach for {} without a break; {} make it a breach", format_duration(state.breach_for),
                     format_duration(rule.breach.sustained));
}

std::string pending(const Rule& rule, const RuleState& state) {
  auto out = counted_so_far(rule, state);
  if (state.repeated_for > Duration{0} && state.counted_sample)
    out += fmt::format("; there is no newer sample than that of {}, and one sample counts once",
                       time_text(*state.counted_sample));
  return out;
}

// What came back, and where no value did, what it would have been held against.
std::string reading(const Rule& rule, const model::Evaluation& last) {
  const bool compared = last.outcome == model::Outcome::ok || last.outcome == model::Outcome::breach;
  return compared && model::is_measured(rule.kind)
             ? last.detail
             : fmt::format("{} (the objective is: {})", last.detail, model::objective_text(rule));
}

// How it was before the release, and what would make it the release's own.
std::string preexisting(const Rule& rule, const RuleState& state, Duration interval) {
  const auto unit = model::value_unit(rule.objective);
  const auto before = state.past.value ? model::format_quantity(*state.past.value, unit) : std::string("without data");
  return fmt::format(
      "it was {} before the deployment began, so it is not the release's; it counts once the objective "
      "has held for {}, or the value is clearly worse than that",
      before, format_duration(std::max(core::recovery_time(rule, interval), interval)));
}

std::string why(const Rule& rule, const RuleState& state, Duration interval) {
  if (state.reason == model::Reason::breach_pending) return pending(rule, state);
  if (state.reason == model::Reason::preexisting) return preexisting(rule, state, interval);
  std::string out(core::explain(state.reason));
  if (state.verdict == Verdict::breached && !state.in_breach)
    out += "; at the latest reading it is not in breach, which does not undo it";
  return out;
}

// What the clock says beside the latest reading.
std::string unread(const RuleView& view) {
  return view.unread_since ? fmt::format("; not read since {}", time_text(*view.unread_since)) : "";
}

// What is asked of a source, or why it cannot be.
std::string asked(const Result<std::string>& rendered) {
  return rendered ? *rendered : fmt::format("cannot be asked: {}", rendered.error().message);
}

std::string sentence(const Rule& rule, const RuleState& state, const RuleView& view) {
  if (state.reason == model::Reason::signal_of_release) return fmt::format("not asked any more: {}", view.why);
  if (!state.last) return fmt::format("not read yet{}", unread(view));
  const auto still = core::still_words(rule, state);
  return fmt::format("{}; {} since {}: {}{}{}", reading(rule, *state.last), to_string(state.verdict),
                     time_text(state.verdict_since), view.why, still ? "; " + *still : "", unread(view));
}

std::map<std::string, std::string> annotations(const Rule& rule, const RuleState& state, promql::Subject subject) {
  subject.extra["slo"] = rule.slo;
  subject.extra["objective"] = model::objective_text(rule);
  subject.extra["value"] = state.last && state.last->value
                               ? model::format_quantity(*state.last->value, model::value_unit(rule.objective))
                               : "unknown";
  std::map<std::string, std::string> out;
  for (const auto& [name, text] : rule.annotations) {
    const auto rendered = text.render(subject);
    out[name] = rendered ? *rendered : text.source();
  }
  return out;
}

std::optional<std::string> value_text(const RuleView& rule) {
  if (!rule.value) return std::nullopt;
  switch (rule.kind) {
    case model::RuleKind::expr:
    case model::RuleKind::share:
    case model::RuleKind::count:
      return model::format_quantity(*rule.value, rule.unit);
    case model::RuleKind::alerts:
      return rule.alerts.empty() ? "none firing" : fmt::format("{}", fmt::join(rule.alerts, ", "));
    case model::RuleKind::signal:
      return *rule.value > 0 ? "succeeded" : "failed";
  }
  return std::nullopt;
}

// The one that the latest reading was held against: of several, another may have come first before.
std::optional<double> baseline(const Rule& rule, const RuleState& state) {
  const bool known = rule.objective.of_baseline && rule.objective.bound > 0 && state.last && state.last->bound;
  return known ? std::optional(*state.last->bound / rule.objective.bound) : state.baseline;
}

std::optional<EvidenceView> evidence(const Rule& rule, const RuleState& state) {
  if (!rule.share || !state.share) return std::nullopt;
  const auto& events = state.share->events;
  return EvidenceView{events.bad, events.total, core::progress_of(rule, state), core::hidden_share(events),
                      core::needed_events(rule)};
}

RuleView rule_view(const Watch& watch, std::size_t index, Instant now) {
  const auto& rule = watch.group->rules[index];
  const auto& state = watch.rules[index];
  RuleView view;
  view.slo = rule.slo;
  view.kind = rule.kind;
  view.action = rule.action;
  const auto query = core::rendered_query(rule, watch.subject(now));
  view.query = asked(query);
  view.is_askable = query.has_value();
  if (rule.only_if) view.condition = asked(rule.only_if->render(watch.subject(now)));
  view.objective = model::objective_text(rule);
  view.comparison = rule.objective.comparison;
  view.unit = model::value_unit(rule.objective);
  view.baseline = baseline(rule, state);
  view.evidence = evidence(rule, state);
  view.verdict = state.verdict;
  view.reason = state.reason;
  view.since = state.verdict_since;
  if (model::is_measured(rule.kind)) view.bound = model::resolve(rule.objective, view.baseline);
  if (state.last) {
    view.value = state.last->value;
    view.alerts = state.last->alerts;
    view.alert_urls = state.last->alert_urls;
    if (state.last->bound) view.bound = state.last->bound;
    view.outcome = state.last->outcome;
    view.reading_reason = state.last->reason;
    view.read_at = state.last->at.wall;
  }
  if (core::decides(rule)) view.falls_short = core::falls_short(watch, index, now);
  view.value_text = value_text(view);
  view.unread_since = core::unread_since(watch, index, now);
  view.why = why(rule, state, watch.group->interval);
  view.explanation = sentence(rule, state, view);
  view.annotations = annotations(rule, state, watch.subject(now));
  return view;
}

void add_once(std::vector<std::string>& to, const std::string& slo) {
  if (!slo.empty() && std::find(to.begin(), to.end(), slo) == to.end()) to.push_back(slo);
}

// What led to a decision, in their order, then what is in breach at the latest reading of a release that is judged.
std::vector<std::string> broke(const Watch& watch) {
  std::vector<std::string> out;
  for (const auto& decision : watch.decisions)
    if (model::is_conclusion(decision.kind)) add_once(out, decision.slo);
  for (std::size_t i = 0; i < watch.rules.size(); ++i)
    if (model::is_judged(watch.phase) && watch.rules[i].verdict == Verdict::breached)
      add_once(out, watch.group->rules[i].slo);
  return out;
}

std::optional<Nearest> nearest(const ReleaseView& view) {
  const auto* rule = nearest_to_bound(view);
  if (rule == nullptr) return std::nullopt;
  return Nearest{rule->slo, rule->objective, rule->value_text, rule->verdict, rule->reason};
}

std::optional<std::string> decided_by(const std::vector<model::Decision>& decisions) {
  const auto it = std::find_if(decisions.rbegin(), decisions.rend(),
                               [](const model::Decision& decision) { return !decision.actor.empty(); });
  return it == decisions.rend() ? std::nullopt : std::optional(it->actor);
}

}  // namespace

ReleaseView view_of(const Watch& watch, Instant now, const core::BrakeState& brakes) {
  ReleaseView view;
  view.spec = watch.spec;
  view.phase = watch.phase;
  view.phase_since = watch.phase_since;
  view.reason = watch.phase_reason;
  view.final = model::is_final(watch.phase);
  view.announced_at = watch.announced_at;
  view.live_at = watch.live_at;
  view.ended_at = watch.ended_at;
  view.paused = watch.paused;
  view.is_rollback = watch.is_rollback;
  view.unproven = watch.unproven;
  view.contested = watch.contested;
  view.disturbance = watch.disturbance;
  view.breach_decided = watch.breach_decided;
  view.breach_stands = breach_stands_now(watch);
  view.group = watch.group->name;
  view.mode = watch.group->rollback.mode;
  view.hook = watch.group->rollback.hook;
  if (watch.live_at) {
    if (!watch.awaits_serving()) view.settle_end = when_aged(watch, watch.settle_end(), now);
    view.window_end = window_end(watch, now);
  }
  view.serves_since = watch.serving.seen_at;
  if (watch.awaits_serving()) view.not_serving = core::not_serving_words(watch, now);
  view.serving_overdue = core::is_serving_overdue(watch, now);
  view.reading_lag = core::reading_lag(watch, now);
  view.held_again_at = watch.held_again_at;
  if (watch.phase == model::Phase::verifying) {
    view.verify_end = verification_end(watch, now);
    view.broken_again_at = watch.broken_again_at;
  }
  if (const auto needed = core::person_needed(watch, now)) view.needs_person = words_of(*needed, watch, now);
  view.contacts = watch.group->contacts;
  view.next = next_steps(watch, brakes, now);
  view.verbs = core::allowed_orders(watch);
  if (auto target = core::default_target(watch); !target.empty()) view.goes_back_to = std::move(target);
  for (std::size_t i = 0; i < watch.rules.size(); ++i) view.rules.push_back(rule_view(watch, i, now));
  view.broke = broke(watch);
  view.signals = watch.signals;
  view.decisions = watch.decisions;
  view.nearest = nearest(view);
  view.decided_by = decided_by(view.decisions);
  return view;
}

}  // namespace guard::story
