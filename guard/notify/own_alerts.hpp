// SPDX-License-Identifier: Apache-2.0
//
// What the guard has to say through Alertmanager at one moment: a function of where releases stand and of its own
// health, so that a restarted guard says the same. States fire while they are true; announcements for a bounded time
// after what they announce. Pure.
#pragma once

#include "guard/alerts/own_alert.hpp"
#include "guard/alerts/own_alert_kind.hpp"
#include "guard/base/enum_names.hpp"
#include "guard/config/settings.hpp"
#include "guard/engine/guard_service.hpp"

#include <vector>

namespace guard::notify {

using alerts::OwnAlertKind;

enum class Severity { info, warning, critical };

// A notification channel may be down for a while; what ended longer ago than this is history, not news.
inline constexpr Duration announced_for = std::chrono::hours(1);

Severity severity_of(OwnAlertKind kind);

// True of a state that asks something of people: that it is over says that they need not act any more. The others end
// with time, or with the news of what they led to.
bool end_is_news(OwnAlertKind kind);

// The most pressing first. `releases` are those of Engine::current(announced_for).
std::vector<alerts::OwnAlert> own_alerts(const std::vector<story::ReleaseView>& releases, const engine::Health& health,
                                         const config::WebLinks& links, WallTime now);

}  // namespace guard::notify

namespace guard {

template <>
struct EnumNames<notify::Severity> {
  using S = notify::Severity;
  static constexpr std::array table{EnumName<S>{S::info, "info"}, EnumName<S>{S::warning, "warning"},
                                    EnumName<S>{S::critical, "critical"}};
};

}  // namespace guard
