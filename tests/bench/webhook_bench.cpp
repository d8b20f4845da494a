// SPDX-License-Identifier: Apache-2.0
//
// What checking and keeping messages of alerts costs: over reading their JSON at all, and once as much is kept as ever
// is over when nothing is.
#include "guard/alerts/received_alerts.hpp"
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

// Posts of one new alert each, which fires in one and has ended in the next.
void post(benchmark::State& state, std::size_t kept) {
  const WallTime noon{std::chrono::seconds(1'769'860'800)};
  auto one = alerts::parse_notification(message(1)).value();
  std::size_t number = 0;
  const auto next = [&] {
    auto& alert = one.alerts.front();
    alert.fingerprint = fmt::format("{:016x}", ++number);
    alert.status = number % 2 == 0 ? alerts::AlertStatus::firing : alerts::AlertStatus::resolved;
  };
  alerts::ReceivedAlerts received;
  for (; number < kept; next()) received.apply(one, noon);
  for (auto _ : state) {
    next();
    benchmark::DoNotOptimize(received.apply(one, noon + std::chrono::seconds(number)));
    if (number % 1000 == 0 && kept == 0) {
      state.PauseTiming();
      received = alerts::ReceivedAlerts();
      state.ResumeTiming();
    }
  }
}
void early_post(benchmark::State& state) {
  post(state, 0);
}
void late_post(benchmark::State& state) {
  post(state, alerts::most_alerts);
}
BENCHMARK(early_post);
BENCHMARK(late_post);

}  // namespace

std::vector<Ratio> ratios() {
  return {{"notification", "plain_json",
           "A webhook of 100 alerts takes {} times as long as parsing its JSON with Boost.JSON alone."},
          {"late_post", "early_post", "Keeping an alert takes {} times as long once 10000 are kept as with few."}};
}

}  // namespace guard::bench
