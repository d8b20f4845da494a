// SPDX-License-Identifier: Apache-2.0
//
// Tables of which each judge has a row or a column. Pure.
#pragma once

#include "tests/decisions/tables.hpp"

#include <functional>

namespace guard::decisions {

std::string row(const std::vector<std::string>& cells);
std::string header(const std::vector<std::string>& cells);
// One row with a cell for each judge.
std::string row_of(const std::string& what, const Names& judges, const std::function<std::string(std::size_t)>& cell);
std::string header_of(const std::string& what, const Names& judges);

inline bool every(const sim::Plan&) {
  return true;
}

}  // namespace guard::decisions
