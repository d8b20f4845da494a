// SPDX-License-Identifier: Apache-2.0
//
// What came back in one round, put where the evaluation of each rule takes it. Pure.
#pragma once

#include "guard/core/control.hpp"
#include "guard/core/count.hpp"
#include "guard/core/missed.hpp"
#include "guard/core/questions.hpp"
#include "guard/core/share.hpp"

#include <map>
#include <optional>
#include <vector>

namespace guard::core {

struct Answered {
  Question question;
  Samples samples;
};

// True for a question that `told`, the answers to those before it of the same rule, leaves without use: for the age of
// what has ended where something of the release is there now, for what was missed where not even the present can be
// read, and for a baseline of a count where one before it has samples.
bool is_needless(const Question& question, const std::vector<Answered>& told, const Subject& subject);

// Everything one rule was told.
struct RuleAnswers {
  ExprAnswer now;                   // ages of all its selectors, each with the number of its own as label `selector`
  std::optional<Samples> bounds;    // of the histograms behind a quantile
  std::optional<Samples> baseline;  // the points that the one `over` is read from
  OffsetAnswers baselines;          // of those by `offset`
  std::optional<StretchAnswer> before;  // of the time before the release
  std::optional<MissedAnswer> missed;
  ShareAnswer share;                        // of its counters
  std::optional<ShareAnswer> share_before;  // of the time before the release
  ControlAnswer control;
  CountAnswer count;
  std::optional<CountAnswer> count_before;  // of the time before the release
};

struct Answers {
  Questions asked;
  std::map<std::size_t, RuleAnswers> rules;
  std::optional<Samples> serves;  // of the group; empty: not asked
  // Until Alertmanager has answered nobody knows what fires.
  std::expected<AlertList, SourceError> alerts = std::unexpected(
      SourceError{Reason::query_failed, "no answer from Alertmanager within the time of the round", true});

  void keep(const Question& question, Samples samples);
};

}  // namespace guard::core
