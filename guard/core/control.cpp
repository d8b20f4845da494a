// SPDX-License-Identifier: Apache-2.0
#include "guard/core/control.hpp"

#include "guard/core/bets.hpp"
#include "guard/core/incident.hpp"
#include "guard/core/share.hpp"

#include <algorithm>
#include <chrono>

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

}  // namespace

bool asks_control(const Watch& watch, std::size_t index) {
  const auto& rule = watch.group->rules[index];
  const auto& state = watch.rules[index];
  if (!rule.share || !rule.share->control || !state.share || watch.phase == Phase::verifying) return false;
  return state.latched || state.share->decided || progress(state.share->bets, rule.share->confidence) >= on_its_way;
}

Duration control_range(const Watch& watch, std::size_t index, Instant now) {
  const auto since = watch.rules[index].share->incident.since;
  const auto lasted = since == WallTime{} ? Duration{0} : now.wall - since;
  return std::clamp(lasted, shortest_range, std::max(shortest_range, watch.group->window));
}

std::optional<std::string> shared_cause(const Watch& watch, std::size_t index, const ControlAnswer& answer,
                                        Instant now) {
  const auto& rule = watch.group->rules[index];
  const auto& own = watch.rules[index].share->incident.events;
  const auto events = events_of(answer.total, answer.part, rule.share->part_is_good);
  const auto before = events_of(answer.total_before, answer.part_before, rule.share->part_is_good);
  if (!events || !before) return std::nullopt;
  const auto least = least_share(*events, doubt);
  const bool worse = least > std::max(rule.objective.bound, clearly_worse_by * share(*before));
  if (!worse || share(*events) < alike * share(own)) return "";
  const auto who = rule.share->control->who->render(watch.subject(now));
  return fmt::format("what has not got this release ({}) shows it alike: {:.0f} of {:.0f}, {}", who.value_or("control"),
                     events->bad, events->total, format_quantity(share(*events), rule.objective.unit));
}

Action action_of(Action action, const RuleState& state) {
  return action == Action::rollback && !state.shared_cause.empty() ? Action::ask : action;
}

}  // namespace guard::core
