// SPDX-License-Identifier: Apache-2.0
//
// A background analysis of Argo Rollouts.
//
// Semantics: argo-rollouts.readthedocs.io/en/stable/features/analysis; analysis/analysis.go, utils/evaluate/evaluate.go
// and utils/defaults/defaults.go of github.com/argoproj/argo-rollouts at 9f8d111d. Each metric is measured at once and
// then every `interval`. A measurement is successful, failed, or, where both conditions are given and neither holds,
// inconclusive; a query without result is an error and measured again after 10 s. More than `failureLimit` failures in
// all fail the run, more than `inconclusiveLimit` leave it inconclusive, more than 4 errors in a row end it in error.
// Failure and error abort the rollout; inconclusive pauses it for a person.
// Chosen where these are silent: the documented template (5m, failureLimit 3, irate over 5m) with the common objective
// in place of its 95%, and a second metric of the same settings for the 95th percentile, so that slowness can be seen;
// beside it the same every minute, with a failureCondition below 95% success, between which and 99% a measurement is
// inconclusive. NaN meets no condition.
#include "tests/decisions/judge.hpp"
#include "tests/decisions/shop.hpp"

#include <functional>

namespace guard::decisions {
namespace {

using sim::Answerer;

constexpr Duration retried_after = 10s;
constexpr int most_errors = 4;

struct Metric {
  std::function<std::optional<double>(Answerer&, WallTime)> query;
  std::function<bool(double)> success;
  std::function<bool(double)> failure;
};
struct Template {
  std::string name;
  Duration interval{0};
  int failure_limit = 0;
  int inconclusive_limit = 0;
  std::vector<Metric> metrics;
};

// How a metric ends, and when.
enum class End { running, aborted, inconclusive };
struct Ended {
  End how = End::running;
  Duration at = sim::window;
};

Ended run(const Template& of, const Metric& metric, Answerer& answerer) {
  int failed = 0;
  int inconclusive = 0;
  int errors = 0;
  for (Duration now{0}; now < sim::window;) {
    const auto value = metric.query(answerer, answerer.story().live + now);
    errors = value ? 0 : errors + 1;
    if (value && metric.failure(*value))
      ++failed;
    else if (value && !metric.success(*value))
      ++inconclusive;
    // The later of these overrules the earlier, as in the source.
    if (errors > most_errors) return {End::aborted, now};
    if (inconclusive > of.inconclusive_limit) return {End::inconclusive, now};
    if (failed > of.failure_limit) return {End::aborted, now};
    now += value ? of.interval : retried_after;
  }
  return {};
}

class Analysis final : public Judge {
 public:
  explicit Analysis(Template of) : of_(std::move(of)) {}
  std::string name() const override { return of_.name; }

  // The first metric that ends in failure or error ends the run, unless a person was asked before.
  std::optional<Duration> rolls_back_at(const sim::Story& story) const override {
    Answerer answerer(story);
    Ended first;
    for (const auto& metric : of_.metrics) {
      const auto ended = run(of_, metric, answerer);
      if (ended.how != End::running && ended.at < first.at) first = ended;
    }
    return first.how == End::aborted ? std::optional(first.at) : std::nullopt;
  }

 private:
  Template of_;
};

std::optional<double> success_rate(Answerer& answerer, WallTime at) {
  const auto good = answerer.sum_irate(good_requests, 5min, at);
  const auto all = answerer.sum_irate(all_requests, 5min, at);
  if (!good || !all) return std::nullopt;
  return *good / *all;
}

std::optional<double> slowest(Answerer& answerer, WallTime at) {
  return answerer.quantile(0.95, request_times, 5min, at);
}

bool succeeds(double rate) {
  return rate >= 1 - sim::most_failing;
}
bool is_fast(double seconds) {
  return seconds <= longest_seconds;
}

}  // namespace

Judges argo_judges() {
  const Metric failures{success_rate, succeeds, std::not_fn(succeeds)};
  const Metric slowness{slowest, is_fast, std::not_fn(is_fast)};
  const Metric with_gap{success_rate, succeeds, [](double rate) { return rate < 0.95; }};
  Judges judges;
  judges.push_back(std::make_unique<Analysis>(Template{"Argo Rollouts, 5m", 5min, 3, 0, {failures, slowness}}));
  judges.push_back(
      std::make_unique<Analysis>(Template{"Argo Rollouts, 1m, inconclusive", 1min, 3, 3, {with_gap, slowness}}));
  return judges;
}

}  // namespace guard::decisions
