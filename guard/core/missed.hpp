// SPDX-License-Identifier: Apache-2.0
//
// What was missed: moments at which a rule of kind expr was due and its source gave no answer, because the guard was
// down or could not reach it. Once the source answers again they are asked for in one range query and judged one after
// the other, before the present is. Pure.
#pragma once

#include "guard/core/before_release.hpp"
#include "guard/core/counted_time.hpp"
#include "guard/core/judge.hpp"
#include "guard/core/moments.hpp"
#include "guard/core/nouns.hpp"
#include "guard/model/watch.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace guard::core {

// As many readings are made up for at most, the latest ones: no server answers more than 11,000 points at once.
inline constexpr int most_missed = 2000;

// What was not read up to `now` is not made up for, by no rule, and no event of that time counts.
void pass_over(Watch& watch, Instant now);

// Moments `interval` apart on the grid of readings, the first and the last included.
struct MissedSpan {
  Instant first;
  Instant last;
};

// What the rule at `index` missed before `now`, once that is more than one reading, up to the first reading at or after
// the end of the time that counts. Nothing while no reading counts: paused, not settled yet, or a person is asked.
std::optional<MissedSpan> missed_span(const Watch& watch, std::size_t index, Instant now);

// What the source answers of a span, and what of the present answer holds for all of it.
struct MissedAnswer {
  Samples points;
  std::optional<Samples> condition;  // only_if
  std::optional<Samples> ages;       // as ExprAnswer::sample_age
  OffsetAnswers baselines;           // those that move with the time
  ExprAnswer present;
  std::function<std::optional<Provenance>(Instant)> provenance;
};

// What the rule would have read at each moment of the span, in order of time. Of a moment without samples, without one
// whose age is known, or at which an old one was repeated, nothing is known: the server may have been away. A source
// error gives nothing.
std::vector<Evaluation> evaluate_missed(const Watch& watch, std::size_t index, const MissedSpan& span,
                                        const MissedAnswer& answer);
// True for a moment of which nothing is known.
bool is_unseen(const Evaluation& reading);

// The state as if each of the readings, one at least, had been made in its time, in place of the failures to make it.
// What is unseen stays so, whatever the rule's policies are.
RuleState judge_missed(const Watch& watch, std::size_t index, const std::vector<Evaluation>& readings,
                       const JudgeContext& context);

// True if the rule held at the end of the window: what comes after says nothing of the release.
bool is_told_to_its_end(const Watch& watch, const RuleState& state, Instant now);

}  // namespace guard::core
