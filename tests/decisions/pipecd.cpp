// SPDX-License-Identifier: Apache-2.0
//
// PipeCD's ANALYSIS stage.
//
// Semantics: pipecd.dev/docs/user-guide/managing-application/customizing-deployment/automated-deployment-analysis and
// .../configuration-reference; pkg/app/piped/executor/analysis/metrics_analyzer.go and
// pkg/app/piped/analysisprovider/metrics/prometheus/prometheus.go of github.com/pipe-cd/pipecd at 7e228592. Every
// `interval` the query is run over the last interval in steps of a minute. THRESHOLD: one point out of the expected
// range is a failure. PREVIOUS: a failure where a one-sided Mann-Whitney test finds the points higher than those at the
// same age of the deployment before, at 5%. NaN is a failure; no point at all is none for THRESHOLD. Failures are
// counted over the whole stage; more than `failureLimit`, by the reference 1, fail it and roll back.
// Chosen where these are silent: the documented examples (interval 5m, rates over 5m, `deviation: HIGH`) with a second
// metric for the 95th percentile; the deployment before went live one window earlier.
#include "tests/decisions/judge.hpp"
#include "tests/decisions/mann_whitney.hpp"
#include "tests/decisions/shop.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace guard::decisions {
namespace {

using sim::Answerer;
using Points = std::vector<double>;

constexpr Duration interval = 5min;
constexpr Duration step = 1min;
constexpr int failure_limit = 1;
constexpr double significance = 0.05;

struct Metric {
  std::function<std::optional<double>(Answerer&, WallTime)> query;
  double most = 0;
};

// In [to - interval, to]; nothing if one is NaN.
std::optional<Points> points(const Metric& metric, Answerer& answerer, WallTime to) {
  Points out;
  for (auto at = to - interval; at <= to; at += step) {
    const auto value = metric.query(answerer, at);
    if (value && std::isnan(*value)) return std::nullopt;
    if (value) out.push_back(*value);
  }
  return out;
}

bool within_threshold(const Metric& metric, Answerer& answerer, WallTime at) {
  const auto now = points(metric, answerer, at);
  return now && std::ranges::all_of(*now, [&](double value) { return value <= metric.most; });
}

bool as_previous(const Metric& metric, Answerer& answerer, WallTime at) {
  const auto now = points(metric, answerer, at);
  const auto before = points(metric, answerer, at - sim::window);
  if (!now || !before) return false;
  if (now->empty() || before->empty()) return now->empty() && before->empty();
  return chance_of_as_high(*now, *before) > significance;
}

using Expected = bool (*)(const Metric&, Answerer&, WallTime);

class PipeCd final : public Judge {
 public:
  PipeCd(std::string name, Expected expected) : name_(std::move(name)), expected_(expected) {}
  std::string name() const override { return name_; }

  std::optional<Duration> rolls_back_at(const sim::Story& story) const override {
    const Metric failing{[](Answerer& a, WallTime at) { return failing_share(a, 5min, at); }, sim::most_failing};
    const Metric slowest{[](Answerer& a, WallTime at) { return a.quantile(0.95, request_times, 5min, at); },
                         longest_seconds};
    Answerer answerer(story);
    int failing_count = 0;
    int slow_count = 0;
    for (Duration now = interval; now < sim::window; now += interval) {
      failing_count += expected_(failing, answerer, story.live + now) ? 0 : 1;
      slow_count += expected_(slowest, answerer, story.live + now) ? 0 : 1;
      if (std::max(failing_count, slow_count) > failure_limit) return now;
    }
    return std::nullopt;
  }

 private:
  std::string name_;
  Expected expected_;
};

}  // namespace

Judges pipecd_judges() {
  Judges judges;
  judges.push_back(std::make_unique<PipeCd>("PipeCD, threshold", within_threshold));
  judges.push_back(std::make_unique<PipeCd>("PipeCD, previous", as_previous));
  return judges;
}

}  // namespace guard::decisions
