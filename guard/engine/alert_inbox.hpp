// SPDX-License-Identifier: Apache-2.0
//
// Takes the messages that Alertmanager sends: they are durable before they are known, and what they may concern is read
// at once. Loop thread only.
#pragma once

#include "guard/alerts/received_alerts.hpp"
#include "guard/base/log.hpp"
#include "guard/engine/guard_service.hpp"
#include "guard/engine/ledger.hpp"
#include "guard/engine/telemetry.hpp"

#include <functional>
#include <string>
#include <vector>

namespace guard::engine {

class AlertInbox {
 public:
  struct Parts {
    alerts::ReceivedAlerts& heard;
    Ledger& ledger;
    Telemetry& telemetry;
    const Clock& clock;
    const Log& log;
    std::function<void(const model::Labels&)> fires;   // tells of each alert that is told to fire, also of its own
    std::function<void(const std::string&)> read_now;  // has what alerts say of this release read at once
  };
  explicit AlertInbox(Parts parts) : parts_(std::move(parts)) {}

  // Takes what the journal held at start.
  void restore(const store::Contents& contents);
  // Fails as Ledger::submit does: then nothing of the message is known.
  void receive(alerts::Notification notification, Completion<Intake> done);

 private:
  void forget(const alerts::ReceivedAlerts::Applied& applied);
  void read_affected(const std::vector<model::Labels>& news);

  Parts parts_;
};

}  // namespace guard::engine
