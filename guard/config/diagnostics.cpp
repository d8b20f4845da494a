// SPDX-License-Identifier: Apache-2.0
#include "guard/config/diagnostics.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace guard::config {

Diagnostic diagnose(Diagnostic place, model::Remark remark) {
  const auto& info = model::info_of(remark.finding);
  place.severity = info.error ? Severity::error : Severity::warning;
  place.finding = remark.finding;
  place.message = std::move(remark.message);
  place.fix = remark.fix.empty() ? info.fix : std::move(remark.fix);
  return place;
}

std::string format(const Diagnostic& diagnostic) {
  std::string out = diagnostic.path;
  if (diagnostic.line > 0) out += fmt::format(":{}:{}", diagnostic.line, diagnostic.column);
  out += ": ";
  if (diagnostic.severity == Severity::warning) out += "warning: ";
  if (!diagnostic.rule.empty()) out += fmt::format("rule \"{}\": ", diagnostic.rule);
  out += diagnostic.message;
  if (!diagnostic.fix.empty()) out += "; " + diagnostic.fix;
  if (diagnostic.finding != model::Finding::none) out += fmt::format(" [{}]", model::info_of(diagnostic.finding).name);
  if (diagnostic.snippet.empty() || diagnostic.caret == 0) return out;
  return out + fmt::format("\n  {}\n  {:>{}}", diagnostic.snippet, '^', diagnostic.caret);
}

bool Diagnostics::has_errors() const {
  return std::ranges::any_of(items, [](const Diagnostic& item) { return item.severity == Severity::error; });
}

std::string format(const Diagnostics& diagnostics) {
  std::string out;
  for (const auto& item : diagnostics.items) out += format(item) + '\n';
  return out;
}

}  // namespace guard::config
