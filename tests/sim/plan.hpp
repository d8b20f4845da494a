// SPDX-License-Identifier: Apache-2.0
//
// Draws what is to happen in a story from its kind and its seed, and says what a judge should make of it. Pure; safe
// from any thread.
//
// What is labelled "roll back" is worse than the objective for longer than a minute, began with the release or after
// it, and would end with it. What is labelled "keep" is anything else: it is gone by itself within a minute or two, it
// stood before live, others show it too, or nothing is wrong at all.
#pragma once

#include "tests/sim/story.hpp"

namespace guard::sim {

// The traffic is drawn from the class with the number `seed % 6`, evenly over orders of magnitude, so that seeds in a
// row cover all of them; kinds that cannot be told below some traffic are drawn above it.
Plan draw_plan(Kind kind, std::uint64_t seed);

// By when a plan that has become worse by `level` should be rolled back: a time for each level, or until twenty
// requests must have failed where that is later, and never after the window.
Duration deadline_of(const Plan& plan);

}  // namespace guard::sim
