// SPDX-License-Identifier: Apache-2.0
#include "tests/decisions/open_metrics.hpp"

#include <vector>

#include <fmt/format.h>

namespace guard::decisions {
namespace {

// "up{instance="shop-0:8080",job="story-1"}"; "shop" is but the beginning of its neighbour's job.
std::string identity(const model::Labels& labels, const std::string& job) {
  std::vector<std::string> pairs;
  for (const auto& [name, value] : labels)
    if (name != "__name__")
      pairs.push_back(fmt::format("{}=\"{}\"", name, name == "job" ? job + value.substr(4) : value));
  return fmt::format("{}{{{}}}", labels.at("__name__"), fmt::join(pairs, ","));
}

bool is_told(WallTime at, WallTime live, const OpenMetrics::Told& told) {
  return at > live - told.before && at <= live + told.after;
}

}  // namespace

void OpenMetrics::add(const sim::Story& story, const Told& told) {
  for (const auto& series : story.series) {
    const auto& labels = series.labels();
    const auto& name = labels.at("__name__");
    if (labels.contains("le") && series.le() != 1) continue;
    auto& out = name == "up" ? up_ : name == "http_requests_total" ? requests_ : times_;
    const auto called = identity(labels, told.job);
    for (std::size_t i = 0; i < series.at().size(); ++i) {
      const auto at = series.at()[i];
      if (!is_told(at, story.live, told) && !is_told(at + sim::a_week, story.live, told)) continue;
      const auto time = (at + told.later).time_since_epoch().count();
      out += fmt::format("{} {} {}.{:03}\n", called, series.value(i), time / 1000, time % 1000);
    }
  }
}

std::string OpenMetrics::text() const {
  return "# TYPE http_requests counter\n" + requests_ + "# TYPE http_request_duration_seconds histogram\n" + times_ +
         "# TYPE up gauge\n" + up_ + "# EOF\n";
}

}  // namespace guard::decisions
