// SPDX-License-Identifier: Apache-2.0
//
// Scripts that complete release-guard's command line in a shell: subcommands, options, the words that an option takes,
// and files. Pure.
#pragma once

#include "guard/cli/command_tree.hpp"

namespace guard::cli {

// For bash-completion's folder, or to be sourced.
std::string bash_completion(const OfferedCommand& program);
// A file `_release-guard` of $fpath, or to be sourced once compinit was called.
std::string zsh_completion(const OfferedCommand& program);
// For fish's folder `completions`.
std::string fish_completion(const OfferedCommand& program);

}  // namespace guard::cli
