// SPDX-License-Identifier: Apache-2.0
//
// What is wrong with a text, and where: collected, not thrown, so that a person sees every error at once.
// Values; safe from any thread.
#pragma once

#include "guard/base/enum_names.hpp"
#include "guard/model/finding.hpp"

#include <string>
#include <vector>

namespace guard::config {

enum class Severity { error, warning };

struct Diagnostic {
  Severity severity = Severity::error;
  std::string path;
  int line = 0;         // one-based; 0: the whole file
  int column = 0;       // one-based, in characters
  std::string rule;     // the rule it is about, or empty
  std::string message;  // what is wrong, and what to do
  std::string snippet;  // the line it stands on, or the part of a long line around the column
  int caret = 0;        // one-based, in characters of the snippet; 0: none
  int rule_line = 0;    // where its rule begins; 0: it is about no rule
  model::Finding finding = model::Finding::none;
  std::string fix = {};  // what to do, where the message leaves that out
};

// The diagnostic of `remark` at this place: an error or a warning, as the list of findings says.
Diagnostic diagnose(Diagnostic place, model::Remark remark);

// `path:line:column: rule "x": message; fix [name]`, then the snippet with a caret under the column. A warning says so
// before the rule. No newline at the end.
std::string format(const Diagnostic& diagnostic);

struct Diagnostics {
  std::vector<Diagnostic> items;  // by path, line, column
  bool has_errors() const;
};

// Each diagnostic on lines of its own, with a newline after each: what `release-guard check` prints.
std::string format(const Diagnostics& diagnostics);

}  // namespace guard::config

namespace guard {

template <>
struct EnumNames<config::Severity> {
  using S = config::Severity;
  static constexpr std::array table{EnumName<S>{S::error, "error"}, EnumName<S>{S::warning, "warning"}};
};

}  // namespace guard
