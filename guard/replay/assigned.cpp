// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/assigned.hpp"

#include "guard/base/time_text.hpp"
#include "guard/promql/lexer.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::replay {
namespace {

std::string named(const model::RuleGroup& group, std::string_view label, std::string fallback) {
  for (const auto& matcher : group.match)
    if (matcher.name() == label && matcher.op() == model::MatchOp::equal) return matcher.value();
  return fallback;
}

std::vector<const promql::TextTemplate*> expressions(const model::Rule& rule) {
  std::vector<const promql::TextTemplate*> out;
  if (rule.expr) out.push_back(&*rule.expr);
  if (rule.share) out.push_back(&*rule.share->total);
  if (rule.count) out.push_back(&*rule.count->events);
  return out;
}

// The matchers on `job` of an expression.
std::vector<model::Matcher> job_matchers(const std::string& expr) {
  std::vector<model::Matcher> out;
  const auto tokens = promql::lex_code(expr, promql::Syntax::promql);
  for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
    if (!tokens[i].is("job")) continue;
    const auto op = from_string<model::MatchOp>(tokens[i + 1].text);
    const auto value = tokens[i + 2];
    if (!op || value.kind != promql::TokenKind::string || value.text.size() < 2) continue;
    auto matcher = model::Matcher::make("job", *op, std::string(value.text.substr(1, value.text.size() - 2)));
    if (matcher) out.push_back(std::move(*matcher));
  }
  return out;
}

// True where a rule of the group reads what `job` exports.
bool reads(const model::RuleGroup& group, const promql::Subject& subject, const std::string& job) {
  for (const auto& rule : group.rules)
    for (const auto* expression : expressions(rule)) {
      const auto text = expression->render(subject);
      if (!text) continue;
      for (const auto& matcher : job_matchers(*text))
        if (matcher.matches({{"job", job}})) return true;
    }
  return false;
}

std::optional<model::ReleaseSpec> spec_for(const Deploy& deploy, const model::RuleGroup& group) {
  model::ReleaseSpec spec;
  spec.service = named(group, "service", deploy.job);
  spec.environment = named(group, "environment", "production");
  spec.version = deploy.version;
  spec.previous_version = deploy.previous_version;
  spec.live_at = deploy.at;
  spec.id = fmt::format("{}-{}", deploy.version, time_text(deploy.at));
  if (!model::matches_all(group.match, model::labels_of(spec))) return std::nullopt;
  const promql::Subject subject{
      spec.service, spec.environment, spec.version, spec.previous_version, {}, group.window, {}};
  const bool is_meant = deploy.job.empty() || spec.service == deploy.job || reads(group, subject, deploy.job);
  return is_meant ? std::optional(std::move(spec)) : std::nullopt;
}

}  // namespace

std::vector<Release> assigned(const std::vector<Deploy>& deploys, const std::vector<model::RuleGroupPtr>& groups) {
  std::vector<Release> out;
  for (const auto& deploy : deploys)
    for (const auto& group : groups)
      if (auto spec = spec_for(deploy, *group)) {
        Release release;
        release.spec = std::move(*spec);
        release.found_by = deploy.found_by;
        out.push_back(std::move(release));
        break;
      }
  return out;
}

}  // namespace guard::replay
