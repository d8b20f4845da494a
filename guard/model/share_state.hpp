// SPDX-License-Identifier: Apache-2.0
//
// What a rule on a share or a count of events has counted so far, and what speaks against the objective: kept by
// core/share, core/count and core/bets, stored with the watch, so that no event is counted twice over a restart.
// Values.
#pragma once

#include "guard/base/time.hpp"

#include <array>
#include <optional>
#include <vector>

namespace guard::model {

// Of a count that is held against a baseline, `bad` are the baseline's, and `total` those of both.
struct Events {
  double bad = 0;
  double total = 0;

  bool operator==(const Events&) const = default;
};

// Events that arrived together: with one scrape, or with those of one interval.
struct Arrival {
  WallTime at{};
  Events events;

  bool operator==(const Arrival&) const = default;
};

// The wealth of bets against "the share is at most `bound`"; see core/bets.
struct Bets {
  double bound = 0;
  std::array<double, 5> wealth{};
  double unspent = 1;     // of the stake of 1, what later beginnings are still to be given
  bool returned = false;  // an incident has come back, and its stake is given
  double noise = 1;       // what the same bets had won at most in the time before the release

  bool operator==(const Bets&) const = default;
};

// Failures in excess of what the objective allows, from the first of them until they are used up.
struct Incident {
  double excess = 0;  // in events; 0: there is none
  WallTime since{};   // the moment before its first events
  Events events;
  double earlier = 0;  // the worst share of an arrival that is older than a minute

  bool operator==(const Incident&) const = default;
};

struct ShareState {
  Duration passed_over{0};      // no event counts that happened, be it in part, before the watch was as old: a pause
  WallTime counted_to{};        // all events up to here are in, and none of them is looked at again
  WallTime counted_at{};        // the latest scrape that was counted
  Events since_counted;         // those after `counted_to` that are in already: late samples add to them
  Events events;                // all that count, since the first
  std::vector<Arrival> minute;  // the latest of them; of a count those of five minutes, after one that only begins them
  Bets bets;
  Incident incident;
  bool decided = false;  // the bets were won
  double clump = 0;      // kind count: as many events come together and count as one; 0: not known

  bool operator==(const ShareState&) const = default;
};

}  // namespace guard::model
