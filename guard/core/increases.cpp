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

std::vector<Series> series_of(const std::vector<Sample>& samples) {
  std::vector<Series> out;
  for (auto begin = samples.begin(); begin != samples.end();) {
    const auto end = std::find_if(begin, samples.end(), [&](const Sample& s) { return s.labels != begin->labels; });
    out.emplace_back(begin, end);
    begin = end;
  }
  return out;
}

bool is_count(const Sample& sample) {
  return std::isfinite(sample.value) && sample.value >= 0;
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

void add_increases(const Series& series, const Scrapes& scrapes, std::vector<Increase>& out) {
  const Sample* before = nullptr;
  for (const auto& sample : series) {
    if (!is_count(sample)) continue;
    const auto from = before ? std::optional(before->at) : scrapes.before(sample);
    const auto grown = sample.value - (before ? before->value : 0);
    const bool anew = grown < 0;
    const auto count = anew ? sample.value : grown;
    if (from && count > 0) out.push_back({*from, sample.at, count, anew});
    before = &sample;
  }
}

}  // namespace

std::vector<Increase> increases(const std::vector<Sample>& samples, const std::vector<Sample>& beside) {
  const Scrapes scrapes(series_of(beside));
  std::vector<Increase> out;
  for (const auto& series : series_of(samples)) add_increases(series, scrapes, out);
  return out;
}

}  // namespace guard::core
