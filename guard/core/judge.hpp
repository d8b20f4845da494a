// SPDX-License-Identifier: Apache-2.0
//
// The judge: evaluations of one rule over time become a verdict with a named reason. Pure; the state is a value that
// the caller keeps (and journals), so a restarted guard goes on in the middle of a breach.
#pragma once

#include "guard/base/enum_names.hpp"
#include "guard/core/evaluation.hpp"

#include <deque>
#include <optional>
#include <string>

namespace guard::core {

enum class Verdict { ok, pending, breached, unknown };

// How the rule stood before the switch began.
struct Past {
  bool known = false;           // the time before was read
  bool breached = false;        // it was in breach then, and that breach has not ended yet
  std::optional<double> value;  // what it was then
  int failed_reads = 0;

  bool operator==(const Past&) const = default;
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
  std::optional<double> baseline;  // of `over`; read once
  std::string baseline_problem;
  int baseline_reads = 0;                  // that gave none
  std::optional<WallTime> baseline_asked;  // when it was last asked for
  std::optional<Instant> read;             // the latest reading that told how the rule stands
  std::optional<Instant> answered;         // the latest to which the source answered, whatever it said

  bool operator==(const RuleState&) const = default;
};

// What the judge needs beside rule, state and evaluation.
struct JudgeContext {
  Duration interval{0};
  bool settling = false;
  bool paused = false;
  bool verifying = false;  // after a rollback a breach that ends is what is hoped for, so none is latched
  Duration range{0};       // over which the expression measures
};

// The state after one more evaluation. Evaluations that are not newer than the last are ignored (a late answer).
RuleState judge(const Rule& rule, RuleState state, const Evaluation& evaluation, const JudgeContext& context);

// Nothing read so far counts towards a breach or a recovery any more; a decided breach stays decided.
void forget_streaks(RuleState& state);

// The longest time between two readings that counts as observed: one reading may be missing, and jitter has room.
Duration most_covered(Duration interval);

// True where the verdict, or the reason why there is none, is another: what people want to be told of. That a release
// is settling or paused they know.
bool differs(const RuleState& before, const RuleState& after);

// True if a rollback for this rule is called for now: decided, and the breach stands at this reading.
bool breach_stands(const RuleState& state);

// How long the objective must hold without a break before a breach counts as over: as long as the breach itself needs,
// or until too few of the last readings can be in breach.
Duration recovery_time(const Rule& rule, Duration interval);

// The state with which the same rule is judged after a rollback: nothing carried over but the baseline. The pipeline's
// word was on the release that is gone, so a signal is not judged again.
RuleState fresh_for_verification(const Rule& rule, const RuleState& state, WallTime now);

}  // namespace guard::core

namespace guard {

template <>
struct EnumNames<core::Verdict> {
  using V = core::Verdict;
  static constexpr std::array table{EnumName<V>{V::ok, "ok"}, EnumName<V>{V::pending, "pending"},
                                    EnumName<V>{V::breached, "breached"}, EnumName<V>{V::unknown, "unknown"}};
};

}  // namespace guard
