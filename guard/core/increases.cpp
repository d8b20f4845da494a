// SPDX-License-Identifier: Apache-2.0
#include "guard/core/increases.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <span>
#include <string>

namespace guard::core {
namespace {

using Series = std::span<const Sample>;

std::optional<std::string> target_of(const Labels& labels) {
  const auto instance = labels.find("instance");
  if (instance == labels.end()) return std::nullopt;
  const auto job = labels.find("job");
  return (job == labels.end() ? "" : job->second) + '\n' + instance->second;
}

std::vector<Series> series_of(std::vector<Sample>& samples) {
  std::erase_if(samples, [](const Sample& sample) { return !std::isfinite(sample.value) || sample.value < 0; });
  std::vector<Series> out;
  for (auto begin = samples.begin(); begin != samples.end();) {
    const auto end = std::find_if(begin, samples.end(), [&](const Sample& s) { return s.labels != begin->labels; });
    std::sort(begin, end, [](const Sample& a, const Sample& b) { return a.at < b.at; });
    out.emplace_back(begin, end);
    begin = end;
  }
  return out;
}

// When the targets were scraped, as far as their series tell.
class Scrapes {
 public:
  explicit Scrapes(const std::vector<Series>& all) {
    for (const auto& series : all) {
      const auto target = target_of(series.front().labels);
      if (!target) continue;
      auto& longest = of_[*target];
      if (longest.empty() || begins_before(series, longest)) longest = series;
    }
  }

  // The scrape of the same target before that of `sample`, or nothing.
  std::optional<WallTime> before(const Sample& sample) const {
    const auto target = target_of(sample.labels);
    if (!target) return std::nullopt;
    const auto seen = of_.find(*target);
    if (seen == of_.end()) return std::nullopt;
    const auto next = std::ranges::lower_bound(seen->second, sample.at, {}, &Sample::at);
    return next == seen->second.begin() ? std::nullopt : std::optional((next - 1)->at);
  }

 private:
  static bool begins_before(Series one, Series other) {
    if (one.front().at != other.front().at) return one.front().at < other.front().at;
    return one.size() > other.size();
  }

  std::map<std::string, Series> of_;  // the series that begins first
};

void add(const Series& series, const Scrapes& scrapes, std::vector<Increase>& out) {
  if (const auto scraped = scrapes.before(series.front()); scraped && series.front().value > 0)
    out.push_back({*scraped, series.front().at, series.front().value});
  for (std::size_t i = 1; i < series.size(); ++i) {
    const auto& from = series[i - 1];
    const auto& to = series[i];
    const auto count = to.value < from.value ? to.value : to.value - from.value;
    if (count > 0) out.push_back({from.at, to.at, count});
  }
}

}  // namespace

std::vector<Increase> increases(std::vector<Sample> samples, std::vector<Sample> beside) {
  const auto all_beside = series_of(beside);
  const Scrapes scrapes(all_beside);
  std::vector<Increase> out;
  for (const auto& series : series_of(samples)) add(series, scrapes, out);
  return out;
}

}  // namespace guard::core
