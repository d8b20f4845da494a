// SPDX-License-Identifier: Apache-2.0
#include "exporters/process_collector.hpp"

#include "guard/base/file.hpp"

#include <charconv>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>

namespace guard::exporters {
namespace {

namespace fs = std::filesystem;

struct Metric {
  std::string name;
  std::string help;
  prometheus::MetricType type = prometheus::MetricType::Gauge;
};

// Field `number` of /proc/PID/stat as proc(5) counts them. The second may hold blanks and parentheses itself, so
// counting starts behind its last parenthesis.
std::optional<double> stat_field(std::string_view stat, int number) {
  const auto name_end = stat.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  auto rest = stat.substr(name_end + 1);
  for (int at = 3;; ++at) {
    const auto begin = rest.find_first_not_of(" \n");
    if (begin == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(begin);
    const auto word = rest.substr(0, rest.find_first_of(" \n"));
    rest.remove_prefix(word.size());
    if (at < number) continue;
    double value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    return error == std::errc{} ? std::optional(value) : std::nullopt;
  }
}

// When the machine started, as Unix time.
std::optional<double> boot_time(std::string_view stat) {
  constexpr std::string_view key = "\nbtime ";
  const auto at = stat.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  double value = 0;
  const auto error = std::from_chars(stat.data() + at + key.size(), stat.data() + stat.size(), value).ec;
  return error == std::errc{} ? std::optional(value) : std::nullopt;
}

std::optional<double> open_files(const fs::path& folder) {
  std::error_code error;
  auto entries = fs::directory_iterator(folder, error);
  if (error) return std::nullopt;
  double count = 0;
  for (; entries != fs::directory_iterator(); entries.increment(error), ++count)
    if (error) return std::nullopt;
  return count - 1;  // reading the folder held one open
}

void put(std::vector<prometheus::MetricFamily>& out, Metric what, std::optional<double> value) {
  if (!value) return;
  prometheus::ClientMetric metric;
  metric.gauge.value = metric.counter.value = *value;
  out.push_back({std::move(what.name), std::move(what.help), what.type, {metric}});
}

}  // namespace

std::vector<prometheus::MetricFamily> ProcessCollector::Collect() const {
  const auto stat = read_file(proc_ / "self" / "stat").value_or("");
  const auto boot = boot_time(read_file(proc_ / "stat").value_or(""));
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const auto user = stat_field(stat, 14);
  const auto system = stat_field(stat, 15);
  const auto started = stat_field(stat, 22);
  const auto pages = stat_field(stat, 24);
  std::vector<prometheus::MetricFamily> out;
  put(out, {"process_cpu_seconds_total", "Processor time used, user and system.", prometheus::MetricType::Counter},
      user && system ? std::optional((*user + *system) / ticks) : std::nullopt);
  put(out, {"process_start_time_seconds", "When the process started, as Unix time."},
      boot && started ? std::optional(*boot + *started / ticks) : std::nullopt);
  put(out, {"process_resident_memory_bytes", "Memory in use that is in RAM."},
      pages ? std::optional(*pages * static_cast<double>(::sysconf(_SC_PAGESIZE))) : std::nullopt);
  put(out, {"process_open_fds", "Open file descriptors."}, open_files(proc_ / "self" / "fd"));
  return out;
}

}  // namespace guard::exporters
