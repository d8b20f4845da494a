// SPDX-License-Identifier: Apache-2.0
//
// A decision about a release: numbered, journaled before its effect, with its evidence. Plain values.
#pragma once

#include "guard/base/enum_names.hpp"
#include "guard/base/time.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace guard::model {

enum class DecisionKind {
  rollback,        // the hook is to be called
  would_rollback,  // mode observe: what the guard would have done
  ask,             // mode ask: a person must approve
  hold,            // a brake stops an automatic rollback, or the call of a hook
  call,            // the hook of a rule is to be called, before anything is rolled back
  pass,
  breached,    // the window ended, an objective was broken and nothing was rolled back
  unverified,  // the window ended without enough evidence
  supersede,
  abort
};

enum class Trigger { objective, alert, signal, manual, window };

// The journal machine of an effect; only decisions to roll back or to call leave `none`.
enum class CallState { none, decided, calling, confirmed, failed, unknown };

enum class Brake {
  none,
  over,  // the breach came and went while it could not be read
  cooldown,
  breaker,
  kill_switch,
  is_rollback,
  no_previous_version,
  in_flight,
  deploying,
  no_hook
};

// `retry`: the other side was reached and asked to come back. `not_started`: nothing can have been done, since it was
// never reached; such an attempt uses none up.
enum class AttemptResult { running, done, retry, not_started, failed, unknown };

// One call of the hook. Attempts of one decision share its idempotency key.
struct Attempt {
  int number = 0;
  AttemptResult result = AttemptResult::running;
  std::string detail;  // "exit 0", "HTTP 503", "killed after 10m"
  std::string output;  // the last part, capped
  WallTime started_at{};
  std::optional<Duration> duration;

  bool operator==(const Attempt&) const = default;
};

struct Decision {
  int number = 0;
  DecisionKind kind = DecisionKind::hold;
  Trigger trigger = Trigger::objective;
  Brake brake = Brake::none;
  std::string slo;     // the rule that led to it, if one did
  std::string reason;  // in words, with the evidence: values against objectives
  std::string actor;   // who ordered it, for a person's decision
  WallTime at{};
  WallTime detected_at{};  // first reading of the breach behind it
  std::string hook;
  std::string target;  // of a rollback: the version to go back to
  std::string key;     // idempotency key: service/environment/release/number
  CallState state = CallState::none;
  std::vector<Attempt> attempts;
  std::optional<WallTime> next_attempt_at;
  std::optional<WallTime> finished_at;

  bool operator==(const Decision&) const = default;
};

// What can be concluded from a breach.
inline constexpr std::array conclusions{DecisionKind::rollback, DecisionKind::would_rollback, DecisionKind::ask,
                                        DecisionKind::hold};
bool is_conclusion(DecisionKind kind);

// True for a call of a rule's own hook that a brake held back; another hold is of a rollback.
bool is_held_call(const Decision& decision);

// The newest decisions about the release that are of one kind and by one brake, oldest first; empty where there are
// none. What was called for a rule is none of them, nor is what held that back until then.
std::vector<const Decision*> latest_run(const std::vector<Decision>& decisions);

// The newest decision about the release itself, not about the end of its watch: what broke, or who ordered what.
// Nothing where there is none.
const Decision* cause_of(const std::vector<Decision>& decisions);

// The newest decision of `latest_run` where that holds a breach back; nothing where it does not.
const Decision* held_breach(const std::vector<Decision>& decisions);

}  // namespace guard::model

namespace guard {

template <>
struct EnumNames<model::DecisionKind> {
  using K = model::DecisionKind;
  static constexpr std::array table{EnumName<K>{K::rollback, "rollback"},
                                    EnumName<K>{K::would_rollback, "would_rollback"},
                                    EnumName<K>{K::ask, "ask"},
                                    EnumName<K>{K::hold, "hold"},
                                    EnumName<K>{K::call, "call"},
                                    EnumName<K>{K::pass, "pass"},
                                    EnumName<K>{K::breached, "breached"},
                                    EnumName<K>{K::unverified, "unverified"},
                                    EnumName<K>{K::supersede, "supersede"},
                                    EnumName<K>{K::abort, "abort"}};
};
template <>
struct EnumNames<model::Trigger> {
  using T = model::Trigger;
  static constexpr std::array table{EnumName<T>{T::objective, "objective"}, EnumName<T>{T::alert, "alert"},
                                    EnumName<T>{T::signal, "signal"}, EnumName<T>{T::manual, "manual"},
                                    EnumName<T>{T::window, "window"}};
};
template <>
struct EnumNames<model::CallState> {
  using C = model::CallState;
  static constexpr std::array table{EnumName<C>{C::none, "none"},       EnumName<C>{C::decided, "decided"},
                                    EnumName<C>{C::calling, "calling"}, EnumName<C>{C::confirmed, "confirmed"},
                                    EnumName<C>{C::failed, "failed"},   EnumName<C>{C::unknown, "unknown"}};
};
template <>
struct EnumNames<model::Brake> {
  using B = model::Brake;
  static constexpr std::array table{EnumName<B>{B::none, "none"},
                                    EnumName<B>{B::over, "over"},
                                    EnumName<B>{B::cooldown, "cooldown"},
                                    EnumName<B>{B::breaker, "breaker"},
                                    EnumName<B>{B::kill_switch, "kill_switch"},
                                    EnumName<B>{B::is_rollback, "is_rollback"},
                                    EnumName<B>{B::no_previous_version, "no_previous_version"},
                                    EnumName<B>{B::in_flight, "in_flight"},
                                    EnumName<B>{B::deploying, "deploying"},
                                    EnumName<B>{B::no_hook, "no_hook"}};
};
template <>
struct EnumNames<model::AttemptResult> {
  using A = model::AttemptResult;
  static constexpr std::array table{EnumName<A>{A::running, "running"}, EnumName<A>{A::done, "done"},
                                    EnumName<A>{A::retry, "retry"},     EnumName<A>{A::not_started, "not_started"},
                                    EnumName<A>{A::failed, "failed"},   EnumName<A>{A::unknown, "unknown"}};
};

}  // namespace guard
