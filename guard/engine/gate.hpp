// SPDX-License-Identifier: Apache-2.0
//
// What is known of a place when somebody asks whether a release may begin there. Pure.
#pragma once

#include "guard/config/settings.hpp"
#include "guard/core/brakes.hpp"
#include "guard/core/gate.hpp"
#include "guard/engine/guard_service.hpp"

#include <expected>
#include <string>
#include <vector>

namespace guard::engine {

// A release as far as it was told.
model::ReleaseSpec spec_of(const GateQuery& query);

// What templates are filled in with.
promql::Subject subject_of(const GateQuery& query);

// All but what fires, what a preflight showed, and what is left of an error budget.
core::GateFacts facts_of(const GateQuery& query, const config::Settings& settings, const core::FleetView& fleet,
                         const core::BrakeInputs& brakes, Instant now);

// True if the group asks which alerts fire.
bool asks_for_alerts(const core::GateFacts& facts);

// The readings of its rules of alerts that may roll back, where every alert counts, however long it has been firing.
std::vector<model::Evaluation> readings_of(const GateQuery& query, const model::RuleGroup& group,
                                           const std::expected<model::AlertList, model::SourceError>& firing,
                                           Instant now);

}  // namespace guard::engine
