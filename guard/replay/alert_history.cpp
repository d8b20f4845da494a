// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/alert_history.hpp"

#include <fmt/format.h>

namespace guard::replay {
namespace {

constexpr const char* firing_alerts = "ALERTS{alertstate=\"firing\"}";
// Of each alert the second since which it is active, be it pending or firing.
constexpr const char* active_since = "ALERTS_FOR_STATE";
// Every server that evaluates alerts has targets; where not even they have a sample, it was away.
constexpr const char* anything = "count(up)";

model::Labels labels_of_alert(model::Labels labels) {
  labels.erase("__name__");
  labels.erase("alertstate");
  return labels;
}

}  // namespace

model::Samples AlertHistory::ask(const char* expr, WallTime at) {
  return history_.metrics.query({expr, at, history_.deadline});
}

AlertHistory::Firing AlertHistory::firing(WallTime at) {
  if (history_.firing) return history_.firing(at);
  const auto samples = ask(firing_alerts, at);
  if (!samples) return std::unexpected(samples.error());
  std::vector<model::Labels> out;
  for (const auto& sample : *samples) out.push_back(labels_of_alert(sample.labels));
  return out;
}

std::expected<void, model::SourceError> AlertHistory::is_known(WallTime at) {
  if (history_.firing) return {};
  const auto alive = ask(anything, at);
  if (!alive) return std::unexpected(alive.error());
  if (alive->empty())
    return std::unexpected(model::SourceError{
        model::Reason::empty_result, "the server has no samples of that time, so nobody knows what fired", false});
  return {};
}

// Each fires since the first of the moments at which it did without a break.
void AlertHistory::follow(const std::vector<model::Labels>& firing, WallTime now) {
  std::map<model::Labels, WallTime> still;
  for (const auto& labels : firing) {
    const auto known = since_.find(labels);
    still.emplace(labels, known == since_.end() ? now : known->second);
  }
  since_ = std::move(still);
}

std::expected<void, model::SourceError> AlertHistory::learn_before() {
  if (const auto known = is_known(began_); !known) return std::unexpected(known.error());
  const auto before = firing(began_);
  if (!before) return std::unexpected(before.error());
  follow(*before, began_ - Duration{1});
  if (!since_.empty() && !history_.firing) date_back();
  knows_before_ = true;
  return {};
}

// Where the server does not tell when they became active, all that is known is that it was before.
void AlertHistory::date_back() {
  const auto told = ask(active_since, began_);
  const auto began = static_cast<double>(began_.time_since_epoch() / std::chrono::seconds(1));
  for (const auto& sample : told ? *told : std::vector<model::Sample>{}) {
    const auto alert = since_.find(labels_of_alert(sample.labels));
    if (alert != since_.end() && sample.value > 0 && sample.value < began)
      alert->second = WallTime(std::chrono::seconds(static_cast<std::int64_t>(sample.value)));
  }
}

AlertHistory::Answer AlertHistory::at(WallTime now) {
  // Where nobody knows what fired before, nobody knows what is the release's.
  if (!knows_before_)
    if (const auto learnt = learn_before(); !learnt) return std::unexpected(learnt.error());
  if (const auto known = is_known(now); !known) return std::unexpected(known.error());
  const auto present = firing(now);
  if (!present) return std::unexpected(present.error());
  follow(*present, now);
  std::vector<model::FiringAlert> out;
  for (const auto& [labels, since] : since_) out.push_back({fmt::to_string(out.size()), labels, since});
  return model::AlertList{std::move(out)};
}

}  // namespace guard::replay
