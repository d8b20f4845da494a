// SPDX-License-Identifier: Apache-2.0
//
// The command line as a whole: a table of command groups, each adding its subcommands, and one place that turns what
// a person typed into the one action to run. Used by the main thread only.
#pragma once

#include "guard/cli/command_context.hpp"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace guard::cli {

enum ExitCode : int {
  exit_yes = 0,    // done; the check passed; the release passed
  exit_no = 1,     // not done; the check failed; the guard refused
  exit_usage = 2,  // the command line cannot be understood; nothing was tried
  // How a release ended that was waited for, where it did not pass.
  exit_rolled_back = 3,
  exit_rollback_failed = 4,
  exit_breached = 5,
  exit_unverified = 6,
  exit_aborted = 7,
  exit_superseded = 8,
  exit_not_known = 9,  // its end is not known: no guard answers, the time is over, or the wait was interrupted
};

// Says on context.err what went wrong; returns exit_no.
int complain(CommandContext& context, const Error& error);

using Action = std::function<int(CommandContext&)>;

// Takes note of the action that the command line asks for.
class Choice {
 public:
  // When `command` is the subcommand on the command line, `action` is run once all of the line has been understood.
  void on(CLI::App& command, Action action);
  const Action& action() const { return action_; }

 private:
  Action action_;
};

// One group of subcommands.
struct CommandGroup {
  void (*add)(CLI::App& program, Choice& choice);
};

// Parses `arguments` (without the program's name) and runs what they ask for. Returns the exit code: that of the
// command, 0 after --help and --version, exit_usage after a message on context.err.
int run_program(std::span<const CommandGroup> groups, std::vector<std::string> arguments, CommandContext& context);

}  // namespace guard::cli
