// SPDX-License-Identifier: Apache-2.0
#include "guard/core/bets.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace guard::core {
namespace {

// The part of its wealth that each puts at stake. The small ones live through noise and find a little too much in the
// long run; the great ones find an outage in two arrivals. In between by halves of what is left, so that for any share
// one is near the best (its logarithm grows within a tenth as fast).
constexpr std::array<double, 5> at_stake{0.05, 0.2, 0.5, 0.8, 0.95};

// Beyond this nobody needs to know how certain it is; below, a double holds it.
constexpr double most_wealth = 1e15;

}  // namespace

double stake(const Bets& bets, double arrivals) {
  if (bets.unspent >= 1) return first_stake;
  const auto left = bets.unspent - (bets.returned ? 0 : return_stake);
  return std::clamp(later_stake / std::max(arrivals, 1.0), 0.0, std::max(0.0, left));
}

void settle_bets(Bets& bets, const Events& events, double stake) {
  bets.unspent -= stake;
  const bool any = events.total > 0;
  const double share = any ? std::min(1.0, events.bad / events.total) : 0;
  for (std::size_t i = 0; i < at_stake.size(); ++i) {
    auto& wealth = bets.wealth[i];
    wealth += stake / static_cast<double>(at_stake.size());
    if (any) wealth = std::min(most_wealth, wealth * (1 + at_stake[i] / bets.bound * (share - bets.bound)));
  }
}

double won(const Bets& bets) {
  return std::accumulate(bets.wealth.begin(), bets.wealth.end(), 0.0);
}

double needed(const Bets& bets, double confidence) {
  return bets.noise / (1 - confidence);
}

double progress(const Bets& bets, double confidence) {
  const auto far = std::log(std::max(1.0, won(bets))) / std::log(needed(bets, confidence));
  return std::clamp(far, 0.0, 1.0);
}

Bets begun_anew(const Bets& bets, double bound) {
  Bets fresh;
  fresh.bound = bound;
  fresh.noise = bets.noise;
  return fresh;
}

void cut(Bets& bets, double most) {
  const auto all = won(bets);
  if (all <= most) return;
  for (auto& wealth : bets.wealth) wealth *= most / all;
}

int fewest_events(double bound, double confidence) {
  Bets bets;
  bets.bound = bound;
  int events = 0;
  while (won(bets) < needed(bets, confidence) && events < 1000) {
    settle_bets(bets, {1, 1}, events == 0 ? first_stake : 0);
    ++events;
  }
  return events;
}

}  // namespace guard::core
