// SPDX-License-Identifier: Apache-2.0
#include "guard/serve/test_message.hpp"

#include "guard/alerts/own_alert.hpp"
#include "guard/base/system_clock.hpp"
#include "guard/receivers/receiver.hpp"

#include <fmt/format.h>

namespace guard::serve {
namespace {

receivers::Message test_message(const std::string& receiver, const std::string& external_url, WallTime now) {
  receivers::Message out;
  out.alert.labels = {{"alertname", "ReleaseGuardTestMessage"}, {"severity", "info"}, alerts::own_mark};
  out.alert.annotations["summary"] =
      fmt::format("A test message of Release Guard to receiver {}. Nothing is to be done.", receiver);
  if (!external_url.empty()) out.alert.annotations["page_url"] = external_url;
  out.alert.starts_at = now;
  out.at = now;
  return out;
}

}  // namespace

Result<std::vector<TriedReceiver>> send_test_messages(const std::vector<config::ReceiverSettings>& receivers,
                                                      const std::string& external_url) {
  static const SystemClock clock;
  std::vector<TriedReceiver> out;
  for (const auto& settings : receivers) {
    const auto receiver = receivers::make_receiver(settings, external_url, clock);
    if (!receiver) return std::unexpected(receiver.error());
    const auto failure = (*receiver)->deliver(test_message(settings.name, external_url, clock.now().wall));
    out.push_back({settings.name, failure ? failure->words : ""});
  }
  return out;
}

}  // namespace guard::serve
