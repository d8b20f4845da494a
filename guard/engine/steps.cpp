// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/steps.hpp"

#include "guard/base/duration.hpp"
#include "guard/core/succession.hpp"
#include "guard/story/messages.hpp"

#include <fmt/format.h>

namespace guard::engine {
namespace {

using model::Watch;

// What was measured while a release was half there is not the doing of the one it was to replace, and windows of time
// in expressions still hold it for a while.
void settle_those_before(Draft& draft, const Watch& gone) {
  for (const auto& id : core::watched_before(draft, gone)) {
    auto& watch = draft.edit(id);
    core::settle_anew(watch, draft.now());
    draft.note(id, model::PhaseChanged{watch.phase, watch.phase},
               fmt::format("{}: release {} was given up; readings count again in {}", in_words(watch.phase),
                           gone.spec.id, format_duration(watch.group->settle)));
  }
}

}  // namespace

void take_step(Draft& draft, const std::string& id, const core::Step& step) {
  auto& watch = draft.edit(id);
  const auto before = watch.phase;
  const auto decisions = watch.decisions.size();
  watch = core::apply(std::move(watch), step, draft.now());
  if (watch.decisions.size() > decisions) {
    const auto& made = watch.decisions.back();
    draft.note(id, model::Decided{made.number, made.kind, made.brake, made.slo}, story::message_of(made));
  }
  const bool told = step.event && !step.decision;  // what a verification sees keeps the phase
  if (watch.phase != before || told)
    draft.note(id, model::PhaseChanged{before, watch.phase}, fmt::format("{}: {}", in_words(watch.phase), step.reason));
  // What is superseded takes those before it along.
  const bool given_up = watch.never_came() && watch.phase != model::Phase::superseded;
  if (watch.phase != before && given_up) settle_those_before(draft, watch);
}

void take_reading(Draft& draft, core::Reading reading, Telemetry& telemetry) {
  const auto id = reading.watch.spec.id;
  if (reading.began_to_serve)
    draft.note(id, model::Note{},
               fmt::format("version {} was seen to serve", reading.watch.subject(draft.now()).version));
  draft.add(std::move(reading.watch));
  for (const auto outcome : reading.outcomes) telemetry.evaluated(outcome);
  for (const auto& change : reading.changes)
    draft.note(id, model::VerdictChanged{change.slo, change.before, change.after.verdict, change.after.reason},
               story::message_of(change));
  if (!reading.made_up.empty()) draft.note(id, model::Gap{true}, story::message_of(reading.made_up));
}

void advance(Draft& draft, const std::string& id, const core::BrakeInputs& brakes) {
  // Each step moves the phase forward or records a conclusion that is not recorded twice, so this ends.
  while (true) {
    const auto& watch = *draft.find(id);
    const auto on = core::needs_brakes(watch, draft.now()) ? core::brake_state(draft, watch, brakes, draft.now())
                                                           : core::BrakeState{};
    const auto step = core::review(watch, on, draft.now());
    if (!step) return;
    take_step(draft, id, *step);
  }
}

}  // namespace guard::engine
