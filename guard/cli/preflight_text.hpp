// SPDX-License-Identifier: Apache-2.0
//
// A preflight in words: a line for each thing that was looked at, and what to do where it is not well. Pure; safe from
// any thread.
#pragma once

#include "guard/cli/release_text.hpp"

namespace guard::cli {

// All of it, with a sentence at its end that says whether a release may begin.
std::string preflight_text(const story::PreflightView& preflight, const TextOptions& options);

}  // namespace guard::cli
