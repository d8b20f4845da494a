// SPDX-License-Identifier: Apache-2.0
//
// What a Prometheus that had stored a story would answer at a moment, as far as the judges ask: selectors, ranges of
// raw samples, rate, sums of it, and quantiles of histograms. Computed by functions; there is no PromQL here but the
// selector. One owner each: selectors are looked up once and kept.
//
// Sources: promql/functions.go of Prometheus 3 (extrapolatedRate, bucketQuantile of quantile.go): a range is (t -
// range, t], an instant looks back five minutes unless the series was noted to have ended.
#pragma once

#include "guard/model/sample.hpp"
#include "tests/sim/story.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guard::sim {

// Prometheus' rate of one series over (at - range, at]; nothing where it has fewer than two samples there.
std::optional<double> rate(const Series& series, Duration range, WallTime at);

struct Bucket {
  double le = 0;  // its upper bound
  double count = 0;
};
// Prometheus' histogram_quantile over buckets that have `le` in ascending order and end in +Inf; nothing where they
// don't, NaN where no observation was made.
std::optional<double> quantile_of(double quantile, std::vector<Bucket> buckets);

struct Point {
  double value = 0;
  WallTime at{};
};

class Answerer {
 public:
  explicit Answerer(const Story& story);

  // `selector[range]` at `at`: each sample with its own time.
  std::vector<model::Sample> samples(const std::string& selector, Duration range, WallTime at);
  // `selector` at `at`, without its labels.
  std::vector<Point> instant(const std::string& selector, WallTime at);
  // `sum(rate(selector[range]))`, and of `irate`, which takes the last two samples only.
  std::optional<double> sum_rate(const std::string& selector, Duration range, WallTime at);
  std::optional<double> sum_irate(const std::string& selector, Duration range, WallTime at);
  // `sum(rate(part[range])) / sum(rate(whole[range]))`; NaN where nothing came.
  std::optional<double> ratio(const std::string& part, const std::string& whole, Duration range, WallTime at);
  // `histogram_quantile(quantile, sum by (le) (rate(buckets[range])))`
  std::optional<double> quantile(double quantile, const std::string& buckets, Duration range, WallTime at);
  // The time of the newest sample of `selector` in (at - range, at], if there is one.
  std::optional<WallTime> newest(const std::string& selector, Duration range, WallTime at);

  const Story& story() const { return story_; }

 private:
  const std::vector<const Series*>& select(const std::string& selector);
  // What is not yet readable at `at` does not exist.
  WallTime readable(WallTime at) const { return at - story_.plan.lag; }

  const Story& story_;
  std::map<std::string, std::vector<const Series*>> selected_;
};

}  // namespace guard::sim
