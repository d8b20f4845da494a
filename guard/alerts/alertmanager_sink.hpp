// SPDX-License-Identifier: Apache-2.0
//
// Pushes alerts to one Alertmanager by its API v2. Safe from any thread.
#pragma once

#include "guard/alerts/alert_sink.hpp"
#include "guard/http/client.hpp"

namespace guard::alerts {

class AlertmanagerSink final : public AlertSink {
 public:
  // `deadline` is for one whole post.
  AlertmanagerSink(http::Client server, Duration deadline) : server_(std::move(server)), deadline_(deadline) {}
  const std::string& name() const override { return server_.url(); }
  Result<void> post(const std::string& body) override;

 private:
  http::Client server_;
  Duration deadline_;
};

}  // namespace guard::alerts
