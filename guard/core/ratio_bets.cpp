// SPDX-License-Identifier: Apache-2.0
#include "guard/core/ratio_bets.hpp"

#include "guard/core/bets.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace guard::core {
namespace {

using Seconds = std::chrono::duration<double>;

// What is bet on: so many times fewer than the objective asks for.
constexpr std::array<double, 5> fewer{0.75, 0.5, 0.25, 0.1, 0.01};

// As many independent events vary by a third: no arrival tells more, be it of a thousand.
constexpr double most_worth = 40;

// Beyond this nobody needs to know how certain it is; below, a double holds it.
constexpr double most_wealth = 1e15;

// Over how many arrivals their variation is looked at.
constexpr std::array<std::size_t, 3> stretches{1, 4, 20};
// So much is known before anything is seen, in events.
constexpr double known_before = 10;

// Several arrivals as one.
struct Stretch {
  double events = 0;
  double seconds = 0;
  double rate() const { return events / seconds; }
};

std::vector<Stretch> joined(const std::vector<Arrival>& arrivals, std::size_t count) {
  std::vector<Stretch> out;
  for (std::size_t i = 0; i + count < arrivals.size(); i += count) {
    Stretch one;
    for (auto j = i + 1; j <= i + count; ++j) one.events += events_now(arrivals[j].events);
    one.seconds = Seconds(arrivals[i + count].at - arrivals[i].at).count();
    if (one.seconds > 0) out.push_back(one);
  }
  return out;
}

// By the differences of those beside each other, so that a day's rise and fall is no variation.
double variation(const std::vector<Stretch>& all) {
  double seen = usual_clump * known_before;
  double of_single = known_before;
  for (std::size_t i = 1; i < all.size(); ++i) {
    const auto& [a, b] = std::pair{all[i - 1], all[i]};
    const auto common = a.seconds * b.seconds / (a.seconds + b.seconds);
    seen += std::pow((a.rate() - b.rate()) * common, 2);
    of_single += (a.events + b.events) / (a.seconds + b.seconds) * common;
  }
  return seen / of_single;
}

}  // namespace

double baseline_share(double ratio) {
  return 1 / (1 + ratio);
}

double ratio_of(double baseline_share) {
  return (1 - baseline_share) / baseline_share;
}

double events_now(const Events& events) {
  return events.total - events.bad;
}

void settle_ratio_bets(Bets& bets, const Events& events, double clump, double stake) {
  bets.unspent -= stake;
  const auto ratio = ratio_of(bets.bound);
  const auto counts_as = events.total > 0 ? std::min(1 / clump, most_worth / events.total) : 0;
  for (std::size_t i = 0; i < fewer.size(); ++i) {
    const auto share = baseline_share(ratio * fewer[i]);
    const auto of_baseline = events.bad * std::log(share / bets.bound);
    const auto of_now = events_now(events) * std::log((1 - share) / (1 - bets.bound));
    auto& wealth = bets.wealth[i];
    wealth += stake / static_cast<double>(fewer.size());
    wealth = std::min(most_wealth, wealth * std::exp(counts_as * (of_baseline + of_now)));
  }
}

double clump_of(const std::vector<Arrival>& arrivals) {
  double out = 1;
  for (const auto count : stretches) out = std::max(out, variation(joined(arrivals, count)));
  return out;
}

int fewest_expected(double bound, double confidence) {
  Bets bets;
  bets.bound = bound;
  int events = 0;
  while (won(bets) < needed(bets, confidence) && events < 1000) {
    settle_ratio_bets(bets, {1, 1}, 1, events == 0 ? first_stake : 0);
    ++events;
  }
  return events;
}

}  // namespace guard::core
