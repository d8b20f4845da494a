// SPDX-License-Identifier: Apache-2.0
//
// What happened to a release, for its timeline: one of a closed set of events, with the words that people read. The
// words are made once, when it happens; code looks at the event, never at them. Values; safe from any thread.
#pragma once

#include "guard/base/enum_names.hpp"
#include "guard/model/decision.hpp"
#include "guard/model/order.hpp"
#include "guard/model/release.hpp"
#include "guard/model/rule_state.hpp"

#include <optional>
#include <string>
#include <variant>

namespace guard::model {

enum class EventKind { phase, verdict, decision, attempt, signal, ordered, gap, note };

// Also where what a phase found out is told and the phase stays.
struct PhaseChanged {
  std::optional<Phase> from;  // nothing: it was announced
  Phase to = Phase::deploying;

  bool operator==(const PhaseChanged&) const = default;
};

struct VerdictChanged {
  std::string slo;
  Verdict from = Verdict::unknown;
  Verdict to = Verdict::unknown;
  Reason reason = Reason::not_read_yet;

  bool operator==(const VerdictChanged&) const = default;
};

struct Decided {
  int decision = 0;  // its number
  DecisionKind kind = DecisionKind::hold;
  Brake brake = Brake::none;
  std::string slo;  // the rule that led to it, if one did

  bool operator==(const Decided&) const = default;
};

// A call of the hook begins, has ended or is put off.
struct Attempted {
  int decision = 0;
  int attempt = 0;  // 0: none was made
  CallState state = CallState::none;

  bool operator==(const Attempted&) const = default;
};

struct Ordered {
  Verb order = Verb::pause;
  std::string actor;

  bool operator==(const Ordered&) const = default;
};

struct Signalled {
  std::string name;
  bool succeeded = false;

  bool operator==(const Signalled&) const = default;
};

// Nobody looked for a while, or what was missed then was asked for afterwards.
struct Gap {
  bool made_up = false;

  bool operator==(const Gap&) const = default;
};

struct Note {
  bool operator==(const Note&) const = default;
};

// Stored by a version that kept the words alone.
struct Told {
  EventKind kind = EventKind::note;

  bool operator==(const Told&) const = default;
};

using Happening = std::variant<PhaseChanged, VerdictChanged, Decided, Attempted, Signalled, Ordered, Gap, Note, Told>;

struct TimelineEvent {
  std::string release;
  WallTime at{};
  Happening what;
  std::string message;

  bool operator==(const TimelineEvent&) const = default;
};

EventKind kind_of(const Happening& what);

}  // namespace guard::model

namespace guard {

template <>
struct EnumNames<model::EventKind> {
  using K = model::EventKind;
  static constexpr std::array table{EnumName<K>{K::phase, "phase"},       EnumName<K>{K::verdict, "verdict"},
                                    EnumName<K>{K::decision, "decision"}, EnumName<K>{K::attempt, "attempt"},
                                    EnumName<K>{K::signal, "signal"},     EnumName<K>{K::ordered, "operator"},
                                    EnumName<K>{K::gap, "gap"},           EnumName<K>{K::note, "note"}};
};

}  // namespace guard
