// SPDX-License-Identifier: Apache-2.0
//
// What a test says itself of the questions that its rules ask, so that no server need be asked. Pure.
#pragma once

#include "guard/core/questions.hpp"
#include "guard/model/sample.hpp"
#include "guard/trial/test.hpp"

#include <optional>
#include <vector>

namespace guard::trial {

// The answer to a question of a rule whose values the test gives; nothing for any other.
std::optional<model::Samples> known_answer(const Test& test, const core::Question& question);

// The labels of the series ALERTS that fire at `at`.
std::vector<model::Labels> firing_alerts(const Test& test, WallTime at);

// True if the series hold anything but alerts, which only a server can evaluate.
bool needs_server(const Test& test);

}  // namespace guard::trial
