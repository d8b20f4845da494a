// SPDX-License-Identifier: Apache-2.0
//
// Where a release may go from where it stands: one table, which ARCHITECTURE.md shows and a test holds against it.
// Pure; safe from any thread.
#pragma once

#include "guard/base/enum_names.hpp"
#include "guard/core/nouns.hpp"
#include "guard/model/release.hpp"

#include <expected>
#include <span>
#include <string>

namespace guard::core {

enum class Event {
  live,               // the pipeline says it is live
  settled,            // the settle time is over
  breach,             // a rollback is decided by the guard
  ask,                // a breach in mode ask
  approve,            // a person agrees
  order_rollback,     // a person orders it
  pause,              // a person stops judging for a while
  resume,             //
  abort,              // a person ends the watch
  supersede,          // a newer release took its place
  window_passed,      // the window ended, every objective held
  window_breached,    // the window ended, an objective was broken and nothing was rolled back
  window_unverified,  // the window ended without enough evidence
  hook_confirmed,     // the hook did it
  hook_failed,        // the hook certainly did not do it
  hook_unknown,       // nobody can tell whether it did it
  holds_again,        // after the hook every objective holds again; they are watched on
  breaks_again,       // within that time one is broken again
  verified,           // the time is over and every objective holds
  verify_unmet,       // they do not when it is over
  verify_no_evidence  // nobody can tell whether they do
};

struct Transition {
  Phase from;
  Event event;
  Phase to;
};

// Every legal move; what is not in it is refused.
std::span<const Transition> transitions();

// The phase after `event`, or why `event` is refused in `phase`, in words for the person who asked.
std::expected<Phase, std::string> next_phase(Phase phase, Event event);

}  // namespace guard::core

namespace guard {

template <>
struct EnumNames<core::Event> {
  using E = core::Event;
  static constexpr std::array table{EnumName<E>{E::live, "live"},
                                    EnumName<E>{E::settled, "settled"},
                                    EnumName<E>{E::breach, "breach"},
                                    EnumName<E>{E::ask, "ask"},
                                    EnumName<E>{E::approve, "approve"},
                                    EnumName<E>{E::order_rollback, "order_rollback"},
                                    EnumName<E>{E::pause, "pause"},
                                    EnumName<E>{E::resume, "resume"},
                                    EnumName<E>{E::abort, "abort"},
                                    EnumName<E>{E::supersede, "supersede"},
                                    EnumName<E>{E::window_passed, "window_passed"},
                                    EnumName<E>{E::window_breached, "window_breached"},
                                    EnumName<E>{E::window_unverified, "window_unverified"},
                                    EnumName<E>{E::hook_confirmed, "hook_confirmed"},
                                    EnumName<E>{E::hook_failed, "hook_failed"},
                                    EnumName<E>{E::hook_unknown, "hook_unknown"},
                                    EnumName<E>{E::holds_again, "holds_again"},
                                    EnumName<E>{E::breaks_again, "breaks_again"},
                                    EnumName<E>{E::verified, "verified"},
                                    EnumName<E>{E::verify_unmet, "verify_unmet"},
                                    EnumName<E>{E::verify_no_evidence, "verify_no_evidence"}};
};

}  // namespace guard
