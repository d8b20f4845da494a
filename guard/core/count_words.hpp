// SPDX-License-Identifier: Apache-2.0
//
// What is told of a count of events: how many came, how many came in the time it is held against, and how likely that
// is by chance. Pure.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/model/rule.hpp"
#include "guard/model/share_state.hpp"

#include <string>

namespace guard::core {

// The events of the last five minutes, and how long that is.
Events recent_of(const ShareState& state);
Duration span_of_recent(const ShareState& state);

// "1240, where 1300 came 1w before, 95.4% against >= 50% of baseline"; `distance` is how long before.
std::string count_words(const Rule& rule, const Events& events, Duration distance);
// "12 in 5m, where 60 came 1w before, 20% against >= 50% of baseline, by chance once in 40,000 watches", or how far it
// is to a breach.
std::string few_words(const Rule& rule, const ShareState& state, Duration distance);
// "7 expected so far, and it can be judged from 26 on"
std::string too_few_expected_words(const Rule& rule, const ShareState& state);

}  // namespace guard::core
