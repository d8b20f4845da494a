// SPDX-License-Identifier: Apache-2.0
#include "guard/importing/argo_condition.hpp"

#include "guard/base/text.hpp"
#include "guard/importing/bound.hpp"
#include "guard/importing/material.hpp"
#include "guard/promql/expression.hpp"

#include <algorithm>
#include <string>

namespace guard::importing {
namespace {

using model::Comparison;
using promql::Expression;

// The conditions' own language has the operators of PromQL, but for their spelling and for `#`, which is no comment.
constexpr auto syntax = promql::Syntax::matcher_template;

std::optional<promql::WholeCall> call_of(const Expression& expr) {
  return expr.operands.empty() ? promql::whole_call(expr.text, syntax) : std::nullopt;
}

bool is_result(const Expression& expr) {
  const auto call = call_of(expr);
  const auto text = call && (call->name == "asFloat" || call->name == "float") ? trim(call->inside) : expr.text;
  return text == "result" || text == "result[0]";
}

bool is_no_result(const Expression& expr) {
  if (const auto call = call_of(expr)) return call->name == "isNaN" && trim(call->inside).starts_with("result");
  if (expr.operands.size() != 2) return false;
  const auto length = call_of(expr.operands[0]);
  const bool of_result = length && length->name == "len" && trim(length->inside) == "result";
  const auto bound = expr.operands[1].number;
  return of_result && ((expr.operation == "==" && bound == 0) || (expr.operation == "<" && bound == 1));
}

std::optional<ResultBound> compared(const Expression& expr) {
  if (!expr.compares() || expr.is_bool) return std::nullopt;
  const auto& [first, second] = std::pair<const Expression&, const Expression&>{expr.operands[0], expr.operands[1]};
  const auto comparison = *from_string<Comparison>(expr.operation);
  if (is_result(first) && second.number) return ResultBound{comparison, *second.number};
  if (is_result(second) && first.number) return ResultBound{mirrored(comparison), *first.number};
  return std::nullopt;
}

class ConditionReader {
 public:
  std::optional<ResultCondition> read(const Expression& whole) {
    std::vector<const Expression*> alternatives;
    flatten(whole, "or", alternatives);
    out_.true_without_result = std::erase_if(alternatives, [](const auto* one) { return is_no_result(*one); }) > 0;
    out_.any_of_bounds = alternatives.size() > 1;
    std::vector<const Expression*> bounds = alternatives;
    if (alternatives.size() == 1) {
      bounds.clear();
      flatten(*alternatives[0], "and", bounds);
    }
    const bool read = std::ranges::all_of(bounds, [this](const auto* one) { return take(*one); });
    return read && !out_.bounds.empty() ? std::optional(out_) : std::nullopt;
  }

 private:
  static void flatten(const Expression& expr, std::string_view joint, std::vector<const Expression*>& out) {
    if (!expr.is_word(joint)) return out.push_back(&expr);
    for (const auto& operand : expr.operands) flatten(operand, joint, out);
  }

  bool take(const Expression& expr) {
    const auto bound = compared(expr);
    if (bound) out_.bounds.push_back(*bound);
    return bound || take_of_series(expr);
  }

  // all(result, # < 1), all(result, {# < 1}), any(…).
  bool take_of_series(const Expression& expr) {
    const auto call = call_of(expr);
    const auto comma = call ? call->inside.find(',') : std::string_view::npos;
    if (comma == std::string_view::npos || trim(call->inside.substr(0, comma)) != "result") return false;
    auto inner = trim(call->inside.substr(comma + 1));
    if (inner.starts_with('{') && inner.ends_with('}')) inner = inner.substr(1, inner.size() - 2);
    const auto each = replaced(std::string(inner), "#", "result");
    const auto tree = promql::parse_expression(each, syntax);
    const auto bound = tree ? compared(*tree) : std::nullopt;
    if (!bound) return false;
    out_.all_series = out_.all_series || call->name == "all";
    out_.any_series = out_.any_series || call->name == "any";
    out_.bounds.push_back(*bound);
    return call->name == "all" || call->name == "any";
  }

  ResultCondition out_;
};

}  // namespace

std::optional<ResultCondition> result_condition(std::string_view text) {
  const auto spelt = replaced(replaced(std::string(text), "&&", " and "), "||", " or ");
  const auto tree = promql::parse_expression(spelt, syntax);
  return tree ? ConditionReader().read(*tree) : std::nullopt;
}

}  // namespace guard::importing
