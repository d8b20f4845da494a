// SPDX-License-Identifier: Apache-2.0
//
// What `try` tells: which releases it found, by which rules it judged them, and what would have been done. Pure.
#pragma once

#include "guard/cli/text_table.hpp"
#include "guard/replay/proposal.hpp"
#include "guard/report/backtest.hpp"

#include <string>
#include <vector>

namespace guard::cli {

struct Tried {
  report::Backtest backtest;
  std::vector<replay::Proposal> proposals;  // empty: rules were given
};

std::string try_text(const Tried& tried, const Layout& layout);

}  // namespace guard::cli
