// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/ratios.hpp"

#include <benchmark/benchmark.h>
#include <map>
#include <unistd.h>

#include <fmt/format.h>

namespace guard::bench {
namespace {

// What waits for a disk is measured by the clock; all else by the processor's time, so that a busy machine does no
// harm.
double seconds(const benchmark::BenchmarkReporter::Run& run) {
  const auto time = run.benchmark_name().ends_with("/real_time") ? run.GetAdjustedRealTime() : run.GetAdjustedCPUTime();
  return time / benchmark::GetTimeUnitMultiplier(run.time_unit);
}

// The usual table, and the times to compare.
class Remembering final : public benchmark::ConsoleReporter {
 public:
  Remembering() : ConsoleReporter(::isatty(STDOUT_FILENO) == 1 ? OO_Color : OO_None) {}
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const auto& run : runs)
      if (run.iterations > 0 && run.run_type == Run::RT_Iteration) seconds_[run.benchmark_name()] = seconds(run);
    ConsoleReporter::ReportRuns(runs);
  }
  void say(const Ratio& ratio) const {
    const auto a = seconds_.find(ratio.what);
    const auto b = seconds_.find(ratio.compared);
    if (a == seconds_.end() || b == seconds_.end()) return;  // left out by --benchmark_filter
    fmt::print("{}\n", fmt::format(fmt::runtime(ratio.words), fmt::format("{:.2g}", a->second / b->second)));
  }

 private:
  std::map<std::string, double> seconds_;
};

}  // namespace
}  // namespace guard::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  guard::bench::Remembering reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  for (const auto& ratio : guard::bench::ratios()) reporter.say(ratio);
  return 0;
}
