// SPDX-License-Identifier: Apache-2.0
//
// One round: the rules of one release that have a source in common are asked at one evaluation time, and the answers
// become the release's next state. Made of two pure halves, with the blocking questions between them: `ask` says what
// to ask, `judge_round` applies the answers to a draft.
#pragma once

#include "guard/alerts/alerts_source.hpp"
#include "guard/engine/ledger.hpp"
#include "guard/engine/situation.hpp"
#include "guard/engine/telemetry.hpp"
#include "guard/promql/metrics_source.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace guard::engine {

// A question to the metrics source and the place its answer belongs to.
struct Question {
  enum class Use { value, condition, sample_age, ended_age, baseline_offset, baseline_over, past, past_condition };
  std::size_t rule = 0;
  Use use = Use::value;
  std::string expr;
  WallTime from{};  // range queries only
  WallTime at{};
  Duration step{0};          // not zero: a range query
  std::size_t selector = 0;  // of ages: which of the expression's selectors

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

// True if `watch` has a rule that this part reads.
bool has_part(const core::Watch& watch, Part part);

// The questions of one release, and the rules whose templates cannot be filled in.
struct Questions {
  std::string release;
  Part part = Part::measured;
  Instant at;
  core::RuleGroupPtr group;
  core::Subject subject;                      // whose samples count
  core::Phase phase = core::Phase::settling;  // the phase it is asked for; answers for another phase are dropped
  std::vector<Question> queries;
  std::map<std::size_t, std::string> refused;  // rule -> why
  bool wants_alerts = false;
};

Questions ask(const core::Watch& watch, Part part, Instant at);

struct Answered {
  Question question;
  core::Samples samples;
};

// What came back.
struct Answers {
  Questions asked;
  std::vector<Answered> queries;
  // Until Alertmanager has answered nobody knows what fires.
  std::expected<alerts::Listing, core::SourceError> firing = std::unexpected(
      core::SourceError{core::Reason::query_failed, "no answer from Alertmanager within the time of the round", true});
  std::optional<WallTime> alertmanager_heard_at;  // set where only webhooks tell of alerts
  bool by_webhook = false;
};

// One reading that changed something, for the log.
struct Change {
  std::string slo;
  core::Verdict before;
  core::RuleState after;
};

// Judges every rule of the part on `answers`. Does nothing if the release has moved on to another phase meanwhile.
std::vector<Change> judge_round(Draft& draft, const Answers& answers, Telemetry& telemetry);

// The expression of `rule` as it is asked for `subject`, or why it cannot be.
Result<std::string> rendered_query(const core::Rule& rule, const core::Subject& subject);

}  // namespace guard::engine
