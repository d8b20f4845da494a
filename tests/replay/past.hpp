// SPDX-License-Identifier: Apache-2.0
//
// A recorded past that a test makes up: for each expression what it was worth at each moment.
#pragma once

#include "guard/base/duration.hpp"
#include "guard/config/load.hpp"
#include "guard/metrics/metrics_source.hpp"
#include "guard/replay/release.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace guard::replay {

using namespace std::chrono_literals;

inline constexpr WallTime live{std::chrono::seconds(1'700'000'010)};  // on the grid of 15 s

class Past final : public metrics::MetricsSource {
 public:
  using Values = std::function<std::vector<model::Sample>(WallTime)>;

  model::Samples query(const metrics::InstantQuery& query) override {
    ++asked;
    if (failing && query.at >= *failing) return away();
    auto out = worth_of(query.expr, query.at);
    for (auto& sample : out) sample.at = query.at;
    return out;
  }
  // Of counters that are scraped each quarter of a minute.
  model::Samples query_raw(const metrics::InstantQuery& query) override {
    ++asked;
    const auto open = query.expr.rfind('[');
    const auto each = counted.find(query.expr.substr(0, open));
    const auto range = parse_duration(query.expr.substr(open + 1, query.expr.size() - open - 2));
    std::vector<model::Sample> out;
    for (auto at = live - Duration(24h); each != counted.end() && at <= query.at; at += 15s)
      if (at > query.at - *range)
        out.push_back(
            {{{"job", "shop"}, {"instance", "a"}}, each->second * static_cast<double>((at - live) / 15s + 9999), at});
    return out;
  }
  model::Samples query_range(const metrics::RangeQuery& query) override {
    ++asked;
    if (longest && query.to - query.from > *longest) return away();
    if (failing && query.to >= *failing) return away();
    std::vector<model::Sample> out;
    const auto known = worth.find(query.expr);
    for (auto at = query.from; at <= query.to && known != worth.end(); at += query.step)
      for (auto sample : known->second(at)) {
        sample.at = at;
        out.push_back(std::move(sample));
      }
    return out;
  }

  std::vector<model::Sample> worth_of(const std::string& expr, WallTime at) const {
    if (const auto known = worth.find(expr); known != worth.end()) return known->second(at);
    for (const auto& [begin, values] : any_like)
      if (expr.starts_with(begin)) return values(at);
    return {};
  }
  static model::Samples away() {
    return std::unexpected(model::SourceError{model::Reason::query_failed, "no answer", false});
  }

  std::map<std::string, Values> worth;
  std::map<std::string, Values> any_like;  // by how the expression begins
  std::map<std::string, double> counted;   // by selector, what each scrape adds
  std::optional<Duration> longest;         // of a range that is answered
  std::optional<WallTime> failing;         // from then on
  int asked = 0;
};

inline std::vector<model::Sample> one(double value, model::Labels labels = {}) {
  return {{std::move(labels), value, {}}};
}

// The first group of these rules, which stand under `rules:`.
inline model::RuleGroupPtr group_of(const std::string& rules, const std::string& mode = "enforce",
                                    const std::string& interval = "15s") {
  const auto loaded = config::parse_rules(R"(
defaults: { on_no_data: hold, on_error: hold }
groups:
  - name: shop
    match: ['service="shop"', 'environment="production"']
    window: 30m
    settle: 1m
    interval: )" + interval + R"(
    rollback: { hook: rollback, mode: )" + mode +
                                              R"(, verify: 10m, cooldown: 1h }
    rules:
)" + rules,
                                          "shop.yml");
  EXPECT_TRUE(loaded.value) << config::format(loaded.diagnostics);
  return loaded.value->front();
}

inline const std::string error_rate = R"(
      - { slo: error_rate, expr: error_rate, objective: "< 1%", for: 1m, max_age: 0s }
)";

inline Release release(const std::string& version = "v2", WallTime at = live) {
  Release out;
  out.spec.id = version;
  out.spec.service = "shop";
  out.spec.environment = "production";
  out.spec.version = version;
  out.spec.previous_version = version == "v2" ? "v1" : "";
  out.spec.live_at = at;
  return out;
}

}  // namespace guard::replay
