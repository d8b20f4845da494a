// SPDX-License-Identifier: Apache-2.0
//
// What the trials say, as Markdown. Pure.
#pragma once

#include "tests/decisions/trial.hpp"

#include <string>

namespace guard::decisions {

struct Held {
  Trials mixed;
  Trials unchanged;
  Trials sixty_percent_of_five_a_minute;
  Trials three_percent_at_ten_a_second;
};
using Names = std::vector<std::string>;

std::string overall(const Held& held, const Names& judges);
std::string by_kind(const Held& held, const Names& judges);
std::string by_traffic(const Held& held, const Names& judges);
std::string false_rollbacks(const Held& held, const Names& judges);
// The figures that the guard is built to reach.
std::string figures(const Held& held, const Names& judges);
// Each verdict of the first judge that its label does not call right, by the names of the stories.
std::string misjudged(const Held& held);

// Every trial, for tooling.
std::string as_json(const Held& held, const Names& judges);

}  // namespace guard::decisions
