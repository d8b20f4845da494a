// SPDX-License-Identifier: Apache-2.0
//
// The judge: evaluations of one rule over time become a verdict with a named reason. Pure; the state is a value that
// the caller keeps (and journals), so a restarted guard goes on in the middle of a breach.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/model/rule.hpp"
#include "guard/model/rule_state.hpp"

namespace guard::core {

// What the judge needs beside rule, state and evaluation.
struct JudgeContext {
  Duration interval{0};
  bool settling = false;
  bool paused = false;
  bool verifying = false;  // after a rollback a breach that ends is what is hoped for, so none is latched
  Duration range{0};       // over which the expression measures
  bool awaits_serving = false;
  bool answered = false;  // its breach is answered by a call, which may end it: none is latched
};

// The state after one more evaluation. Evaluations that are not newer than the last are ignored (a late answer).
RuleState judge(const Rule& rule, RuleState state, const Evaluation& evaluation, const JudgeContext& context);

// Nothing read so far counts towards a breach or a recovery any more; a decided breach stays decided.
void forget_streaks(RuleState& state);

// A breach that came and went while nobody looked: decided, and it does not stand. Not where it cannot be told from an
// old one.
void latch_what_is_over(const Rule& rule, RuleState& state, Instant now);

// The longest time between two readings that counts as observed: one reading may be missing, and jitter has room.
Duration most_covered(Duration interval);

// True where the verdict, or the reason why there is none, is another: what people want to be told of. That a release
// is settling or paused, or that its version does not serve yet, is told once and not of each rule.
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
