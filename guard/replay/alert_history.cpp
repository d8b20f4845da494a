// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/alert_history.hpp"

#include <fmt/format.h>

namespace guard::replay {
namespace {

constexpr const char* firing = "ALERTS{alertstate=\"firing\"}";
// Every server that evaluates alerts has targets; where not even they have a sample, it was away.
constexpr const char* anything = "count(up)";

model::Labels labels_of_alert(model::Labels labels) {
  labels.erase("__name__");
  labels.erase("alertstate");
  return labels;
}

}  // namespace

model::Samples AlertHistory::ask(const char* expr, WallTime at) {
  return metrics_.query({expr, at, deadline_});
}

// Each fires since the first of the moments at which it did without a break.
void AlertHistory::follow(const std::vector<model::Sample>& samples, WallTime now) {
  std::map<model::Labels, WallTime> still;
  for (const auto& sample : samples) {
    const auto labels = labels_of_alert(sample.labels);
    const auto known = since_.find(labels);
    still.emplace(labels, known == since_.end() ? now : known->second);
  }
  since_ = std::move(still);
}

AlertHistory::Answer AlertHistory::at(WallTime now) {
  if (!knows_before_) {
    const auto before = ask(firing, began_);
    if (!before) return std::unexpected(before.error());
    follow(*before, began_ - Duration{1});
    knows_before_ = true;
  }
  const auto alive = ask(anything, now);
  if (!alive) return std::unexpected(alive.error());
  if (alive->empty())
    return std::unexpected(model::SourceError{
        model::Reason::empty_result, "the server has no samples of that time, so nobody knows what fired", false});
  const auto samples = ask(firing, now);
  if (!samples) return std::unexpected(samples.error());
  follow(*samples, now);
  std::vector<model::FiringAlert> out;
  for (const auto& [labels, since] : since_) out.push_back({fmt::to_string(out.size()), labels, since});
  return model::AlertList{std::move(out)};
}

}  // namespace guard::replay
