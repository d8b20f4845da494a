// SPDX-License-Identifier: Apache-2.0
//
// The operators of an expression and what stands between them: where its threshold is, what it divides, which condition
// it is under. A call, a selector and what has a range or an offset is one operand, which is not looked into. Pure;
// safe from any thread.
#pragma once

#include "guard/promql/lexer.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guard::promql {

struct Expression {
  std::string_view text;             // as it is written, without parentheses around the whole
  std::string_view operation;        // + - * / % ^ atan2, a comparison, and, or, unless; empty: an operand
  bool is_bool = false;              // a comparison with `bool`: 0 or 1
  std::string_view matching;         // `bool`, on (…), group_left (…) and so on, behind the operation
  std::vector<Expression> operands;  // none, one of a sign, or two
  std::optional<double> number;      // where it is made of literal numbers only

  bool compares() const;  // with `bool` or without
  // True if the operation is `keyword`, which is in lower case.
  bool is_word(std::string_view keyword) const;
};

// The operators of `expr`, which must live as long. Nothing for what is no PromQL, or is of a dialect with operators of
// its own.
std::optional<Expression> parse_expression(std::string_view expr, Syntax syntax);

// The call that `operand` is as a whole: sum by (job) (x). What stands in its parentheses is `inside`.
struct WholeCall {
  std::string_view name;
  std::string_view inside;
  std::vector<std::string_view> labels;  // of `by` or `without`
  bool has_labels = false;               // it has such a list
  bool without = false;                  // which is one of `without`
};
std::optional<WholeCall> whole_call(std::string_view operand, Syntax syntax);

}  // namespace guard::promql
