// SPDX-License-Identifier: Apache-2.0
//
// What the guard has to say through Alertmanager at one moment: a function of where releases stand and of its own
// health, so that a restarted guard says the same. States fire while they are true; announcements for a bounded time
// after what they announce. Pure.
#pragma once

#include "guard/alerts/own_alert.hpp"
#include "guard/base/enum_names.hpp"
#include "guard/config/settings.hpp"
#include "guard/engine/guard_service.hpp"

#include <vector>

namespace guard::notify {

enum class OwnAlertKind {
  release_started,     // announcements
  release_passed,      //
  release_breached,    //
  release_unverified,  //
  release_aborted,     //
  rolled_back,         //
  hook_called,         //
  hook_call_failed,    // states; for a rule, the release is watched on
  would_roll_back,     //
  rolling_back,        // until the objectives hold again; it inhibits the service's own alerts (alertmanager.yml)
  cannot_judge,        //
  awaiting_approval,   // states in which nothing goes on without a person
  rollback_blocked,    //
  rollback_failed,     //
  rollback_unknown,    //
  broken_again,        //
  store_trouble        //
};

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

// The names are those of the alerts.
template <>
struct EnumNames<notify::OwnAlertKind> {
  using K = notify::OwnAlertKind;
  static constexpr std::array table{EnumName<K>{K::release_started, "ReleaseGuardReleaseStarted"},
                                    EnumName<K>{K::release_passed, "ReleaseGuardReleasePassed"},
                                    EnumName<K>{K::release_breached, "ReleaseGuardReleaseBreached"},
                                    EnumName<K>{K::release_unverified, "ReleaseGuardReleaseUnverified"},
                                    EnumName<K>{K::release_aborted, "ReleaseGuardReleaseAborted"},
                                    EnumName<K>{K::rolled_back, "ReleaseGuardRolledBack"},
                                    EnumName<K>{K::hook_called, "ReleaseGuardHookCalled"},
                                    EnumName<K>{K::hook_call_failed, "ReleaseGuardHookCallFailed"},
                                    EnumName<K>{K::would_roll_back, "ReleaseGuardWouldRollBack"},
                                    EnumName<K>{K::rolling_back, "ReleaseGuardRollingBack"},
                                    EnumName<K>{K::cannot_judge, "ReleaseGuardCannotJudge"},
                                    EnumName<K>{K::awaiting_approval, "ReleaseGuardAwaitingApproval"},
                                    EnumName<K>{K::rollback_blocked, "ReleaseGuardRollbackBlocked"},
                                    EnumName<K>{K::rollback_failed, "ReleaseGuardRollbackFailed"},
                                    EnumName<K>{K::rollback_unknown, "ReleaseGuardRollbackUnknown"},
                                    EnumName<K>{K::broken_again, "ReleaseGuardBrokenAgain"},
                                    EnumName<K>{K::store_trouble, "ReleaseGuardStoreTrouble"}};
};

template <>
struct EnumNames<notify::Severity> {
  using S = notify::Severity;
  static constexpr std::array table{EnumName<S>{S::info, "info"}, EnumName<S>{S::warning, "warning"},
                                    EnumName<S>{S::critical, "critical"}};
};

}  // namespace guard
