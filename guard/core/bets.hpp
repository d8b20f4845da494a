// SPDX-License-Identifier: Apache-2.0
//
// Bets against "the share of bad events is at most a bound". Each bets a part of what it has on every arrival, so that
// it cannot win on average while the share is kept: with x the share of one arrival and 0 <= c <= 1, the factor 1 +
// c/bound (x - bound) has an expectation of at most 1, whatever happened before and however the failures of one arrival
// hang together. What all have won together is a test martingale, and reaches 1/a with a probability of at most a, at
// whatever moment one looks. Pure; values.
//
// Waudby-Smith, Ramdas, "Estimating means of bounded random variables by betting" (arXiv 2010.15686); Shin, Ramdas,
// Rinaldo, "E-detectors" (arXiv 2203.03532); Ville 1939.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/model/share_state.hpp"

namespace guard::core {

// The stakes, together 1: on a fault that is there from the first arrival, on one that begins with any later one, and
// on an incident that has come back for the first time. Each is laid before the arrival that it is settled on is known.
inline constexpr double first_stake = 0.4;
inline constexpr double later_stake = 0.4;
inline constexpr double return_stake = 0.2;

// What is staked on a fault that begins with this arrival: the first, or one of `arrivals` in the whole watch.
double stake(const Bets& bets, double arrivals);

// Settles all bets on one arrival, with `stake` given to new ones before. Without events nothing is won or lost.
void settle_bets(Bets& bets, const Events& events, double stake);

// What all have won together.
double won(const Bets& bets);
// What must be won for a breach, at 1 - confidence: more where the time before the release won as much by itself.
double needed(const Bets& bets, double confidence);
// How near they are, from 0 to 1, in the exponent.
double progress(const Bets& bets, double confidence);

// The same bets with nothing staked yet. The bound on wrong verdicts is that of the last beginning: begin anew only
// where no verdict could rest on what was won, or where it is given up for a reason that the events are no part of.
Bets begun_anew(const Bets& bets, double bound);

// Takes away what is above `most`; a test martingale that is cut is one still.
void cut(Bets& bets, double most);

// From how many events on, all of them bad, the bets can be won.
int fewest_events(double bound, double confidence);

}  // namespace guard::core
