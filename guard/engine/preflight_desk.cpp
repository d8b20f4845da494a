// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/preflight_desk.hpp"

#include "guard/core/beginning.hpp"
#include "guard/core/gate.hpp"
#include "guard/core/succession.hpp"
#include "guard/engine/preflight_plan.hpp"
#include "guard/story/explain.hpp"

#include <utility>

namespace guard::engine {

void PreflightDesk::ask(PreflightQuery query, Completion<story::PreflightView> done) {
  const auto runtime = parts_.runtime();
  const auto group = core::group_for(query.spec, runtime->settings->groups);
  if (!group) return done(std::unexpected(group.error()));
  const auto now = parts_.clock.now();
  auto& spec = query.spec;
  const auto live = core::live_version(parts_.ledger.fleet(), spec.place());
  spec.previous_version = live.value_or("");
  const auto gate = [this, asked = GateQuery{spec.service, spec.environment, spec.version, spec.kind, true}](
                        Completion<model::Checks> answered) { parts_.gate(asked, std::move(answered)); };
  story::PreflightView about;
  about.service = spec.service;
  about.environment = spec.environment;
  if (!spec.version.empty()) about.version = spec.version;
  about.live_version = live;
  about.group = (*group)->name;
  about.at = now.wall;
  about.contacts = (*group)->contacts;
  Preflights::Plan plan;
  plan.situation.spec = spec;
  plan.situation.group = *group;
  plan.means = means_of(*runtime, parts_.clock);
  plan.known = known_of(parts_.health());
  plan.gate = gate;
  parts_.preflights.begin(std::move(plan), query,
                          [this, now, about = std::move(about), tried = query.acts,
                           done = std::move(done)](const Result<model::Checks>& checks) {
                            if (!checks) return done(std::unexpected(checks.error()));
                            // A look tries out neither the way of an alert nor the hook, and readers may take it.
                            if (tried)
                              parts_.recent.keep({about.service, about.environment}, !core::has_failed(*checks), now);
                            done(story::preflight_view(about, *checks));
                          });
}

}  // namespace guard::engine
