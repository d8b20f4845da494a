// SPDX-License-Identifier: Apache-2.0
//
// A backtest as a table for a terminal. Pure.
#pragma once

#include "guard/cli/text_table.hpp"
#include "guard/report/backtest.hpp"

#include <string>

namespace guard::cli {

std::string backtest_text(const report::Backtest& backtest, const Layout& layout);

}  // namespace guard::cli
