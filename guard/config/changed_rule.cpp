// SPDX-License-Identifier: Apache-2.0
#include "guard/config/changed_rule.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/text.hpp"
#include "guard/config/evidence_parser.hpp"
#include "guard/config/objective_parser.hpp"
#include "guard/config/quantity.hpp"
#include "guard/config/share_parser.hpp"

#include <fmt/format.h>

namespace guard::config {
namespace {

std::string objective_problem(const model::Rule& rule, const model::Objective& objective) {
  if (rule.share) return share_objective_problem(objective);
  if (objective.of_baseline && rule.baselines.empty())
    return "an objective `of baseline` needs a `baseline`, which this rule does not have";
  return rule.fatal ? fatal_problem(objective, *rule.fatal) : "";
}

Result<void> change_objective(model::Rule& rule, const std::string& text) {
  const auto parsed = parse_objective(trim(text));
  if (!parsed) return fail(ErrorCode::invalid, fmt::format("objective: {}", parsed.error().message));
  if (auto problem = objective_problem(rule, *parsed); !problem.empty())
    return fail(ErrorCode::invalid, fmt::format("objective: {}", problem));
  rule.objective = *parsed;
  return {};
}

Result<void> change_for(model::Rule& rule, const std::string& text) {
  if (rule.share)
    return fail(ErrorCode::invalid,
                "for: a share of events is judged by evidence, which no `for` repeats; try another `confidence`");
  const auto sustained = parse_duration(trim(text));
  if (!sustained) return fail(ErrorCode::invalid, fmt::format("for: {}", sustained.error().message));
  rule.breach = {*sustained, 0, 0};
  return {};
}

Result<void> change_confidence(model::Rule& rule, const std::string& text) {
  if (!rule.share)
    return fail(ErrorCode::invalid,
                "confidence: only a share of events (`bad` or `good` with `total`) has one; try another `for`");
  const auto confidence = parse_confidence(text);
  if (!confidence) return std::unexpected(confidence.error());
  rule.share->confidence = *confidence;
  return {};
}

}  // namespace

Result<model::Rule> changed(const model::Rule& rule, const RuleChange& change) {
  if (!model::is_measured(rule.kind))
    return fail(ErrorCode::invalid,
                fmt::format("{} is read from {}: it has no number that another objective could be tried on", rule.slo,
                            rule.kind == model::RuleKind::alerts ? "alerts" : "a signal"));
  auto out = rule;
  Result<void> done;
  if (change.objective) done = change_objective(out, *change.objective);
  if (done && change.sustained) done = change_for(out, *change.sustained);
  if (done && change.confidence) done = change_confidence(out, *change.confidence);
  if (!done) return std::unexpected(done.error());
  return out;
}

}  // namespace guard::config
