// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/alert_inbox.hpp"

#include "guard/alerts/own_alert.hpp"
#include "guard/core/evaluation.hpp"

#include <memory>
#include <utility>

#include <fmt/format.h>

namespace guard::engine {

void AlertInbox::restore(const store::Contents& contents) {
  forget(parts_.heard.restore(contents.alerts, contents.cut_short, contents.alertmanager_heard_at));
}

void AlertInbox::receive(alerts::Notification notification, Completion<Intake> done) {
  // Its own words coming back are no news, and no sign that alerts of the service would reach it.
  const auto sent = notification.alerts.size();
  for (const auto& alert : notification.alerts)
    if (alert.status == alerts::AlertStatus::firing) parts_.fires(alert.labels);
  const auto own = std::erase_if(notification.alerts, [](const auto& alert) { return alerts::is_own(alert.labels); });
  parts_.telemetry.alerts_received(AlertIntake::own, own);
  const bool tells_whether_cut = notification.truncated_alerts > 0 || parts_.heard.is_cut_short(notification.group_key);
  if (own > 0 && notification.alerts.empty() && !tells_whether_cut) return done(Intake{sent, 0});
  struct Heard {
    alerts::Notification notification;
    WallTime at{};  // as the journal has it: a restart must find the same order
  };
  auto heard = std::make_shared<Heard>(std::move(notification));
  const auto operation = [heard](Draft& draft) -> Result<void> {
    heard->at = draft.now().wall;
    draft.receive(heard->notification);
    return {};
  };
  parts_.ledger.submit(operation, [this, heard, sent, done = std::move(done)](const Result<std::monostate>& durable) {
    if (!durable) return done(std::unexpected(durable.error()));
    const auto applied = parts_.heard.apply(heard->notification, heard->at);
    const auto fresh = applied.news.size();
    parts_.telemetry.alerts_received(AlertIntake::fresh, fresh);
    parts_.telemetry.alerts_received(AlertIntake::duplicate, heard->notification.alerts.size() - fresh);
    forget(applied);
    if (fresh > 0) read_affected(applied.news);
    done(Intake{sent, fresh});
  });
}

// What was let go of is forgotten by the journal too, so that the next guard begins with no more than this one has.
void AlertInbox::forget(const alerts::ReceivedAlerts::Applied& applied) {
  if (applied.evicted.empty() && applied.groups.empty()) return;
  if (applied.cut)
    parts_.log.warn("engine", "more alerts fire than are kept: nothing is taken for not firing until this is over",
                    {{"evicted", fmt::to_string(applied.evicted.size())}});
  parts_.ledger.submit([applied](Draft& draft) -> Result<void> { return draft.evict(applied), Result<void>{}; },
                       [](const Result<std::monostate>&) {});
}

// Those that the news may concern are read at once: a storm of alerts about others costs a release nothing.
void AlertInbox::read_affected(const std::vector<model::Labels>& news) {
  const auto now = parts_.clock.now();
  for (const auto& id : parts_.ledger.fleet().open())
    if (const auto watch = parts_.ledger.find(id);
        model::is_judged(watch->phase) && core::may_concern(*watch->group, watch->subject(now), news))
      parts_.read_now(id);
}

}  // namespace guard::engine
