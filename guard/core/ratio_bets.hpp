// SPDX-License-Identifier: Apache-2.0
//
// Bets against "as many events come as the objective asks for", where those of another time say how many are expected.
// While the rate now is `ratio` times that of the baseline or more, each event of the two is the baseline's with a
// probability of at most 1 / (1 + ratio), whatever the rates are and however they change together (two Poisson counts,
// given their sum). The likelihood ratio of the events seen against that share is then a test martingale, as are those
// of core/bets, and reaches 1/a with a probability of at most a, at whatever moment one looks.
//
// Events that come together are no independent ones: where they come in clumps of at most m, the likelihood ratio in
// which each counts 1/m is a supermartingale (the logarithm of a clump's moment generating function is convex in its
// size and 0 at 0). And rates vary by more than counting does, however many events there are: no arrival is worth more
// than that of a few dozens. Pure; values.
//
// Przyborowski, Wilenski 1940; Wald 1945; Ville 1939.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/model/share_state.hpp"

#include <vector>

namespace guard::core {

// How many come together where little is known.
inline constexpr double usual_clump = 3;

// The share of the baseline's events while the rate now is `ratio` times the baseline's, and the other way round.
double baseline_share(double ratio);
double ratio_of(double baseline_share);

// Those that came now.
double events_now(const Events& events);

// Settles all bets on one arrival, with `stake` given to new ones before. `clump`: as many events count as one.
void settle_ratio_bets(Bets& bets, const Events& events, double clump, double stake);

// How many events come together, by how much more their number varies from one arrival to the next, and over a minute
// and five, than that of single ones would; at least 1. `arrivals` in order of time; the first only begins them.
double clump_of(const std::vector<Arrival>& arrivals);

// From how many events of the baseline on, none coming now, the bets can be won.
int fewest_expected(double bound, double confidence);

}  // namespace guard::core
