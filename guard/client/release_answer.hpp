// SPDX-License-Identifier: Apache-2.0
//
// Releases as the API answers them, read for showing to a person: names of phases and verdicts stay text. Values;
// reading is pure.
#pragma once

#include "guard/base/error.hpp"
#include "guard/story/delivery_view.hpp"
#include "guard/story/views.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace guard::client {

using RuleAnswer = story::RuleViewOf<story::ByText>;
using DecisionAnswer = story::AnsweredDecision;
using InForceAnswer = story::InForce;
using FreezeAnswer = story::FreezeView;
using FiguresAnswer = story::DeliveryView;
using GateAnswer = story::GateView;

// The timeline only where one release was asked for.
struct ReleaseAnswer : story::ReleaseViewOf<story::ByText>, story::TimelineViewOf<story::ByText> {};

struct ListAnswer {
  std::vector<ReleaseAnswer> releases;  // in the guard's order
  InForceAnswer in_force;
};

// Fails with broken if the body is not what a guard of this version answers.
Result<ReleaseAnswer> read_release(std::string_view body);
// The same for the list of releases, for a freeze, the list of freezes, and the gate.
Result<ListAnswer> read_releases(std::string_view body);
Result<FreezeAnswer> read_freeze(std::string_view body);
Result<GateAnswer> read_gate(std::string_view body);
Result<std::vector<FreezeAnswer>> read_freezes(std::string_view body);

// The same for the figures of a time, and for a preflight.
Result<FiguresAnswer> read_figures(std::string_view body);
Result<story::PreflightView> read_preflight(std::string_view body);

}  // namespace guard::client
