// SPDX-License-Identifier: Apache-2.0
//
// Alertmanager's webhook, version 4 (alertmanager notify/webhook, template/template.go), and that of Grafana's own
// alerting, which calls what has the same fields version 1 (grafana/alerting receivers/webhook): the body as values.
// Pure; safe from any thread.
#pragma once

#include "guard/base/enum_names.hpp"
#include "guard/base/error.hpp"
#include "guard/base/time.hpp"
#include "guard/model/matcher.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace guard::alerts {

enum class AlertStatus { firing, resolved };

struct Alert {
  AlertStatus status = AlertStatus::firing;
  std::string fingerprint;
  model::Labels labels;
  model::Labels annotations;
  WallTime starts_at{};
  WallTime ends_at{};  // the zero time of Go (year 1) reads as WallTime{}
  std::string generator_url;

  bool operator==(const Alert&) const = default;
};

struct Notification {
  std::string group_key;  // as group_name() has it
  std::string receiver;
  std::string external_url;
  std::uint64_t truncated_alerts = 0;
  std::vector<Alert> alerts;
};

// A group's key holds the labels of its route and its own, so it may be as long as a body: a name of it, of bounded
// length. That of a name is the name.
std::string group_name(std::string_view group_key);

// Fails with ErrorCode::invalid and a message fit for the sender: what is not as these versions have it, and where.
// Unknown keys are ignored: newer Alertmanagers add some.
Result<Notification> parse_notification(std::string_view body);

}  // namespace guard::alerts

namespace guard {

template <>
struct EnumNames<alerts::AlertStatus> {
  using S = alerts::AlertStatus;
  static constexpr std::array table{EnumName<S>{S::firing, "firing"}, EnumName<S>{S::resolved, "resolved"}};
};

}  // namespace guard
