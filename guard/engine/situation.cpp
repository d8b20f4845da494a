// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/situation.hpp"

#include "guard/base/duration.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>

namespace guard::engine {
namespace {

using core::CallState;
using core::Watch;

// A service counts for the breaker from its first breach reading on: when many break at once, the first must not be
// rolled back before the others have been counted.
// What was rolled back within the time counts on, so that breaches that come one after the other are counted as well.
bool breaches_now(const Watch& watch, WallTime since) {
  const auto decided = std::any_of(watch.decisions.begin(), watch.decisions.end(), [&](const auto& d) {
    return d.trigger != core::Trigger::manual && d.trigger != core::Trigger::window && d.at >= since;
  });
  const bool judged = core::is_judged(watch.phase) && watch.phase != core::Phase::verifying;
  if (decided || !judged) return decided;
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
  const auto held = decision.brake == core::Brake::none ? "" : fmt::format(" ({})", in_words(decision.brake));
  return fmt::format("decision {}: {}{}: {}", decision.number, in_words(decision.kind), held, decision.reason);
}

// What was measured while a release was half there is not the doing of the one it was to replace, and windows of time
// in expressions still hold it for a while.
void settle_those_before(Draft& draft, const Watch& gone) {
  std::vector<std::string> before;
  draft.for_each([&](const Watch& other) {
    const bool watched = other.phase == core::Phase::settling || other.phase == core::Phase::watching;
    const bool older = core::same_place(gone.spec, other.spec) && other.announced_at < gone.announced_at;
    if (watched && older) before.push_back(other.spec.id);
  });
  for (const auto& id : before) {
    auto& watch = draft.edit(id);
    watch.settle_anew(draft.now());
    draft.note(id, core::PhaseChanged{watch.phase, watch.phase},
               fmt::format("{}: release {} was given up; readings count again in {}", in_words(watch.phase),
                           gone.spec.id, format_duration(watch.group->settle)));
  }
}

}  // namespace

bool kill_switch_is_on(const config::Brakes& brakes) {
  if (!brakes.kill_switch_file) return false;
  std::error_code ignored;
  return std::filesystem::status(*brakes.kill_switch_file, ignored).type() != std::filesystem::file_type::not_found;
}

InForce in_force(const config::Settings& settings, bool kill_switch, WallTime now) {
  InForce out;
  out.kill_switch = kill_switch;
  for (const auto& freeze : settings.freezes)
    if (freeze.from <= now && now < freeze.until) out.freezes.push_back({freeze.until, freeze.reason});
  return out;
}

core::BrakeState brake_state(const Draft& draft, const Watch& watch, const BrakeInputs& inputs) {
  core::BrakeState brakes;
  brakes.kill_switch = inputs.kill_switch;
  brakes.breaker = open_breaker(draft, inputs.settings);
  draft.for_each([&](const Watch& other) {
    if (!core::same_place(watch.spec, other.spec)) return;
    if (other.spec.id != watch.spec.id && other.open_rollback() != nullptr) brakes.in_flight = other.spec.id;
    const bool to_come = !core::is_final(other.phase) && !other.live_at;
    if (to_come && other.announced_at > watch.announced_at) brakes.deploying = other.spec.id;
    // A decision that was called off before its first call did nothing that a place would have to recover from.
    if (!other.since_call.as_of || other.open_rollback() != nullptr) return;
    const auto left = watch.group->rollback.cooldown - other.since_call.age(draft.now());
    if (left <= Duration{0}) return;
    const auto until = draft.now().wall + left;
    brakes.cooldown_until = std::max(brakes.cooldown_until.value_or(until), until);
  });
  return brakes;
}

void take_step(Draft& draft, const std::string& id, const core::Step& step) {
  auto& watch = draft.edit(id);
  const auto before = watch.phase;
  const auto decisions = watch.decisions.size();
  watch = core::apply(std::move(watch), step, draft.now());
  if (watch.decisions.size() > decisions) {
    const auto& made = watch.decisions.back();
    draft.note(id, core::Decided{made.number, made.kind, made.brake, made.slo}, describe(made));
  }
  const bool told = step.event && !step.decision;  // what a verification sees keeps the phase
  if (watch.phase != before || told)
    draft.note(id, core::PhaseChanged{before, watch.phase}, fmt::format("{}: {}", in_words(watch.phase), step.reason));
  // What is superseded takes those before it along.
  const bool given_up = watch.never_came() && watch.phase != core::Phase::superseded;
  if (watch.phase != before && given_up) settle_those_before(draft, watch);
}

void advance(Draft& draft, const std::string& id, const BrakeInputs& inputs) {
  // Each step moves the phase forward or records a conclusion that is not recorded twice, so this ends.
  while (true) {
    const auto& watch = *draft.find(id);
    const auto brakes = core::needs_brakes(watch) ? brake_state(draft, watch, inputs) : core::BrakeState{};
    const auto step = core::review(watch, brakes, draft.now());
    if (!step) return;
    take_step(draft, id, *step);
  }
}

bool undoes(const core::ReleaseSpec& spec, const Watch& older) {
  const bool found_bad = older.breach_decided || older.last_rollback() != nullptr;
  const bool from_it = spec.previous_version.empty() || spec.previous_version == older.spec.version;
  return found_bad && !older.is_rollback && from_it && spec.version == older.spec.previous_version;
}

}  // namespace guard::engine
