// SPDX-License-Identifier: Apache-2.0
//
// Reads a JSON list of PromQL expressions from stdin and writes, for each, what the guard finds in it:
// {selectors: [{begin, text, modifiers: [[kind, begin, text]]}], opaque: [[begin, text]]}, the strings and comments.
#include "guard/base/json.hpp"
#include "guard/promql/selectors.hpp"

#include <iostream>
#include <iterator>

namespace guard::promql {
namespace {

std::string_view name_of(ModifierKind kind) {
  switch (kind) {
    case ModifierKind::range:
      return "range";
    case ModifierKind::subquery:
      return "subquery";
    case ModifierKind::offset:
      return "offset";
    case ModifierKind::at:
      return "at";
  }
  return "";
}

json::value written(const Selector& selector) {
  json::array modifiers;
  for (const auto& modifier : selector.modifiers)
    modifiers.push_back(json::array{name_of(modifier.kind), modifier.begin, modifier.text});
  return {{"begin", selector.begin}, {"text", selector.text}, {"modifiers", std::move(modifiers)}};
}

json::value read(std::string_view expr) {
  json::array selectors;
  json::array opaque;
  for (const auto& selector : read_selectors(expr, Syntax::promql).found) selectors.push_back(written(selector));
  for (const auto& token : lex(expr, Syntax::promql))
    if (token.kind == TokenKind::string || token.kind == TokenKind::comment)
      opaque.push_back(json::array{token.begin, token.text});
  return {{"selectors", std::move(selectors)}, {"opaque", std::move(opaque)}};
}

}  // namespace
}  // namespace guard::promql

int main() {
  const std::string input{std::istreambuf_iterator<char>(std::cin), {}};
  const auto expressions = guard::parse_json(input);
  if (!expressions || !expressions->is_array()) return 1;
  guard::json::array out;
  for (const auto& expr : expressions->get_array()) out.push_back(guard::promql::read(expr.as_string()));
  std::cout << guard::json::serialize(out);
  return 0;
}
