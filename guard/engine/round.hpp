// SPDX-License-Identifier: Apache-2.0
//
// One round: the rules of one release that have a source in common are asked at one evaluation time, and the answers
// become the release's next state. Made of two pure halves, with the blocking questions between them: `ask` of
// questions.hpp says what to ask, `judge_round` applies the answers to a draft.
#pragma once

#include "guard/alerts/alerts_source.hpp"
#include "guard/engine/ledger.hpp"
#include "guard/engine/questions.hpp"
#include "guard/engine/situation.hpp"
#include "guard/engine/telemetry.hpp"
#include "guard/promql/metrics_source.hpp"

#include <optional>
#include <string>
#include <vector>

namespace guard::engine {

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

}  // namespace guard::engine
