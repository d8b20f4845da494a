// SPDX-License-Identifier: Apache-2.0
#include "tests/decisions/tally.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/binomial.hpp>
#include <fmt/format.h>

namespace guard::decisions {
namespace {

using Binomial = boost::math::binomial_distribution<>;

void count(Share& share, bool is) {
  ++share.all;
  share.of += is ? 1 : 0;
}

}  // namespace

Interval interval_of(Share share) {
  constexpr double outside = 0.05 / 2;
  if (share.all == 0) return {};
  const auto low = Binomial::find_lower_bound_on_p(share.all, share.of, outside);
  const auto high = share.of == share.all ? 1 : Binomial::find_upper_bound_on_p(share.all, share.of, outside);
  return {low, high};
}

Tally tally(const Trials& trials, std::size_t judge, const std::function<bool(const sim::Plan&)>& counts) {
  Tally out;
  for (const auto& trial : trials) {
    if (!counts(trial.plan)) continue;
    const auto at = trial.rolled_back[judge];
    const auto call = call_of(trial.plan, at);
    const bool found = call == Call::in_time || call == Call::late;
    if (trial.plan.roll_back) {
      count(out.in_time, call == Call::in_time);
      count(out.found, found);
    } else {
      count(out.false_rollbacks, at.has_value());
    }
    if (at) count(out.right, found);
    if (found) out.delays.push_back(*at - trial.plan.begins);
  }
  std::ranges::sort(out.delays);
  return out;
}

std::optional<Duration> at_share(const std::vector<Duration>& ordered, double share) {
  if (ordered.empty()) return std::nullopt;
  const auto rank = std::ceil(share * static_cast<double>(ordered.size()));
  return ordered[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

std::string text_of(Share share) {
  if (share.all == 0) return "-";
  const auto [low, high] = interval_of(share);
  return fmt::format("{:.1f}% ({:.1f} to {:.1f})", 100.0 * share.of / share.all, 100 * low, 100 * high);
}

std::string seconds(std::optional<Duration> duration) {
  if (!duration) return "-";
  return fmt::format("{} s", std::chrono::round<std::chrono::seconds>(*duration).count());
}

}  // namespace guard::decisions
