// SPDX-License-Identifier: Apache-2.0
//
// An expression as a rule file may hold it: the first line is the version that its templates are filled in with.
#include "guard/promql/freshness.hpp"
#include "guard/promql/lint.hpp"
#include "guard/promql/text_template.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace guard;
  const auto input = fuzz::text(data, size);
  const auto line = std::min(input.find('\n'), size);
  const promql::Subject subject{"shop", "production", std::string(input.substr(0, line)), "v1", {}, Duration{90'000},
                                {}};
  const auto expr = input.substr(std::min(line + 1, size));
  const auto selectors = promql::read_selectors(expr, promql::Syntax::promql);
  for (const auto& selector : promql::plain_selectors(selectors)) fuzz::require(selector.text.size() <= expr.size());
  promql::age_queries(selectors);
  const auto fault = promql::unbalanced(expr);
  fuzz::require(!fault || fault->offset < expr.size());
  const auto threshold = promql::threshold_in(expr);
  fuzz::require(!threshold || *threshold < expr.size());
  const auto range = promql::longest_range(expr);
  fuzz::require(!range || expr[range->offset] == '[');
  for (const auto kind : {promql::TemplateKind::promql, promql::TemplateKind::matcher, promql::TemplateKind::argument,
                          promql::TemplateKind::text}) {
    const auto parsed = promql::TextTemplate::parse(expr, kind);
    if (!parsed) {
      fuzz::require(parsed.error().offset <= expr.size() && !parsed.error().message.empty());
      continue;
    }
    const auto filled = parsed->render(subject);
    if (filled && kind == promql::TemplateKind::promql)
      promql::age_queries(promql::read_selectors(*filled, promql::Syntax::promql));
    if (filled && kind == promql::TemplateKind::argument && expr.find("{{") == 0)
      fuzz::require(!filled->starts_with('-'));  // a value never becomes an option
  }
  return 0;
}
