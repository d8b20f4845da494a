// SPDX-License-Identifier: Apache-2.0
#include "tests/decisions/mann_whitney.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include <boost/math/distributions/normal.hpp>

namespace guard::decisions {
namespace {

struct Ranks {
  std::vector<double> of;  // in the order of the values; ties share their mean
  double ties = 0;         // sum over ties of n^3 - n
};

Ranks rank(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  Ranks out{std::vector<double>(values.size()), 0};
  for (std::size_t begin = 0; begin < order.size();) {
    auto end = begin;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const auto size = static_cast<double>(end - begin);
    for (auto i = begin; i < end; ++i) out.of[order[i]] = static_cast<double>(begin) + (size + 1) / 2;
    out.ties += std::pow(size, 3) - size;
    begin = end;
  }
  return out;
}

std::vector<double> joined(std::span<const double> first, double shift, std::span<const double> second) {
  std::vector<double> all;
  for (const auto value : first) all.push_back(value - shift);
  all.insert(all.end(), second.begin(), second.end());
  return all;
}

// How far, in standard deviations, the ranks of `x - shift` lie above what equal distributions would have.
double deviation(double shift, std::span<const double> x, std::span<const double> y) {
  const auto ranks = rank(joined(x, shift, y));
  const auto n = static_cast<double>(x.size());
  const auto m = static_cast<double>(y.size());
  const auto sum = std::accumulate(ranks.of.begin(), ranks.of.begin() + static_cast<std::ptrdiff_t>(x.size()), 0.0);
  const auto above = sum - n * (n + 1) / 2 - n * m / 2;
  const auto continuity = above > 0 ? 0.5 : above < 0 ? -0.5 : 0;
  const auto sigma = std::sqrt(n * m / 12 * (n + m + 1 - ranks.ties / ((n + m) * (n + m - 1))));
  return sigma > 0 ? (above - continuity) / sigma : 0;
}

// Where a falling function passes zero. Kayenta uses Brent's method to 1e-4; halving finds the same place.
double root(double low, double high, const std::function<double(double)>& falling) {
  if (falling(low) <= 0) return low;
  if (falling(high) >= 0) return high;
  while (high - low > 1e-5) {
    const auto middle = (low + high) / 2;
    (falling(middle) > 0 ? low : high) = middle;
  }
  return (low + high) / 2;
}

double two_sided(double confidence) {
  return boost::math::quantile(boost::math::normal(), 1 - (1 - confidence) / 2);
}

}  // namespace

bool is_surely_above(std::span<const double> experiment, std::span<const double> control, double confidence) {
  return deviation(0, experiment, control) > two_sided(confidence);
}

Shift shift_between(std::span<const double> experiment, std::span<const double> control, double confidence) {
  const auto low = *std::ranges::min_element(experiment) - *std::ranges::max_element(control);
  const auto high = *std::ranges::max_element(experiment) - *std::ranges::min_element(control);
  const auto at = [&](double quantile) {
    return root(low, high, [&](double shift) { return deviation(shift, experiment, control) - quantile; });
  };
  const auto quantile = two_sided(confidence);
  return {at(quantile), at(-quantile), at(0)};
}

double chance_of_as_high(std::span<const double> experiment, std::span<const double> control) {
  const auto ranks = rank(joined(experiment, 0, control));
  std::vector<std::size_t> doubled;  // so that ranks between two are whole
  for (const auto rank : ranks.of) doubled.push_back(static_cast<std::size_t>(std::lround(2 * rank)));
  const auto all = std::accumulate(doubled.begin(), doubled.end(), std::size_t{0});
  // ways[k][s]: choices of k values whose ranks sum to s
  std::vector ways(experiment.size() + 1, std::vector<double>(all + 1));
  ways[0][0] = 1;
  for (const auto rank : doubled)
    for (auto k = experiment.size(); k > 0; --k)
      for (auto sum = all; sum >= rank; --sum) ways[k][sum] += ways[k - 1][sum - rank];
  const auto& choices = ways.back();
  const auto seen = std::accumulate(doubled.begin(), doubled.begin() + static_cast<std::ptrdiff_t>(experiment.size()),
                                    std::size_t{0});
  return std::accumulate(choices.begin() + static_cast<std::ptrdiff_t>(seen), choices.end(), 0.0) /
         std::accumulate(choices.begin(), choices.end(), 0.0);
}

}  // namespace guard::decisions
