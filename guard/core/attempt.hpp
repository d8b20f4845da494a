// SPDX-License-Identifier: Apache-2.0
//
// The machine of one decision to roll back or to call a hook, from its first attempt to its outcome: one table, which
// ARCHITECTURE.md shows and a test holds against it, and what attempts mean for it. Pure; safe from any thread.
#pragma once

#include "guard/base/enum_names.hpp"
#include "guard/core/nouns.hpp"
#include "guard/model/retry_policy.hpp"
#include "guard/model/watch.hpp"

#include <span>

namespace guard::core {

enum class CallEvent {
  begins,       // an attempt is made
  done,         // the hook did it
  put_off,      // it did not, or may be asked again with the same key: another attempt follows
  not_done,     // it certainly did not, and no other attempt is made
  cannot_tell,  // nobody knows, and no other attempt is made
};

struct CallTransition {
  CallState from;
  CallEvent event;
  CallState to;
};

// Every legal move of a decision; what is not in it cannot happen.
std::span<const CallTransition> call_transitions();
// The state after `event`. Where that cannot happen nobody can tell what did: unknown, which is a person's.
CallState next_state(CallState state, CallEvent event);

// True if an attempt ended without telling whether it did its work.
bool may_have_acted(const Decision& decision);

// What an attempt's end means. `again`: another one may be made; `may_still_run`: beside this one.
struct AttemptEnd {
  AttemptResult result = AttemptResult::unknown;
  bool may_still_run = false;
  bool idempotent = false;
  bool again = false;
};
// `not_done` needs proof: if any attempt may have acted, nobody can tell.
CallEvent event_of(const Decision& decision, const AttemptEnd& end);
// What it means that a decision which waits is tried no more.
CallEvent given_up(const Decision& decision);

// True if it is too late for another attempt of its open call: a rollback that nobody could carry out for so long is a
// person's, and what a rule calls must help in its time.
bool is_late(const Watch& watch, const RetryPolicy& policy, Instant at);
// True if its open call is not begun, or begun again, any more: something newer took its place, or what a rule has
// called gives way to a rollback, or to the end of the watch.
bool gives_way(const Watch& watch);
// True if another attempt of its open call may be made at that time.
bool may_try_again(const Watch& watch, const RetryPolicy& policy, Instant at);
// Closes what is decided and whose next attempt has not begun: it is never called any more.
void call_off(Watch& watch, Instant now);
// What is left of the time between two attempts, when an earlier guard began to wait. Wall time bridges the restart,
// and may have been set back over it: never longer than the whole of what was to be waited for.
Duration left_to_wait(const Decision& decision, WallTime now);

}  // namespace guard::core

namespace guard {

template <>
struct EnumNames<core::CallEvent> {
  using E = core::CallEvent;
  static constexpr std::array table{EnumName<E>{E::begins, "begins"}, EnumName<E>{E::done, "done"},
                                    EnumName<E>{E::put_off, "put_off"}, EnumName<E>{E::not_done, "not_done"},
                                    EnumName<E>{E::cannot_tell, "cannot_tell"}};
};

}  // namespace guard
