// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/situation.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace guard::engine {
namespace {

using core::CallState;
using core::Watch;

bool same_place(const Watch& a, const Watch& b) {
  return a.spec.service == b.spec.service && a.spec.environment == b.spec.environment;
}

bool calling(const Watch& watch) {
  const auto* open = watch.open_rollback();
  return open != nullptr && open->state == CallState::calling;
}

std::optional<WallTime> last_rollback_end(const Watch& watch) {
  const auto* last = watch.last_rollback();
  return last == nullptr ? std::nullopt : last->finished_at;
}

// A service counts for the breaker from its first breach reading on: when many break at once, the first must not be
// rolled back before the others have been counted.
bool breaches_now(const Watch& watch, WallTime since) {
  if (!core::is_judged(watch.phase) && watch.phase != core::Phase::rolling_back) return false;
  const auto decided = std::any_of(watch.decisions.begin(), watch.decisions.end(), [&](const auto& d) {
    return d.trigger != core::Trigger::manual && d.trigger != core::Trigger::window && d.at >= since;
  });
  if (decided || watch.phase == core::Phase::verifying) return decided;
  for (std::size_t i = 0; i < watch.rules.size(); ++i)
    if (watch.group->rules[i].action == core::Action::rollback && watch.rules[i].in_breach) return true;
  return false;
}

std::string open_breaker(const Draft& draft, const config::Brakes& settings) {
  if (settings.breaker_services <= 0) return "";
  std::set<std::string> services;
  const auto since = draft.now().wall - settings.breaker_within;
  draft.for_each([&](const Watch& w) {
    if (breaches_now(w, since)) services.insert(w.spec.service);
  });
  if (services.size() < static_cast<std::size_t>(settings.breaker_services)) return "";
  return fmt::format("{}", fmt::join(services, ", "));
}

std::string describe(const core::Decision& decision) {
  const auto held = decision.brake == core::Brake::none ? "" : fmt::format(" ({})", to_string(decision.brake));
  return fmt::format("decision {}: {}{}: {}", decision.number, to_string(decision.kind), held, decision.reason);
}

}  // namespace

core::BrakeState brake_state(const Draft& draft, const Watch& watch, const BrakeInputs& inputs) {
  core::BrakeState brakes;
  brakes.kill_switch = inputs.kill_switch;
  brakes.breaker = open_breaker(draft, inputs.settings);
  draft.for_each([&](const Watch& other) {
    if (!same_place(watch, other)) return;
    if (other.spec.id != watch.spec.id && calling(other)) brakes.in_flight = other.spec.id;
    const auto end = last_rollback_end(other);
    if (!end) return;
    const auto until = *end + watch.group->rollback.cooldown;
    if (until > draft.now().wall) brakes.cooldown_until = std::max(brakes.cooldown_until.value_or(until), until);
  });
  return brakes;
}

void take_step(Draft& draft, const std::string& id, const core::Step& step) {
  auto& watch = draft.edit(id);
  const auto before = watch.phase;
  const auto decisions = watch.decisions.size();
  watch = core::apply(std::move(watch), step, draft.now());
  if (watch.decisions.size() > decisions) draft.note(id, "decision", describe(watch.decisions.back()));
  if (watch.phase != before)
    draft.note(id, "phase", fmt::format("{} -> {}: {}", to_string(before), to_string(watch.phase), step.reason));
}

void advance(Draft& draft, const std::string& id, const BrakeInputs& inputs) {
  // Each step moves the phase forward or records a conclusion that is not recorded twice, so this ends.
  while (true) {
    const auto& watch = *draft.find(id);
    const auto step = core::review(watch, brake_state(draft, watch, inputs), draft.now());
    if (!step) return;
    take_step(draft, id, *step);
  }
}

bool undoes(const core::ReleaseSpec& spec, const Watch& older) {
  return older.last_rollback() != nullptr && spec.version == older.spec.previous_version &&
         spec.previous_version == older.spec.version;
}

}  // namespace guard::engine
