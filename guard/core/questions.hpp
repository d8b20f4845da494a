// SPDX-License-Identifier: Apache-2.0
//
// What is to be asked for one release at one evaluation time, so that its rules can be judged. Pure: the questions are
// values, and somebody else asks them.
#pragma once

#include "guard/core/missed.hpp"
#include "guard/model/watch.hpp"
#include "guard/promql/freshness.hpp"

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace guard::core {

// A question to the metrics source and the place its answer belongs to.
struct Question {
  static constexpr std::size_t of_group = std::numeric_limits<std::size_t>::max();  // no rule's, but the group's
  enum class Use {
    serves,  // whether the version that should run serves
    value,
    total,  // the counters of a share, sample by sample, as the three after it
    part,
    total_before,
    part_before,
    count,  // the counters of a count, sample by sample, and what they are held against; and both before the release
    count_baseline,
    count_before,
    count_baseline_before,
    control_total,  // how much the counters of who has not got the release have risen, as the three after it
    control_part,
    control_total_before,
    control_part_before,
    missed,  // of moments at which nobody could read it, as the three after it
    missed_condition,
    missed_age,
    missed_baseline,
    condition,
    bounds,  // of the histograms that a quantile is taken of
    sample_age,
    ended_age,
    baseline_offset,
    baseline_over,
    past,
    past_condition
  };
  std::size_t rule = 0;
  Use use = Use::value;
  std::string expr;
  WallTime from{};  // range queries only
  WallTime at{};
  Duration step{0};          // not zero: a range query
  std::size_t selector = 0;  // of ages: which of the expression's selectors; of baselines: which of the rule's

  bool operator==(const Question&) const = default;
};

// Whose answers a round is about. Each source has rounds of its own: one that hangs must not keep what the other says
// from being judged.
enum class Part {
  heard,    // alerts and signals
  measured  // expressions
};

// True if the question is for the age of samples.
bool is_age(const Question& question);
// True if it is about the time before the release, which does not change.
bool is_past(const Question& question);
// True if every sample of a selector's range is asked for.
bool is_raw(const Question& question);
// True if it tells something only together with the one before it.
bool goes_with_the_one_before(const Question& question);
// True if it makes up for readings that were missed.
bool is_missed(const Question& question);

// The part that reads `rule`.
Part part_of(const Rule& rule);
// True if `watch` has something that this part reads.
bool has_part(const Watch& watch, Part part);

// The questions of one release, and the rules whose templates cannot be filled in.
struct Questions {
  std::string release;
  Part part = Part::measured;
  Instant at;
  RuleGroupPtr group;
  Subject subject;                // whose samples count
  Phase phase = Phase::settling;  // the phase it is asked for; answers for another phase are dropped
  std::vector<Question> queries;
  std::map<std::size_t, MissedSpan> missed;    // rule -> what is made up for
  std::map<std::size_t, std::string> refused;  // rule, or `of_group` -> why
  bool wants_alerts = false;
  std::map<std::size_t, promql::Reach> reaches;  // rule of kind expr -> how far back it measures
};

Questions ask(const Watch& watch, Part part, Instant at);

// Where there are more questions than answers, what was missed stays so.
void leave_out_missed(Questions& questions);

// The expression of `rule` as it is asked for `subject`, or why it cannot be.
Result<std::string> rendered_query(const Rule& rule, const Subject& subject);

// The same as it is written, for any release: its templates are not filled in.
std::string written_query(const Rule& rule);

}  // namespace guard::core
