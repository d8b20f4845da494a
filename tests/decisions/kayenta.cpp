// SPDX-License-Identifier: Apache-2.0
//
// Kayenta with its judge NetflixACAJudge.
//
// Semantics: spinnaker.io/docs/guides/user/canary/judge and .../best-practices; NetflixACAJudge.scala,
// MannWhitneyClassifier.scala, EffectSizes.scala and WeightedSumScorer.scala of github.com/spinnaker/kayenta at
// a69573be. A metric is High where the 98% interval of the shift lies above 0.25 of its estimate and the mean has
// risen; a metric without data is Nodata, and half of the metrics without data fail the run, as does a critical one.
// Failures: critical, `nanStrategy: replace`; the 95th percentile in seconds: its own group of two; direction
// "increase"; a score of 50 is below the marginal 75, so either metric alone fails the run. Best practice: "at least 50
// pieces of time series data per metric", runs an hour long, growing (no lookback). Chosen where these are silent:
// Kayenta compares with a baseline deployed at the same time, which a release that replaces the whole service does not
// have; the time before live, as long as the run, takes its place. Steps of 60 s as its default, judged each hour; and,
// as quick as 50 points allow, steps of 15 s judged every 15 minutes. Points are over the last minute. Shares are in
// percent, since its root finding stops at 1e-4.
#include "tests/decisions/judge.hpp"
#include "tests/decisions/mann_whitney.hpp"
#include "tests/decisions/shop.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace guard::decisions {
namespace {

using sim::Answerer;
using Points = std::vector<double>;
using Query = std::function<std::optional<double>(Answerer&, WallTime)>;

constexpr double confidence = 0.98;
constexpr double tolerance = 0.25;

enum class Label { pass, high, nodata };
enum class Nan { remove, replace };

double mean(const Points& points) {
  return std::accumulate(points.begin(), points.end(), 0.0) / static_cast<double>(points.size());
}

bool is_constant(const Points& points) {
  return std::ranges::adjacent_find(points, std::not_equal_to{}) == points.end();
}

bool has_risen(const Points& control, const Points& experiment) {
  // Of a mean of zero no ratio can be told, and the comparison is left out.
  return mean(control) == 0 || mean(experiment) == 0 || mean(experiment) / mean(control) >= 1;
}

bool is_high(const Points& control, const Points& experiment) {
  // Kayenta adds a little noise to two constants; then the higher one is higher.
  if (is_constant(control) && is_constant(experiment)) return experiment.front() > control.front();
  if (!is_surely_above(experiment, control, confidence)) return false;
  const auto shift = shift_between(experiment, control, confidence);
  return shift.low > tolerance * std::abs(shift.estimate) && has_risen(control, experiment);
}

Label classify(Points control, Points experiment, Nan strategy) {
  const auto clean = [&](Points& points) {
    if (strategy == Nan::remove) std::erase_if(points, [](double value) { return std::isnan(value); });
    for (auto& value : points)
      if (std::isnan(value)) value = 0;
  };
  clean(control);
  clean(experiment);
  if (control.empty() || experiment.empty()) return strategy == Nan::remove ? Label::nodata : Label::pass;
  return is_high(control, experiment) ? Label::high : Label::pass;
}

class Kayenta final : public Judge {
 public:
  Kayenta(std::string name, Duration step, Duration interval)
      : name_(std::move(name)), step_(step), interval_(interval) {}
  std::string name() const override { return name_; }

  std::optional<Duration> rolls_back_at(const sim::Story& story) const override {
    Answerer answerer(story);
    for (auto run = interval_; run <= sim::window; run += interval_)
      if (fails(answerer, run)) return run;
    return std::nullopt;
  }

 private:
  bool fails(Answerer& answerer, Duration run) const {
    const Query failing = [](Answerer& a, WallTime at) {
      const auto share = failing_share(a, 1min, at);
      return share ? std::optional(100 * *share) : std::nullopt;
    };
    const Query slowest = [](Answerer& a, WallTime at) { return a.quantile(0.95, request_times, 1min, at); };
    const auto label = [&](const Query& query, Nan strategy) {
      return classify(points(answerer, query, -run, Duration{0}), points(answerer, query, Duration{0}, run), strategy);
    };
    return label(failing, Nan::replace) != Label::pass || label(slowest, Nan::remove) != Label::pass;
  }
  // In (from, to], since live.
  Points points(Answerer& answerer, const Query& query, Duration from, Duration to) const {
    Points out;
    for (auto at = from + step_; at <= to; at += step_)
      if (const auto value = query(answerer, answerer.story().live + at)) out.push_back(*value);
    return out;
  }

  std::string name_;
  Duration step_;
  Duration interval_;
};

}  // namespace

Judges kayenta_judges() {
  Judges judges;
  judges.push_back(std::make_unique<Kayenta>("Kayenta, hourly", 60s, 1h));
  judges.push_back(std::make_unique<Kayenta>("Kayenta, every 15m", 15s, 15min));
  return judges;
}

}  // namespace guard::decisions
