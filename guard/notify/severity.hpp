// SPDX-License-Identifier: Apache-2.0
//
// How pressing each of the guard's own alerts is, and how long it is news. Pure.
#pragma once

#include "guard/alerts/own_alert_kind.hpp"
#include "guard/base/enum_names.hpp"
#include "guard/base/time.hpp"

namespace guard::notify {

using alerts::OwnAlertKind;

enum class Severity { info, warning, critical };

// A notification channel may be down for a while; what ended longer ago than this is history, not news.
inline constexpr Duration announced_for = std::chrono::hours(1);

Severity severity_of(OwnAlertKind kind);

// True if somebody has to look or to act, and not only to know.
bool needs_person(OwnAlertKind kind);

// True of a state that asks something of people: that it is over says that they need not act any more. The others end
// with time, or with the news of what they led to.
bool end_is_news(OwnAlertKind kind);

}  // namespace guard::notify

namespace guard {

template <>
struct EnumNames<notify::Severity> {
  using S = notify::Severity;
  static constexpr std::array table{EnumName<S>{S::info, "info"}, EnumName<S>{S::warning, "warning"},
                                    EnumName<S>{S::critical, "critical"}};
};

}  // namespace guard
