// SPDX-License-Identifier: Apache-2.0
#include "tests/decisions/markdown.hpp"

#include <fmt/format.h>

namespace guard::decisions {

std::string row(const std::vector<std::string>& cells) {
  return fmt::format("| {} |\n", fmt::join(cells, " | "));
}

std::string header(const std::vector<std::string>& cells) {
  return row(cells) + row(std::vector<std::string>(cells.size(), "---"));
}

std::string row_of(const std::string& what, const Names& judges, const std::function<std::string(std::size_t)>& cell) {
  std::vector<std::string> cells{what};
  for (std::size_t judge = 0; judge < judges.size(); ++judge) cells.push_back(cell(judge));
  return row(cells);
}

std::string header_of(const std::string& what, const Names& judges) {
  std::vector<std::string> cells{what};
  cells.insert(cells.end(), judges.begin(), judges.end());
  return header(cells);
}

}  // namespace guard::decisions
