// SPDX-License-Identifier: Apache-2.0
#include "exporters/process_collector.hpp"

#include "guard/base/file.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <malloc.h>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>

namespace guard::exporters {
namespace {

namespace fs = std::filesystem;

// Takes the next word from the front; empty where there is none.
std::string_view next_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \n"), text.size()));
  const auto word = text.substr(0, text.find_first_of(" \n"));
  text.remove_prefix(word.size());
  return word;
}

std::optional<double> number(std::string_view word) {
  double value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  return error == std::errc{} ? std::optional(value) : std::nullopt;
}

// What follows the first place where `key` stands; empty where it does not.
std::string_view behind(std::string_view text, std::string_view key) {
  const auto at = text.find(key);
  return at == std::string_view::npos ? std::string_view() : text.substr(at + key.size());
}

// Field `field` of /proc/PID/stat as proc(5) counts them. The second may hold blanks and parentheses itself, so
// counting starts behind its last parenthesis.
std::optional<double> stat_field(std::string_view stat, int field) {
  const auto name_end = stat.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  auto rest = stat.substr(name_end + 1);
  std::string_view word;
  for (int at = 3; at <= field; ++at) word = next_word(rest);
  return number(word);
}

// When the machine started, as Unix time.
std::optional<double> boot_time(std::string_view stat) {
  auto rest = behind(stat, "\nbtime ");
  return number(next_word(rest));
}

// How much of it the process may have, as /proc/PID/limits says; where that is unlimited, the largest number of 64
// bits.
std::optional<double> soft_limit(std::string_view limits, std::string_view name) {
  constexpr double unlimited = 18446744073709551615.0;
  auto rest = behind(limits, name);
  const auto word = next_word(rest);
  return word == "unlimited" ? std::optional(unlimited) : number(word);
}

// The value of `name` in /proc/PID/net/netstat, which has a line of names before each line of values.
std::optional<double> traffic(std::string_view netstat, std::string_view name) {
  constexpr std::string_view title = "\nIpExt:";
  auto names = behind(netstat, title);
  auto values = behind(names, title);
  while (true) {
    const auto known = next_word(names);
    const auto value = next_word(values);
    if (known.empty() || value.empty()) return std::nullopt;
    if (known == name) return number(value);
  }
}

// What the C library has taken from the system for the program's objects.
double heap() {
  const auto info = ::mallinfo2();
  return static_cast<double>(info.arena) + static_cast<double>(info.hblkhd);
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

// The families, for what is known.
class Families {
 public:
  void gauge(std::string name, std::string help, std::optional<double> value) {
    put({std::move(name), std::move(help), prometheus::MetricType::Gauge, {}}, value);
  }
  void counter(std::string name, std::string help, std::optional<double> value) {
    put({std::move(name), std::move(help), prometheus::MetricType::Counter, {}}, value);
  }
  std::vector<prometheus::MetricFamily> take() { return std::move(out_); }

 private:
  void put(prometheus::MetricFamily family, std::optional<double> value) {
    if (!value) return;
    prometheus::ClientMetric metric;
    metric.gauge.value = metric.counter.value = *value;
    family.metric.push_back(metric);
    out_.push_back(std::move(family));
  }

  std::vector<prometheus::MetricFamily> out_;
};

void add_stat(Families& out, std::string_view stat, std::optional<double> boot) {
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const auto user = stat_field(stat, 14);
  const auto system = stat_field(stat, 15);
  const auto started = stat_field(stat, 22);
  const auto pages = stat_field(stat, 24);
  std::optional<double> used;
  if (user && system) used = (*user + *system) / ticks;
  std::optional<double> since;
  if (boot && started) since = *boot + *started / ticks;
  std::optional<double> resident;
  if (pages) resident = *pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
  out.counter("process_cpu_seconds_total", "Processor time used, user and system.", used);
  out.gauge("process_start_time_seconds", "When the process started, as Unix time.", since);
  out.gauge("process_resident_memory_bytes", "Memory in use that is in RAM.", resident);
  out.gauge("process_virtual_memory_bytes", "Virtual memory in use.", stat_field(stat, 23));
  out.gauge("process_threads", "Threads of the process.", stat_field(stat, 20));
}

}  // namespace

std::vector<prometheus::MetricFamily> ProcessCollector::Collect() const {
  const auto self = proc_ / "self";
  const auto limits = read_file(self / "limits").value_or("");
  const auto netstat = read_file(self / "net" / "netstat").value_or("");
  Families out;
  add_stat(out, read_file(self / "stat").value_or(""), boot_time(read_file(proc_ / "stat").value_or("")));
  out.gauge("process_virtual_memory_max_bytes", "How much virtual memory it may use.",
            soft_limit(limits, "Max address space"));
  out.gauge("process_heap_bytes", "Memory taken from the system for the program's objects.", heap());
  out.gauge("process_open_fds", "Open file descriptors.", open_files(self / "fd"));
  out.gauge("process_max_fds", "How many file descriptors it may open.", soft_limit(limits, "Max open files"));
  out.counter("process_network_receive_bytes_total", "Bytes received over IP in the process's network namespace.",
              traffic(netstat, "InOctets"));
  out.counter("process_network_transmit_bytes_total", "Bytes sent over IP in the process's network namespace.",
              traffic(netstat, "OutOctets"));
  return out.take();
}

}  // namespace guard::exporters
