// SPDX-License-Identifier: Apache-2.0
//
// What a commit costs, and what it saves to let operations that wait share one.
#include "guard/store/group_json.hpp"
#include "guard/store/sqlite_store.hpp"
#include "guard/store/watch_json.hpp"
#include "tests/bench/ratios.hpp"
#include "tests/store/sample.hpp"

#include <benchmark/benchmark.h>

#include <fmt/format.h>

namespace guard::bench {
namespace {

// `operations` changes of watches, each with its line in the timeline, in one commit.
store::Batch batch(int operations) {
  store::Batch out;
  for (int i = 0; i < operations; ++i) {
    out.watches.push_back(store::test::open_watch(fmt::format("r{}", i), store::test::at(1'700'000'000)));
    out.events.push_back({out.watches.back()->spec.id, store::test::at(1'700'000'000), model::Note{}, "ok -> pending"});
  }
  return out;
}

void commit(benchmark::State& state) {
  const store::test::Folder folder;
  const auto journal = store::open_journal(folder.path());
  const auto changes = batch(static_cast<int>(state.range(0)));
  for (auto _ : state)
    if (const auto committed = (*journal)->commit(changes); !committed) state.SkipWithError("the commit failed");
}
BENCHMARK(commit)->Arg(1)->Arg(64)->UseRealTime();

// As a round leaves it: 8 rules that were read.
model::Watch judged() {
  auto watch = store::test::open_watch("r", store::test::at(1'700'000'000));
  model::RuleGroup group;
  for (int i = 0; i < 8; ++i) {
    model::Rule rule;
    rule.slo = fmt::format("objective_{}", i);
    rule.expr = *promql::TextTemplate::parse(
        R"(sum(rate(http_requests_total{service="{{ service }}",status=~"5.."}[5m])))", promql::TemplateKind::promql);
    rule.annotations.emplace("summary",
                             *promql::TextTemplate::parse("{{ service }} fails", promql::TemplateKind::text));
    group.rules.push_back(std::move(rule));
    model::RuleState state;
    state.last = model::Evaluation{};
    state.recent.assign(20, false);
    watch.rules.push_back(std::move(state));
  }
  watch.group = std::make_shared<const model::RuleGroup>(std::move(group));
  return watch;
}

void encode_watch(benchmark::State& state) {
  const auto watch = judged();
  std::string text;
  for (auto _ : state) benchmark::DoNotOptimize(text = store::encode(watch));
  state.counters["bytes"] = static_cast<double>(text.size());
}
BENCHMARK(encode_watch);

void encode_rules(benchmark::State& state) {
  const auto group = judged().group;
  std::string text;
  for (auto _ : state) benchmark::DoNotOptimize(text = store::encode(*group));
  state.counters["bytes"] = static_cast<double>(text.size());
}
BENCHMARK(encode_rules);

}  // namespace

std::vector<Ratio> ratios() {
  return {
      {"commit/64/real_time", "commit/1/real_time",
       "Committing 64 operations together takes {} times as long as committing one (64 times, if each were alone)."},
      {"encode_watch", "commit/1/real_time", "Writing a watch of 8 rules as JSON takes {} of the time of a commit."},
      {"encode_rules", "encode_watch",
       "Its rules, which are written once and not in each round, would take {} of the time of the rest."}};
}

}  // namespace guard::bench
