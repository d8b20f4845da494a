// SPDX-License-Identifier: Apache-2.0
#include "guard/notify/severity.hpp"

namespace guard::notify {

using Kind = OwnAlertKind;

bool needs_person(OwnAlertKind kind) {
  switch (kind) {
    case Kind::release_started:
    case Kind::release_passed:
    case Kind::release_aborted:
    case Kind::hook_called:
    case Kind::would_roll_back:
    case Kind::rolled_back:
    case Kind::rolling_back:
      return false;
    case Kind::release_breached:
    case Kind::release_unverified:
    case Kind::hook_call_failed:
    case Kind::cannot_judge:
    case Kind::awaiting_approval:
    case Kind::rollback_blocked:
    case Kind::rollback_failed:
    case Kind::rollback_unknown:
    case Kind::broken_again:
    case Kind::store_trouble:
      return true;
  }
  return true;
}

bool end_is_news(OwnAlertKind kind) {
  return needs_person(kind) && kind != Kind::release_breached && kind != Kind::release_unverified;
}

Severity severity_of(OwnAlertKind kind) {
  switch (kind) {
    case Kind::release_started:
    case Kind::release_passed:
    case Kind::release_aborted:
    case Kind::hook_called:
    case Kind::would_roll_back:
      return Severity::info;
    case Kind::release_breached:
    case Kind::release_unverified:
    case Kind::hook_call_failed:
    case Kind::rolled_back:
    case Kind::rolling_back:
    case Kind::cannot_judge:
      return Severity::warning;
    case Kind::awaiting_approval:
    case Kind::rollback_blocked:
    case Kind::rollback_failed:
    case Kind::rollback_unknown:
    case Kind::broken_again:
    case Kind::store_trouble:
      return Severity::critical;
  }
  return Severity::critical;
}

}  // namespace guard::notify
