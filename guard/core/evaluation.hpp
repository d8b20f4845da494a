// SPDX-License-Identifier: Apache-2.0
//
// One reading of one rule at one instant: what a source answered becomes ok, breach, no_data or error, never a bool.
// Pure functions over values.
#pragma once

#include "guard/base/time.hpp"
#include "guard/core/nouns.hpp"
#include "guard/model/alert.hpp"
#include "guard/model/evaluation.hpp"
#include "guard/model/rule.hpp"
#include "guard/model/sample.hpp"

#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace guard::core {

// Labels of the release a series is matched by; a series with another service, environment or version is not its own.
// Where the subject's version is empty nobody knows it, and any will do.
bool belongs_to(const Labels& series, const Subject& subject);
// Those of `samples` that belong to it.
std::vector<Sample> own(const std::vector<Sample>& samples, const Subject& subject);
// Why an answer without a series of the release says nothing, in words.
std::string nothing_of_release(const std::vector<Sample>& samples);
// The label that names another release, or nothing. What the rule's own matchers name, they have compared: an
// exporter's `service` or an external `environment` is not the release's, and the rule says which it wants.
std::optional<std::string> foreign_label(const Labels& labels, const Subject& subject,
                                         const std::vector<Matcher>& matchers);

// Since when what is measured is the release's, and how far back the expression looks.
struct Provenance {
  Duration since_live{0};
  Duration reach{0};
};

// Everything a rule of kind expr was told in one round.
struct ExprAnswer {
  Samples value;
  std::optional<Samples> condition;   // only_if
  std::optional<Samples> sample_age;  // seconds; by selector and release, see promql/freshness.hpp
  std::optional<double> baseline;
  std::optional<std::string> baseline_problem;  // why there is none, where the rule needs one
  std::optional<Provenance> provenance;         // empty: readings of any time count
};
Evaluation evaluate_expr(const Rule& rule, const Subject& subject, const ExprAnswer& answer, Instant now);

struct AlertsAnswer {
  std::expected<AlertList, SourceError> list;
  WallTime switch_began{};  // what started firing before is not the release's
};
// Whether a rule of the group asks for one of these alerts, by its matchers; also where they cannot be filled in.
bool may_concern(const RuleGroup& group, const Subject& subject, const std::vector<Labels>& alerts);
Evaluation evaluate_alerts(const Rule& rule, const Subject& subject, const AlertsAnswer& answer, Instant now);

Evaluation evaluate_signal(const Rule& rule, const std::optional<Signal>& signal, Instant now);

}  // namespace guard::core
