// SPDX-License-Identifier: Apache-2.0
#include "guard/core/control.hpp"

#include "guard/core/bets.hpp"
#include "guard/core/counted_progress.hpp"
#include "guard/core/incident.hpp"
#include "guard/core/share_bounds.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

namespace guard::core {
namespace {

using namespace std::chrono_literals;

// An increase needs two scrapes at least, of targets that are scraped every half minute or more often.
constexpr Duration shortest_range = 2min;
// From here on the next reading may be the one that decides.
constexpr double on_its_way = 0.5;
// That the control is above the objective must be 95% sure: it may have few events itself.
constexpr double doubt = 0.05;
// Clearly worse than it was, as for any rule.
constexpr double clearly_worse_by = 1.5;
// Its failures are told over a range that may begin before the incident does, and are of other requests: as for what
// comes back, a quarter is alike.
constexpr double alike = 0.25;

double sum(const std::vector<Sample>& samples) {
  double out = 0;
  for (const auto& sample : samples) out += sample.value;
  return out;
}

// Nothing where it was not told, or there were no events.
std::optional<Events> events_of(const std::optional<Samples>& total, const std::optional<Samples>& part, bool is_good) {
  if (!total || !*total || !part || !*part || (is_good && (*part)->empty())) return std::nullopt;
  const auto all = sum(**total);
  const auto some = std::clamp(sum(**part), 0.0, all);
  if (!(all >= 1)) return std::nullopt;
  return Events{is_good ? all - some : some, all};
}

ControlTold alike_in(const std::string& who, const std::string& what) {
  return {fmt::format("what has not got this release ({}) shows it alike: {}", who, what)};
}

std::string who(const Watch& watch, const Rule& rule, Instant now) {
  return control_of(rule)->who->render(watch.subject(now)).value_or("control");
}

// By the rule as if they had the release.
Evaluation of_others(const Rule& rule, const Samples& value, Instant now) {
  ExprAnswer answer;
  answer.value = value;
  return evaluate_expr(rule, {}, answer, now);
}

bool is_judged(const Evaluation& evaluation) {
  return evaluation.outcome == Outcome::ok || evaluation.outcome == Outcome::breach;
}

// How far beyond the bound.
bool is_alike(const Evaluation& own, const Evaluation& other) {
  return own.value && own.bound && other.value &&
         std::abs(*other.value - *own.bound) >= alike * std::abs(*own.value - *own.bound);
}

// Of the same service and environment; of any other version where nobody says which was before.
bool is_of_version_before(const Labels& labels, const Subject& subject) {
  if (foreign_label(labels, subject, {}) != "version") return false;
  return subject.previous_version.empty() || labels.at("version") == subject.previous_version;
}

}  // namespace

bool asks_control(const Watch& watch, std::size_t index) {
  const auto& rule = watch.group->rules[index];
  const auto& state = watch.rules[index];
  if (control_of(rule) == nullptr || watch.phase == Phase::verifying) return false;
  if (rule.kind == RuleKind::expr) return state.latched || state.in_breach;
  if (!state.share) return false;
  return state.latched || state.share->decided || has_yet_to_last(rule, *state.share) ||
         progress(state.share->bets, rule.share->confidence) >= on_its_way;
}

Duration control_range(const Watch& watch, std::size_t index, Instant now) {
  const auto since = watch.rules[index].share->incident.since;
  const auto lasted = since == WallTime{} ? Duration{0} : now.wall - since;
  return std::clamp(lasted, shortest_range, std::max(shortest_range, watch.group->window));
}

std::optional<ControlTold> shared_cause(const Watch& watch, std::size_t index, const ControlAnswer& answer,
                                        Instant now) {
  const auto& rule = watch.group->rules[index];
  const auto& own = watch.rules[index].share->incident.events;
  const auto events = events_of(answer.total, answer.part, rule.share->part_is_good);
  const auto before = events_of(answer.total_before, answer.part_before, rule.share->part_is_good);
  if (!events || !before) return std::nullopt;
  const auto least = least_share(*events, doubt);
  const bool worse = least > std::max(rule.objective.bound, clearly_worse_by * share(*before));
  if (!worse || share(*events) < alike * share(own)) return ControlTold{};
  return alike_in(who(watch, rule, now), fmt::format("{:.0f} of {:.0f}, {}", events->bad, events->total,
                                                     format_quantity(share(*events), rule.objective.unit)));
}

std::optional<ControlTold> shared_value(const Watch& watch, std::size_t index, const ControlAnswer& answer,
                                        const Evaluation& own, Instant now) {
  const auto& rule = watch.group->rules[index];
  if (!answer.total || !answer.total_before) return std::nullopt;
  const auto there = of_others(rule, *answer.total, now);
  const auto before = of_others(rule, *answer.total_before, now);
  if (!is_judged(there) || !is_judged(before)) return std::nullopt;
  const bool is_new = before.outcome == Outcome::ok ||
                      clearly_worse(rule.objective.comparison, there.value.value_or(0), before.value.value_or(0));
  if (there.outcome == Outcome::ok || !is_new || !is_alike(own, there)) return ControlTold{};
  return alike_in(who(watch, rule, now), there.detail);
}

std::optional<ControlTold> shared_by_versions(const Rule& rule, const Subject& subject, const Samples& value,
                                              const Evaluation& own) {
  if (!value || rule.preexisting == Preexisting::rollback || rule.objective.of_baseline) return std::nullopt;
  std::vector<Sample> others;
  for (const auto& sample : *value)
    if (is_of_version_before(sample.labels, subject)) others.push_back(sample);
  if (others.empty()) return std::nullopt;
  const auto there = of_others(rule, others, own.at);
  if (!is_judged(there)) return std::nullopt;
  if (there.outcome == Outcome::ok || !is_alike(own, there)) return ControlTold{};
  return alike_in(fmt::format("version=\"{}\"", others.front().labels.at("version")), there.detail);
}

Action action_of(Action action, const RuleState& state) {
  return action == Action::rollback && state.shared_cause ? Action::ask : action;
}

}  // namespace guard::core
