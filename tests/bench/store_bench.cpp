// SPDX-License-Identifier: Apache-2.0
//
// What a commit costs, and what it saves to let operations that wait share one.
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
    out.events.push_back({out.watches.back().spec.id, store::test::at(1'700'000'000), model::Note{}, "ok -> pending"});
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

void encode(benchmark::State& state) {
  const auto changes = batch(1);
  for (auto _ : state) benchmark::DoNotOptimize(store::encode(changes.watches.front()));
}
BENCHMARK(encode);

}  // namespace

std::vector<Ratio> ratios() {
  return {
      {"commit/64/real_time", "commit/1/real_time",
       "Committing 64 operations together takes {} times as long as committing one (64 times, if each were alone)."},
      {"encode", "commit/1/real_time", "Writing a watch as JSON takes {} of the time of its commit."}};
}

}  // namespace guard::bench
