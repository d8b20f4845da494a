// SPDX-License-Identifier: Apache-2.0
//
// One round of a busy guard: 1000 releases of 8 rules each.
#include "guard/config/load.hpp"
#include "guard/core/fleet.hpp"
#include "guard/core/round.hpp"
#include "guard/metrics/answer_decoder.hpp"
#include "guard/metrics/coalescing_source.hpp"
#include "tests/bench/ratios.hpp"

#include <benchmark/benchmark.h>

#include <fmt/format.h>

namespace guard::bench {
namespace {

using namespace std::chrono_literals;

constexpr int releases = 1000;
constexpr int rules = 8;
constexpr Instant now{WallTime{1'700'000'000s}, MonoTime{10h}};

model::RuleGroupPtr group() {
  std::string text =
      "groups:\n"
      "  - name: bench\n"
      "    match: ['service=~\"shop.*\"']\n"
      "    window: 2h\n"
      "    rollback: { mode: observe }\n"
      "    rules:\n";
  for (int i = 0; i < rules; ++i)
    text += fmt::format(
        "      - {{ slo: rule_{0}, expr: 'sum by (service) (rate(metric_{0}{{service=\"{{{{ service }}}}\"}}[5m]))', "
        "objective: \"< 1\", on_no_data: hold, on_error: hold, preexisting: rollback }}\n",
        i);
  const auto loaded = config::parse_rules(text, "bench.yml");
  if (!loaded.value) throw std::runtime_error(format(loaded.diagnostics));
  return loaded.value->front();
}

std::string answer(int series) {
  std::string list;
  for (int i = 0; i < series; ++i)
    list +=
        fmt::format(R"({}{{"metric":{{"service":"shop-{}","environment":"production"}},"value":[1700000000,"0.{}"]}})",
                    i == 0 ? "" : ",", i, i);
  return R"({"status":"success","data":{"resultType":"vector","result":[)" + list + "]}}";
}

core::Fleet watches() {
  const auto rule_group = group();
  core::Fleet out;
  for (int i = 0; i < releases; ++i) {
    model::Watch watch;
    watch.spec.id = fmt::format("r{}", i);
    watch.spec.service = fmt::format("shop-{}", i);
    watch.spec.environment = "production";
    watch.spec.version = "v2";
    watch.phase = model::Phase::watching;
    watch.live_at = now.wall - 10min;
    watch.switch_began = *watch.live_at;
    watch.clock.start({*watch.live_at, now.mono - 10min}, "boot");
    watch.group = rule_group;
    watch.rules.resize(rules);
    for (auto& state : watch.rules) state.answered = now + -15s;  // nothing was missed
    out.put(std::make_shared<const model::Watch>(std::move(watch)));
  }
  return out;
}

// Every question of one round with what was answered to it.
std::vector<core::Answers> answered(const core::Fleet& all) {
  std::vector<core::Answers> out;
  for (const auto& [id, watch] : all) {
    core::Answers answers;
    answers.asked = core::ask(*watch, core::Part::measured, now);
    for (const auto& question : answers.asked.queries)
      answers.keep(question, std::vector{model::Sample{{{"service", watch->spec.service}}, 0.5, now.wall}});
    out.push_back(std::move(answers));
  }
  return out;
}

void decode_round(benchmark::State& state) {
  const auto questions = answered(watches()).front().asked.queries.size();
  const auto body = answer(1);
  for (auto _ : state)
    for (std::size_t i = 0; i < releases * questions; ++i)
      benchmark::DoNotOptimize(metrics::decode_answer({200, body, false}));
}
BENCHMARK(decode_round)->Unit(benchmark::kMillisecond);

void ask_round(benchmark::State& state) {
  const auto all = watches();
  for (auto _ : state)
    for (const auto& [id, watch] : all) benchmark::DoNotOptimize(core::ask(*watch, core::Part::measured, now));
}
BENCHMARK(ask_round)->Unit(benchmark::kMillisecond);

void judge_round(benchmark::State& state) {
  const auto all = watches();
  const auto answers = answered(all);
  for (auto _ : state)
    for (const auto& of_release : answers)
      benchmark::DoNotOptimize(core::read(*all.find(of_release.asked.release), of_release));
}
BENCHMARK(judge_round)->Unit(benchmark::kMillisecond);

// A server whose answer about a hundred services is decoded for each question that reaches it.
class Decoding final : public metrics::MetricsSource {
 public:
  model::Samples query(const metrics::InstantQuery&) override { return metrics::decode_answer({200, body_, false}); }
  model::Samples query_raw(const metrics::InstantQuery&) override { return {}; }
  model::Samples query_range(const metrics::RangeQuery&) override { return {}; }

 private:
  std::string body_ = answer(100);
};

void ask_all(metrics::MetricsSource& source, int moment) {
  for (int i = 0; i < 100; ++i)
    benchmark::DoNotOptimize(source.query({"sum by (service) (rate(metric[5m]))", now.wall + Duration(moment), 1s}));
}

void uncoalesced(benchmark::State& state) {
  Decoding source;
  for (auto _ : state) ask_all(source, 0);
}
BENCHMARK(uncoalesced)->Unit(benchmark::kMillisecond);

void coalesced(benchmark::State& state) {
  metrics::CoalescingSource source(std::make_shared<Decoding>());
  int moment = 0;
  for (auto _ : state) ask_all(source, ++moment);
}
BENCHMARK(coalesced)->Unit(benchmark::kMillisecond);

}  // namespace

std::vector<Ratio> ratios() {
  return {{"judge_round", "decode_round",
           "Judging a round of 1000 releases x 8 rules takes {} of the time of decoding its Prometheus answers."},
          {"ask_round", "decode_round", "Making up its questions takes {} of that time."},
          {"coalesced", "uncoalesced",
           "100 releases that ask one question about 100 services take {} of the time when they share the answer (and "
           "send 1 request instead of 100)."}};
}

}  // namespace guard::bench
