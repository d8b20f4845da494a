// SPDX-License-Identifier: Apache-2.0
//
// What `tune` tells of each rule. Pure.
#pragma once

#include "guard/cli/text_table.hpp"
#include "guard/replay/tuning.hpp"

#include <string>
#include <vector>

namespace guard::cli {

std::string tune_text(const std::vector<replay::Tuned>& tuned, double wanted, const Layout& layout);

}  // namespace guard::cli
