// SPDX-License-Identifier: Apache-2.0
//
// Checks as lines for a person: a mark, a name, what was seen, and below it what to do. Pure; safe from any thread.
#pragma once

#include "guard/cli/release_text.hpp"

#include <string>
#include <vector>

namespace guard::cli {

std::string check_lines(const std::vector<story::CheckView>& checks, const TextOptions& options);

}  // namespace guard::cli
