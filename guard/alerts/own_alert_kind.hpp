// SPDX-License-Identifier: Apache-2.0
//
// Which alerts the guard has of its own, by name. Values.
#pragma once

#include "guard/base/enum_names.hpp"

namespace guard::alerts {

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

}  // namespace guard::alerts

namespace guard {

// The names are those of the alerts.
template <>
struct EnumNames<alerts::OwnAlertKind> {
  using K = alerts::OwnAlertKind;
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

}  // namespace guard
