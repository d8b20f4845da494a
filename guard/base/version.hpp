// SPDX-License-Identifier: Apache-2.0
//
// Which release-guard this is. Pure; safe from any thread.
#pragma once

#include <string_view>

namespace guard {

// The project's version as CMakeLists.txt has it: "0.1.0".
std::string_view version();

}  // namespace guard
