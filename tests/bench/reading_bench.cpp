// SPDX-License-Identifier: Apache-2.0
//
// One reading of one rule, from the bodies of Prometheus' answers to the next state of its watch: of a share, whose
// counters come sample by sample, and of the ratio of rates that the server computes instead.
#include "guard/base/duration.hpp"
#include "guard/config/load.hpp"
#include "guard/core/round.hpp"
#include "guard/metrics/answer_decoder.hpp"
#include "tests/bench/ratios.hpp"

#include <benchmark/benchmark.h>

#include <fmt/format.h>

namespace guard::bench {
namespace {

using namespace std::chrono_literals;

constexpr Instant now{WallTime{1'700'000'000s}, MonoTime{10h}};
constexpr Duration scrape = 15s;

// What an instance exports of its requests: those of four handlers, and the failures of one of them.
constexpr int series_of_all = 5;
constexpr int series_of_failures = 1;

constexpr const char* share_rule =
    "{ slo: errors, bad: 'requests_total{status=~\"5..\"}', total: requests_total, objective: \"< 1%\" }";
constexpr const char* ratio_rule =
    "{ slo: errors, expr: '(sum(rate(requests_total{status=~\"5..\"}[5m])) or vector(0)) / "
    "sum(rate(requests_total[5m]))', objective: \"< 1%\", for: 5m }";

model::Watch watch_of(const std::string& rule) {
  const auto loaded = config::parse_rules(
      "groups: [{ name: bench, match: ['service=\"shop\"'], window: 2h, settle: 0s, rollback: { mode: observe },\n"
      "  defaults: { on_no_data: hold, on_error: hold, preexisting: rollback }, rules: [" +
          rule + "] }]",
      "bench.yml");
  if (!loaded.value) throw std::runtime_error(format(loaded.diagnostics));
  model::Watch watch;
  watch.spec.service = "shop";
  watch.spec.environment = "production";
  watch.spec.version = "v2";
  watch.phase = model::Phase::watching;
  watch.live_at = now.wall - 10min;
  watch.switch_began = *watch.live_at;
  watch.clock.start({*watch.live_at, now.mono - 10min}, "boot");
  watch.group = loaded.value->front();
  watch.rules.resize(1);
  return watch;
}

// Those of a counter that rises with each scrape, or not at all.
std::string samples(Duration range, WallTime at, bool rises) {
  std::string out;
  for (auto then = at - range + scrape; then <= at; then += scrape)
    out += fmt::format(R"({}[{}.123,"{}"])", out.empty() ? "" : ",", then.time_since_epoch() / 1s,
                       rises ? then.time_since_epoch() / 1s - 1'699'000'000 : 12);
  return out;
}

std::string series(int instance, int number, const std::string& values) {
  return fmt::format(
      R"({{"metric":{{"__name__":"requests_total","handler":"/api/things/{1}","instance":"app-{0}:8000",)"
      R"("job":"shop","method":"GET","status":"{2}xx"}},"values":[{3}]}})",
      instance, number, number < series_of_failures ? 5 : 2, values);
}

std::string body_of(const core::Question& question, int instances) {
  if (!core::is_raw(question))
    return fmt::format(R"({{"status":"success","data":{{"resultType":"vector","result":[{{"metric":{{}},)"
                       R"("value":[{},"0.00123"]}}]}}}})",
                       question.at.time_since_epoch() / 1s);
  const auto open = question.expr.rfind('[');
  const auto range = parse_duration(question.expr.substr(open + 1, question.expr.size() - open - 2)).value();
  const auto count = question.expr.find("5..") == std::string::npos ? series_of_all : series_of_failures;
  std::string list;
  for (int instance = 0; instance < instances; ++instance)
    for (int i = 0; i < count; ++i)
      list += (list.empty() ? "" : ",") + series(instance, i, samples(range, question.at, i >= series_of_failures));
  return R"({"status":"success","data":{"resultType":"matrix","result":[)" + list + "]}}";
}

using Bodies = std::vector<std::string>;

Bodies bodies_of(const core::Questions& questions, int instances) {
  Bodies out;
  for (const auto& question : questions.queries) out.push_back(body_of(question, instances));
  return out;
}

model::Watch read(const model::Watch& watch, const core::Questions& questions, const Bodies& bodies) {
  core::Answers answers;
  answers.asked = questions;
  for (std::size_t i = 0; i < bodies.size(); ++i)
    answers.keep(questions.queries[i], metrics::decode_answer({200, bodies[i], false}));
  return core::read(watch, answers)->watch;
}

// The same reading again and again, of a watch that has been read a scrape before.
void readings(benchmark::State& state, const char* rule, int instances) {
  auto watch = watch_of(rule);
  const auto before = core::ask(watch, core::Part::measured, now + -scrape);
  watch = read(watch, before, bodies_of(before, instances));
  const auto questions = core::ask(watch, core::Part::measured, now);
  const auto bodies = bodies_of(questions, instances);
  for (auto _ : state) benchmark::DoNotOptimize(read(watch, questions, bodies));
  if (watch.rules[0].last->outcome == model::Outcome::error) throw std::runtime_error(watch.rules[0].last->detail);
}

void share_reading(benchmark::State& state) {
  readings(state, share_rule, 1);
}
BENCHMARK(share_reading)->Unit(benchmark::kMicrosecond);

void share_reading_of_ten(benchmark::State& state) {
  readings(state, share_rule, 10);
}
BENCHMARK(share_reading_of_ten)->Unit(benchmark::kMicrosecond);

void ratio_reading(benchmark::State& state) {
  readings(state, ratio_rule, 1);
}
BENCHMARK(ratio_reading)->Unit(benchmark::kMicrosecond);

}  // namespace

std::vector<Ratio> ratios() {
  return {{"share_reading", "ratio_reading",
           "Reading a share of events from the counters of one instance takes {} times as long as reading a ratio of "
           "rates that the server computed;"},
          {"share_reading_of_ten", "ratio_reading", "from those of ten instances, {} times."}};
}

}  // namespace guard::bench
