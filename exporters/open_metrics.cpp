// SPDX-License-Identifier: Apache-2.0
#include "exporters/open_metrics.hpp"

#include <array>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

namespace guard::exporters {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

constexpr std::string_view total = "_total";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out;
}

// The shortest text that reads as the same number, under any locale.
std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

// As a label: 1 and 1.0 are two texts, and the standard chooses the second.
std::string canonical(double value) {
  auto out = number(value);
  if (out.find_first_not_of("-0123456789") == std::string::npos) out += ".0";
  return out;
}

// What is measured, where the name says it as names should.
std::string_view unit_of(std::string_view name) {
  static constexpr std::array<std::string_view, 3> units{"seconds", "bytes", "ratio"};
  for (const auto unit : units)
    if (name.size() > unit.size() && name.ends_with(unit) && name[name.size() - unit.size() - 1] == '_') return unit;
  return {};
}

// Adds the series of one family.
class Writer {
 public:
  Writer(const MetricFamily& family, std::string& out) : family_(family), out_(out) {}

  void write() {
    const bool counts = family_.type == MetricType::Counter && family_.name.ends_with(total);
    auto name = family_.name;
    if (counts) name.resize(name.size() - total.size());
    out_ += fmt::format("# TYPE {} {}\n", name, type_name(counts));
    if (const auto unit = unit_of(name); !unit.empty()) out_ += fmt::format("# UNIT {} {}\n", name, unit);
    if (!family_.help.empty()) out_ += fmt::format("# HELP {} {}\n", name, escaped(family_.help));
    for (const auto& metric : family_.metric) write(metric);
  }

 private:
  std::string_view type_name(bool counts) const {
    switch (family_.type) {
      case MetricType::Counter:
        return counts ? "counter" : "unknown";
      case MetricType::Gauge:
        return "gauge";
      case MetricType::Summary:
        return "summary";
      case MetricType::Untyped:
        return "unknown";
      case MetricType::Histogram:
        return "histogram";
    }
    return "unknown";
  }

  void write(const ClientMetric& metric) {
    switch (family_.type) {
      case MetricType::Counter:
        return sample("", metric.label, number(metric.counter.value));
      case MetricType::Gauge:
        return sample("", metric.label, number(metric.gauge.value));
      case MetricType::Untyped:
        return sample("", metric.label, number(metric.untyped.value));
      case MetricType::Summary:
        return summary(metric);
      case MetricType::Histogram:
        return histogram(metric);
    }
  }

  void summary(const ClientMetric& metric) {
    for (const auto& part : metric.summary.quantile)
      sample("", with(metric.label, "quantile", canonical(part.quantile)), number(part.value));
    sums(metric.label, metric.summary.sample_count, metric.summary.sample_sum);
  }

  // The last bucket of all is the count, whether the source has it or not.
  void histogram(const ClientMetric& metric) {
    bool whole = false;
    for (const auto& bucket : metric.histogram.bucket) {
      whole = whole || std::isinf(bucket.upper_bound);
      sample("_bucket", with(metric.label, "le", canonical(bucket.upper_bound)),
             fmt::to_string(bucket.cumulative_count));
    }
    if (!whole) sample("_bucket", with(metric.label, "le", "+Inf"), fmt::to_string(metric.histogram.sample_count));
    sums(metric.label, metric.histogram.sample_count, metric.histogram.sample_sum);
  }

  void sums(const Labels& labels, std::uint64_t count, double sum) {
    sample("_count", labels, fmt::to_string(count));
    sample("_sum", labels, number(sum));
  }

  static Labels with(Labels labels, std::string name, std::string value) {
    labels.push_back({std::move(name), std::move(value)});
    return labels;
  }

  void sample(std::string_view suffix, const Labels& labels, const std::string& value) {
    out_ += family_.name;
    out_ += suffix;
    for (std::size_t i = 0; i < labels.size(); ++i)
      out_ += fmt::format("{}{}=\"{}\"", i == 0 ? "{" : ",", labels[i].name, escaped(labels[i].value));
    out_ += labels.empty() ? " " : "} ";
    out_ += value;
    out_ += '\n';
  }

  const MetricFamily& family_;
  std::string& out_;
};

}  // namespace

std::string open_metrics(const std::vector<MetricFamily>& families) {
  std::string out;
  for (const auto& family : families) Writer(family, out).write();
  return out + "# EOF\n";
}

}  // namespace guard::exporters
