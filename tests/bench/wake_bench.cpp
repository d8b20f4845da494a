// SPDX-License-Identifier: Apache-2.0
//
// What a wake of the loop costs by itself, where nothing is due: each commit, webhook and answer makes one.
#include "tests/bench/ratios.hpp"
#include "tests/engine/harness.hpp"

#include <benchmark/benchmark.h>

#include <fmt/format.h>

namespace guard::bench {
namespace {

using namespace std::chrono_literals;

// `count` releases that are being watched, read a moment ago.
void watch(test::World& world, int count) {
  auto& group = world.groups[0];
  group.match = {*model::Matcher::parse("service=~\".+\"")};
  group.window = 2h;
  group.interval = 15s;
  world.restart();
  for (int i = 0; i < count; ++i) {
    auto spec = test::shop_release(fmt::format("r{}", i));
    spec.service = fmt::format("shop-{}", i);
    if (!world.announce(spec)) throw std::runtime_error("it cannot be announced");
  }
  world.run(16s);
}

void wake(benchmark::State& state) {
  test::World world;
  watch(world, static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(world.guard->tick());
}
BENCHMARK(wake)->Arg(100)->Arg(10'000);

}  // namespace

std::vector<Ratio> ratios() {
  return {{"wake/10000", "wake/100",
           "A wake of the loop where nothing is due takes {} times as long with 10,000 open watches as with 100."}};
}

}  // namespace guard::bench
