// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/answerer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace guard::sim {
namespace {

using namespace std::chrono_literals;
using Seconds = std::chrono::duration<double>;

constexpr Duration lookback = 5min;
constexpr double none = std::numeric_limits<double>::quiet_NaN();

// Indices of the samples in (after, until].
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t size() const { return end - begin; }
};
// The first that is later than `time`: looked for around where it would be if all were equally far apart, which they
// are but for gaps.
std::size_t first_after(const std::vector<WallTime>& at, WallTime time) {
  if (at.empty() || time < at.front()) return 0;
  if (time >= at.back()) return at.size();
  const auto part = Seconds(time - at.front()) / Seconds(at.back() - at.front());
  auto low = static_cast<std::size_t>(part * static_cast<double>(at.size() - 1));
  auto high = low + 1;
  for (std::size_t step = 1; at[low] > time; step *= 2) low = low > step ? low - step : 0;
  for (std::size_t step = 1; at[high] <= time; step *= 2) high = std::min(high + step, at.size() - 1);
  return static_cast<std::size_t>(std::upper_bound(at.begin() + static_cast<std::ptrdiff_t>(low),
                                                   at.begin() + static_cast<std::ptrdiff_t>(high), time) -
                                  at.begin());
}

Span span(const Series& series, WallTime after, WallTime until) {
  const auto begin = first_after(series.at(), after);
  return {begin, std::max(begin, first_after(series.at(), until))};
}

std::optional<double> rate_between(const Series& series, WallTime start, WallTime end, WallTime readable) {
  const auto in = span(series, start, std::min(end, readable));
  if (in.size() < 2) return std::nullopt;
  const auto first = series.at()[in.begin];
  const auto last = series.at()[in.end - 1];
  const auto result = series.climbed(in.end - 1) - series.climbed(in.begin);
  const auto sampled = Seconds(last - first).count();
  const auto average = sampled / static_cast<double>(in.size() - 1);
  auto to_start = Seconds(first - start).count();
  auto to_end = Seconds(end - last).count();
  // Where the samples end far from the range's edge, the series is taken to begin or end half an interval beyond them.
  if (to_start >= average * 1.1) to_start = average / 2;
  if (to_end >= average * 1.1) to_end = average / 2;
  // A counter can't have been below zero.
  if (result > 0 && series.value(in.begin) >= 0)
    to_start = std::min(to_start, sampled * (series.value(in.begin) / result));
  return result * ((sampled + to_start + to_end) / sampled) / Seconds(end - start).count();
}

}  // namespace

std::optional<double> rate(const Series& series, Duration range, WallTime at) {
  return rate_between(series, at - range, at, at);
}

std::optional<double> quantile_of(double quantile, std::vector<Bucket> buckets) {
  if (buckets.size() < 2 || !std::isinf(buckets.back().le)) return std::nullopt;
  const auto observed = buckets.back().count;
  if (observed == 0 || std::isnan(observed)) return none;
  const auto rank = quantile * observed;
  const auto found = std::find_if(buckets.begin(), buckets.end() - 1, [&](const Bucket& b) { return b.count >= rank; });
  if (found == buckets.end() - 1) return (buckets.end() - 2)->le;
  if (found == buckets.begin()) return found->le * (rank / found->count);
  const auto& below = *std::prev(found);
  return below.le + (found->le - below.le) * ((rank - below.count) / (found->count - below.count));
}

Answerer::Answerer(const Story& story) : story_(story) {}

const std::vector<const Series*>& Answerer::select(const std::string& selector) {
  const auto [entry, is_new] = selected_.try_emplace(selector);
  if (!is_new) return entry->second;
  const auto brace = selector.find('{');
  std::vector<model::Matcher> matchers{
      *model::Matcher::make("__name__", model::MatchOp::equal, selector.substr(0, brace))};
  for (auto rest = brace == std::string::npos ? "" : selector.substr(brace + 1); rest.size() > 1;) {
    const auto end = rest.find_first_of(",}");
    const auto matcher = model::Matcher::parse(rest.substr(0, end));
    if (!matcher) throw std::invalid_argument("no selector that the stories can answer: " + selector);
    matchers.push_back(*matcher);
    rest = rest.substr(end + 1);
  }
  for (const auto& series : story_.series)
    if (model::matches_all(matchers, series.labels())) entry->second.push_back(&series);
  return entry->second;
}

std::vector<model::Sample> Answerer::samples(const std::string& selector, Duration range, WallTime at) {
  std::vector<model::Sample> out;
  for (const auto* series : select(selector)) {
    const auto in = span(*series, at - range, readable(at));
    for (auto i = in.begin; i < in.end; ++i) out.push_back({series->labels(), series->value(i), series->at()[i]});
  }
  return out;
}

std::vector<Point> Answerer::instant(const std::string& selector, WallTime at) {
  std::vector<Point> out;
  for (const auto* series : select(selector)) {
    const auto in = span(*series, at - lookback, readable(at));
    if (in.size() == 0) continue;
    const auto newest = series->at()[in.end - 1];
    const bool ended =
        std::ranges::any_of(series->ends(), [&](WallTime end) { return end > newest && end <= readable(at); });
    if (!ended) out.push_back({series->value(in.end - 1), newest});
  }
  return out;
}

std::optional<double> Answerer::sum_rate(const std::string& selector, Duration range, WallTime at) {
  std::optional<double> sum;
  for (const auto* series : select(selector))
    if (const auto one = rate_between(*series, at - range, at, readable(at))) sum = sum.value_or(0) + *one;
  return sum;
}

std::optional<double> Answerer::sum_irate(const std::string& selector, Duration range, WallTime at) {
  std::optional<double> sum;
  for (const auto* series : select(selector)) {
    const auto in = span(*series, at - range, readable(at));
    if (in.size() < 2) continue;
    const auto risen = series->climbed(in.end - 1) - series->climbed(in.end - 2);
    sum = sum.value_or(0) + risen / Seconds(series->at()[in.end - 1] - series->at()[in.end - 2]).count();
  }
  return sum;
}

std::optional<double> Answerer::ratio(const std::string& part, const std::string& whole, Duration range, WallTime at) {
  const auto above = sum_rate(part, range, at);
  const auto below = sum_rate(whole, range, at);
  if (!above || !below) return std::nullopt;
  return *below == 0 && *above == 0 ? none : *above / *below;
}

std::optional<double> Answerer::quantile(double quantile, const std::string& buckets, Duration range, WallTime at) {
  std::map<double, double> by_bound;
  for (const auto* series : select(buckets))
    if (const auto one = rate_between(*series, at - range, at, readable(at))) by_bound[series->le()] += *one;
  std::vector<Bucket> sorted;
  for (const auto& [le, count] : by_bound) sorted.push_back({le, count});
  return quantile_of(quantile, std::move(sorted));
}

std::optional<WallTime> Answerer::newest(const std::string& selector, Duration range, WallTime at) {
  std::optional<WallTime> out;
  for (const auto* series : select(selector)) {
    const auto in = span(*series, at - range, readable(at));
    if (in.size() > 0) out = std::max(out.value_or(WallTime::min()), series->at()[in.end - 1]);
  }
  return out;
}

}  // namespace guard::sim
