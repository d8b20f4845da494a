// SPDX-License-Identifier: Apache-2.0
//
// What is told of a share of events: counts, and how likely they are by chance. Pure.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/model/rule.hpp"
#include "guard/model/share_state.hpp"

#include <string>

namespace guard::core {

// "3 of 1240 so far, 0.242% against < 1%"
std::string share_words(const Rule& rule, const ShareState& state);
// "14 of 62 in 1m15s, 22.6% against < 1%, by chance once in 40,000 watches", or how far it is to a breach.
std::string broken_words(const Rule& rule, const ShareState& state);
// "14 of 14 in the last five minutes, 100% against < 1%"
std::string recent_words(const Rule& rule, const Events& events);
// "2 so far, and it can be judged from 3 on"
std::string too_few_words(const Rule& rule, const ShareState& state);

// "by chance once in 40,000 watches" of a breach, else how far it is to one.
std::string chance_words(const Rule& rule, const ShareState& state);

// "3 of 1240; a share of up to 0.6% may hide behind that": what the objective was kept on.
std::string kept_words(const Rule& rule, const ShareState& state);

// What is said of a limit that was moved to where a bucket of a native histogram ends: "; those above 2.18s are
// counted, where the bucket of 2.1s ends". Empty where it was not.
std::string limit_words(const Rule& rule, double limit);

// Why no share can be told: "`good` counts 21 events where `total` counts 7, …".
std::string more_than_all_words(const Events& events, bool part_is_good);

}  // namespace guard::core
