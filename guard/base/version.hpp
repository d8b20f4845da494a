// SPDX-License-Identifier: Apache-2.0
//
// Which release-guard this is. Pure; safe from any thread.
#pragma once

#include <string>
#include <string_view>

namespace guard {

struct Build {
  std::string version;   // the project's, as CMakeLists.txt has it: "0.2.0"
  std::string revision;  // of the sources; empty where the build does not know it
  std::string date;      // of that revision: "2026-01-31"; empty as well
  std::string compiler;  // "GCC 12.2.0"
};

// This build. Only main.cpp knows the revision, so that a new one compiles nothing else.
Build build_of(std::string_view revision, std::string_view date);

// As `--version` says it, with a line for each that is known.
std::string build_text(const Build& build);

}  // namespace guard
