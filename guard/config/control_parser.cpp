// SPDX-License-Identifier: Apache-2.0
#include "guard/config/control_parser.hpp"

#include "guard/base/text.hpp"
#include "guard/config/matchers.hpp"
#include "guard/promql/lexer.hpp"
#include "guard/promql/selectors.hpp"

#include <fmt/format.h>

namespace guard::config {
namespace {

constexpr auto syntax = promql::Syntax::promql_template;

// A matcher as PromQL has them: a name, an operator, and a value in double quotes.
bool is_promql_matcher(std::string_view text) {
  const auto tokens = promql::lex_code(text, syntax);
  return tokens.size() > 2 && tokens.front().kind == promql::TokenKind::word &&
         tokens.back().kind == promql::TokenKind::string && tokens.back().closed;
}

std::vector<std::string> control_matchers(const ObjectReader& object) {
  std::vector<std::string> out;
  for (const auto* node : object.list("control")) {
    const auto text = read_template(object.report(), *node, "a matcher of `control`", promql::TemplateKind::promql);
    if (text && is_promql_matcher(text->source()))
      out.emplace_back(trim(text->source()));
    else if (text)
      object.report().error(node->offset,
                            "a matcher of `control` is written as in PromQL, for example service!=\"{{ service }}\"");
  }
  return out;
}

// Made of templates that were read already.
promql::TextTemplate made(const std::string& text) {
  return *promql::TextTemplate::parse(text, promql::TemplateKind::promql);
}

promql::TextTemplate of_others(const promql::TextTemplate& own, const std::vector<std::string>& matchers) {
  return made(promql::all_with_matchers(own.source(), matchers, syntax));
}

bool chooses_others(const ObjectReader& object, const promql::TextTemplate& own,
                    const std::vector<std::string>& matchers) {
  if (promql::all_with_matchers(own.source(), matchers, syntax) != promql::all_with_matchers(own.source(), {}, syntax))
    return true;
  object.error("control", "`control` chooses the same series as the rule itself; choose those without the release");
  return false;
}

}  // namespace

std::optional<model::Control> read_control(const ObjectReader& object, const model::Share& share) {
  if (object.find("control") == nullptr) return std::nullopt;
  const auto matchers = control_matchers(object);
  if (matchers.empty() || !share.total || (!share.part && !share.within)) return std::nullopt;
  if (!chooses_others(object, *share.total, matchers)) return std::nullopt;
  model::Control control;
  if (share.part) control.part = of_others(*share.part, matchers);
  control.total = of_others(*share.total, matchers);
  control.who = made(fmt::format("{}", fmt::join(matchers, ", ")));
  return control;
}

std::optional<model::Control> read_control(const ObjectReader& object, const model::Rule& rule) {
  if (object.find("control") == nullptr) return std::nullopt;
  const auto matchers = control_matchers(object);
  if (rule.objective.of_baseline) {
    object.error("control", "`control` is held against the same bound, and of others no baseline is known; delete it");
    return std::nullopt;
  }
  if (matchers.empty() || !rule.expr || !chooses_others(object, *rule.expr, matchers)) return std::nullopt;
  model::Control control;
  control.total = of_others(*rule.expr, matchers);
  control.who = made(fmt::format("{}", fmt::join(matchers, ", ")));
  return control;
}

}  // namespace guard::config
