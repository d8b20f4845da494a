// SPDX-License-Identifier: Apache-2.0
//
// How a rule stands after all its readings so far: what core/judge keeps of them, and the verdict. Stored with the
// watch, so that a restarted guard goes on in the middle of a breach. Values.
#pragma once

#include "guard/base/enum_names.hpp"
#include "guard/base/time.hpp"
#include "guard/model/evaluation.hpp"
#include "guard/model/share_state.hpp"

#include <deque>
#include <optional>
#include <string>

namespace guard::model {

enum class Verdict { ok, pending, breached, unknown };

// How the rule stood before the switch began.
struct Past {
  bool known = false;           // the time before was read
  bool breached = false;        // it was in breach then, and that breach has not ended yet
  std::optional<double> value;  // what it was then
  int failed_reads = 0;

  bool operator==(const Past&) const = default;
};

// A value that has been one and the same at every reading so far.
struct Still {
  double value = 0;
  WallTime since{};  // the first of them, be it before the release

  bool operator==(const Still&) const = default;
};

struct RuleState {
  std::optional<Evaluation> last;
  Verdict verdict = Verdict::unknown;
  Reason reason = Reason::not_read_yet;
  WallTime verdict_since{};
  Duration breach_for{0};    // observed breach without a break; unobserved time is not in it
  Duration repeated_for{0};  // observed since then, on the same sample: a newer one will confirm or end it
  std::optional<WallTime> counted_sample;  // the newest sample of the readings counted so far
  std::optional<MonoTime> counted_at;      // when the latest of `recent` was read
  bool in_breach = false;                  // the latest judged reading was a breach
  bool standing = false;                   // ... and it ends a streak that is long enough to be one
  std::deque<bool> recent;                 // judged readings, newest last, true = breach; for `count of`
  Duration ok_for{0};                      // observed ok without a break
  Duration observed{0};                    // time covered by readings that could be judged
  Duration ignored{0};                     // time covered by missing readings that the rule's policy passes over
  Duration unread_for{0};                  // no data came for this long, up to now
  Duration warm_up{0};                     // so long yet rests the expression on a part of its range
  bool latched = false;                    // a breach was decided; a later ok does not erase it (rollback rules)
  Past past;
  std::optional<double> baseline;               // of `over`; read once
  std::optional<std::string> baseline_problem;  // in words: why it gave none
  int baseline_reads = 0;                       // that gave none
  std::optional<WallTime> baseline_asked;       // when it was last asked for
  std::optional<Instant> read;                  // the latest reading that told how the rule stands
  std::optional<Instant> answered;              // the latest to which the source answered, whatever it said
  bool bounds_known = false;                    // of the histograms behind a quantile, once there are any
  std::optional<std::string> blindness;         // in words: why the rule cannot break with them
  std::optional<ShareState> share;              // kind share, once it is read
  // Since its hook was called, or would have been: the clock.age at which what was done must have helped.
  std::optional<Duration> helps_until;
  std::optional<std::string> shared_cause;  // in words: what its control shows alike
  std::optional<Still> still;               // kind expr: until its value moves
  bool moved = false;                       // kind expr: its value has moved

  bool operator==(const RuleState&) const = default;
};

}  // namespace guard::model

namespace guard {

template <>
struct EnumNames<model::Verdict> {
  using V = model::Verdict;
  static constexpr std::array table{EnumName<V>{V::ok, "ok"}, EnumName<V>{V::pending, "pending"},
                                    EnumName<V>{V::breached, "breached"}, EnumName<V>{V::unknown, "unknown"}};
};

}  // namespace guard
