// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/check_lines.hpp"

#include "guard/cli/text_table.hpp"

namespace guard::cli {
namespace {

Cell mark_of(const std::string& state) {
  if (state == "passed") return {"✓", Style::good};
  return state == "failed" ? Cell{"✗", Style::bad} : Cell{"?", Style::warn};
}

}  // namespace

std::string check_lines(const std::vector<story::CheckView>& checks, const TextOptions& options) {
  std::vector<std::vector<Cell>> rows;
  for (const auto& check : checks) {
    rows.push_back({mark_of(check.state), {check.name}, {check.seen}});
    if (!check.advice.empty()) rows.push_back({{""}, {""}, {"→ " + check.advice, Style::dim}});
  }
  return format_table(rows, {2, options.colour, options.columns});
}

}  // namespace guard::cli
