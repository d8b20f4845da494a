// SPDX-License-Identifier: Apache-2.0
//
// Whose fault it is: the same counters, or the same expression, of those that have not got the release (a rule's
// `control`, or the version before, where the answer has a series of it). What they show alike is a shared cause, for
// which a person is asked. It is a veto only: a control that cannot be read, or has no
// past to compare with, holds nothing back. Pure.
//
// The comparison in space and time is that of a difference in differences; on what it is worth see S. Li et al.,
// Gandalf (NSDI 2020), where leaving it out cost most of the precision.
#pragma once

#include "guard/core/evaluation.hpp"
#include "guard/core/nouns.hpp"
#include "guard/model/watch.hpp"

#include <optional>
#include <string>

namespace guard::core {

// What was said of the control's counters: how much they have risen, since the incident began and in the time before
// the release. Of an expression `total` is its value now, and as the switch began.
struct ControlAnswer {
  std::optional<Samples> total;
  std::optional<Samples> part;
  std::optional<Samples> total_before;
  std::optional<Samples> part_before;
};

// True if the control of the rule at `index` is to be asked now: while a verdict may come, and once it has.
bool asks_control(const Watch& watch, std::size_t index);

// How far back its rise is asked for: since the incident began, and two minutes at least.
Duration control_range(const Watch& watch, std::size_t index, Instant now);

// What its answer tells of a breach.
struct ControlTold {
  std::optional<std::string> shared_cause;  // what it shows alike, in words
};

// Alike is what is surely above the objective, clearly worse than it was before the release, and
// at least a quarter as bad as the release is. Nothing where it cannot be told.
std::optional<ControlTold> shared_cause(const Watch& watch, std::size_t index, const ControlAnswer& answer,
                                        Instant now);

// The same of a rule of kind expr that is broken as `own` says: the control breaks its objective too, at least a
// quarter as far, and did not as the switch began, or is clearly worse now.
std::optional<ControlTold> shared_value(const Watch& watch, std::size_t index, const ControlAnswer& answer,
                                        const Evaluation& own, Instant now);

// Of an answer that has series of the version before beside those of the release: whether they show it alike. What
// stood before the switch is `preexisting`, and asks nothing of where it makes no difference. Nothing where there are
// none.
std::optional<ControlTold> shared_by_versions(const Rule& rule, const Subject& subject, const Samples& value,
                                              const Evaluation& own);

// What a breach leads to whose answer is `action`: to a question where its cause is shared.
Action action_of(Action action, const RuleState& state);

}  // namespace guard::core
