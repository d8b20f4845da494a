// SPDX-License-Identifier: Apache-2.0
//
// Flagger's analysis with its two built-in metrics.
//
// Semantics: docs.flagger.app/usage/metrics and /usage/deployment-strategies; pkg/controller/scheduler.go and
// scheduler_metrics.go of github.com/fluxcd/flagger at 15bd6ad5. Every `interval` all metrics are checked; the first
// that is out of its range, has no value or NaN makes the check fail. Failed checks are counted and never forgotten;
// the next reconciliation after `threshold` of them rolls back. request-success-rate: not less than 99% of the last
// minute; request-duration: the 99th percentile of the last minute not above a second.
// Chosen where these are silent: the analysis lasts as long as the watch, though both examples end after some minutes,
// so that a failure that begins later can be found at all. `threshold` is 2 in the documented blue/green example, 10 in
// the canary example: both are judged. All traffic is on the release from live on.
#include "tests/decisions/judge.hpp"
#include "tests/decisions/shop.hpp"

#include <cmath>

#include <fmt/format.h>

namespace guard::decisions {
namespace {

using sim::Answerer;

constexpr Duration interval = 1min;

bool has_value(const std::optional<double>& value) {
  return value && !std::isnan(*value);
}

bool check_passes(Answerer& answerer, WallTime at) {
  const auto success = answerer.ratio(good_requests, all_requests, interval, at);
  if (!has_value(success) || *success * 100 < 99) return false;
  const auto duration = answerer.quantile(0.99, request_times, interval, at);
  return has_value(duration) && *duration <= longest_seconds;
}

class Flagger final : public Judge {
 public:
  explicit Flagger(int threshold) : threshold_(threshold) {}
  std::string name() const override { return fmt::format("Flagger, threshold {}", threshold_); }

  std::optional<Duration> rolls_back_at(const sim::Story& story) const override {
    Answerer answerer(story);
    int failed_checks = 0;
    for (Duration now = interval; now < sim::window; now += interval) {
      if (failed_checks >= threshold_) return now;
      if (!check_passes(answerer, story.live + now)) ++failed_checks;
    }
    return std::nullopt;
  }

 private:
  int threshold_;
};

}  // namespace

Judges flagger_judges() {
  Judges judges;
  for (const int threshold : {2, 10}) judges.push_back(std::make_unique<Flagger>(threshold));
  return judges;
}

}  // namespace guard::decisions
