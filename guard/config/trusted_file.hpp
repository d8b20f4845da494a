// SPDX-License-Identifier: Apache-2.0
//
// Whether a file that the guard runs or believes can be used: a hook's program, a secret. Looks at the file; blocking;
// safe from any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace guard::config {

// Why everyone on this machine could put something else into the file, or nothing. A file that cannot be looked at is
// another matter.
std::string exposure(const std::filesystem::path& file);

// Where a command hook is started.
struct ProgramPlace {
  std::filesystem::path dir;        // the working directory
  std::optional<std::string> path;  // the PATH it gets, if one is let through
};

// The PATH that a hook with this `environment` will have, if it is let one.
std::optional<std::string> path_let_through(const std::vector<std::string>& environment);

// Why the program cannot be run, or nothing: also a script whose first line names no interpreter that can be run, which
// execve(2) only tells when it is called.
std::string program_problem(const std::filesystem::path& program, const ProgramPlace& place);

}  // namespace guard::config
