// SPDX-License-Identifier: Apache-2.0
//
// A thousand rule files as `check` looks at them without a server, beside reading and parsing them with yaml-cpp alone.
#include "guard/base/file.hpp"
#include "guard/config/findings.hpp"
#include "guard/config/load.hpp"
#include "tests/bench/ratios.hpp"
#include "tests/support/folder.hpp"

#include <benchmark/benchmark.h>
#include <filesystem>
#include <fstream>
#include <re2/re2.h>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

namespace guard::bench {
namespace {

namespace fs = std::filesystem;

constexpr int count = 1000;

// The example of a whole production, once for each of as many services.
std::vector<fs::path> written_to(const test::Folder& folder) {
  const auto text = read_file(fs::path(SOURCE_DIR) / "rules" / "meme-maker.yml").value();
  std::vector<fs::path> out;
  for (int i = 0; i < count; ++i) {
    auto own = text;
    RE2::GlobalReplace(&own, "meme-maker", fmt::format("service-{}", i));
    out.push_back(folder / fmt::format("{}.yml", i));
    std::ofstream(out.back()) << own;
  }
  return out;
}

void parsing(benchmark::State& state) {
  const test::Folder folder;
  const auto files = written_to(folder);
  for (auto _ : state)
    for (const auto& file : files) benchmark::DoNotOptimize(YAML::Load(read_file(file).value()));
}
BENCHMARK(parsing)->Unit(benchmark::kMillisecond);

void checking(benchmark::State& state) {
  const test::Folder folder;
  const auto files = written_to(folder);
  for (auto _ : state) {
    auto loaded = config::load_rule_files(files, "");
    if (!loaded.value) throw std::runtime_error(config::format(loaded.diagnostics));
    config::Findings found;
    config::add(found, loaded.diagnostics, loaded.value->groups);
    benchmark::DoNotOptimize(config::summary_of(found));
  }
}
BENCHMARK(checking)->Unit(benchmark::kMillisecond);

}  // namespace

std::vector<Ratio> ratios() {
  return {
      {"checking", "parsing", "Checking a thousand rule files takes {} times as long as reading and parsing them."}};
}

}  // namespace guard::bench
