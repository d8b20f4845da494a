// SPDX-License-Identifier: Apache-2.0
//
// A message of 100 alerts: what checking and keeping it costs over reading its JSON at all.
#include "guard/alerts/webhook.hpp"
#include "guard/base/json.hpp"
#include "tests/bench/ratios.hpp"

#include <benchmark/benchmark.h>

#include <fmt/format.h>

namespace guard::bench {
namespace {

std::string message(int alerts) {
  std::string list;
  for (int i = 0; i < alerts; ++i)
    list += fmt::format(
        R"({}{{"status":"firing","labels":{{"alertname":"HighErrorRate","service":"shop-{}","severity":"critical"}},)"
        R"("annotations":{{"summary":"5xx share of shop-{} is 12%"}},"startsAt":"2026-01-31T12:00:00.123456789Z",)"
        R"("endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://prometheus:9090/graph","fingerprint":"{:016x}"}})",
        i == 0 ? "" : ",", i, i, i);
  return R"({"version":"4","groupKey":"{}","status":"firing","receiver":"release-guard","alerts":[)" + list + "]}";
}

void plain_json(benchmark::State& state) {
  const auto body = message(100);
  for (auto _ : state) benchmark::DoNotOptimize(json::parse(body));
}
BENCHMARK(plain_json);

void notification(benchmark::State& state) {
  const auto body = message(100);
  for (auto _ : state) benchmark::DoNotOptimize(alerts::parse_notification(body));
}
BENCHMARK(notification);

}  // namespace

std::vector<Ratio> ratios() {
  return {{"notification", "plain_json",
           "A webhook of 100 alerts takes {} times as long as parsing its JSON with Boost.JSON alone."}};
}

}  // namespace guard::bench
