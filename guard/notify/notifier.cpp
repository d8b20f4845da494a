// SPDX-License-Identifier: Apache-2.0
#include "guard/notify/notifier.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::notify {
namespace {

// A look reads every open release, so it is not taken at each wake-up, and takes at most a twentieth of the loop's
// time.
constexpr Duration look_every = std::chrono::seconds(1);
constexpr int rest_after_look = 20;
constexpr Duration first_backoff = std::chrono::seconds(1);
constexpr Duration longest_backoff = std::chrono::seconds(30);

}  // namespace

void Notifier::set_targets(const std::vector<alerts::AlertSinkPtr>& sinks) {
  std::vector<TargetPtr> targets;
  for (const auto& sink : sinks) {
    const auto known = std::ranges::find(targets_, sink->name(), [](const auto& t) { return t->sink->name(); });
    auto target = known == targets_.end() ? std::make_shared<Target>() : *known;
    target->index = targets.size();
    target->sink = sink;
    targets.push_back(std::move(target));
  }
  targets_ = std::move(targets);
  parts_.telemetry.alert_targets(targets_.size());
}

MonoTime Notifier::tick() {
  auto next = MonoTime::max();
  if (targets_.empty()) return next;
  const auto now = parts_.clock.now();
  if (now.mono >= look_at_) {
    look();
    look_at_ = now.mono + std::max(look_every, Duration(rest_after_look * (parts_.clock.now().mono - now.mono)));
  } else {
    next = look_at_;
  }
  for (const auto& target : targets_) next = std::min(next, advance(target, now));
  return next;
}

void Notifier::look() {
  firing_ = parts_.firing();
  firing_labels_.clear();
  for (const auto& alert : firing_) firing_labels_.insert(alert.labels);
  for (const auto& target : targets_)
    if (target->failures == 0) target->due = MonoTime{};
}

// A target is posted to once a minute even where there is nothing to tell: that it cannot be told must not come out on
// the day it matters.
MonoTime Notifier::advance(const TargetPtr& target, Instant now) {
  if (target->posting) return MonoTime::max();
  if (now.mono < target->due) return target->due;
  auto alerts = difference(*target, now);
  if (!alerts.empty() || target->failures > 0 || now.mono >= target->beat_at) {
    post(target, std::move(alerts), now);
    return MonoTime::max();
  }
  target->due = target->beat_at;
  for (const auto& [labels, told] : target->told) target->due = std::min(target->due, told.again_at);
  return target->due;
}

std::vector<alerts::Pushed> Notifier::difference(Target& target, Instant now) const {
  std::vector<alerts::Pushed> out;
  std::erase_if(target.told, [&](const auto& entry) { return entry.second.expires_at <= now.mono; });
  for (const auto& alert : firing_) {
    const auto told = target.told.find(alert.labels);
    const bool current = told != target.told.end() && told->second.alert == alert && now.mono < told->second.again_at;
    if (!current) out.push_back({alert, now.wall + expires_after});
  }
  for (const auto& [labels, told] : target.told)
    if (!firing_labels_.contains(labels)) out.push_back({told.alert, now.wall});
  if (out.size() > most_in_one_push) out.resize(most_in_one_push);
  return out;
}

void Notifier::post(const TargetPtr& target, std::vector<alerts::Pushed> alerts, Instant now) {
  target->posting = true;
  const auto work = [sink = target->sink, body = alerts::push_body(alerts)] { return sink->post(body); };
  engine::run_blocking(parts_.executor, engine::Lane::notify, work,
                       [this, target, alerts = std::move(alerts), now](const Result<void>& outcome) {
                         for (const auto& [alert, ends_at] : alerts) {
                           if (!outcome) break;
                           target->told.erase(alert.labels);
                           if (ends_at > now.wall)
                             target->told[alert.labels] = {alert, now.mono + push_every, now.mono + expires_after};
                         }
                         posted(target, outcome);
                       });
}

void Notifier::posted(const TargetPtr& target, const Result<void>& outcome) {
  const auto now = parts_.clock.now();
  target->posting = false;
  if (outcome && target->failures > 0)
    parts_.log.info("notifier", "alerts are taken again", {{"alertmanager", target->sink->name()}});
  if (!outcome && target->failures == 0)
    parts_.log.warn("notifier", "alerts could not be pushed; trying again until they are",
                    {{"alertmanager", target->sink->name()}, {"err", outcome.error().message}});
  target->failures = outcome ? 0 : target->failures + 1;
  target->beat_at = now.mono + push_every;
  target->due = MonoTime{};  // there may be more to tell
  if (!outcome)
    target->due = now.mono + backoff(target->failures + 1, first_backoff, longest_backoff, parts_.random.uniform());
  if (std::ranges::find(targets_, target) == targets_.end()) return;  // a reload has taken it away
  parts_.telemetry.alerts_pushed(target->index, outcome.has_value(), now.wall);
  parts_.wake();
}

}  // namespace guard::notify
