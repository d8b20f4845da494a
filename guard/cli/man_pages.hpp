// SPDX-License-Identifier: Apache-2.0
//
// A manual page for each command, made of what its help says. man(7) of groff. Pure.
#pragma once

#include "guard/cli/command_tree.hpp"

#include <map>

namespace guard::cli {

// By their file names: "release-guard-release-start.1".
std::map<std::string, std::string> man_pages(const OfferedCommand& program, std::string_view version);

}  // namespace guard::cli
