// SPDX-License-Identifier: Apache-2.0
//
// The subcommands of `release-guard release`, a file each, and what they have in common. The main thread only.
#pragma once

#include "guard/cli/client_options.hpp"
#include "guard/cli/program.hpp"
#include "guard/cli/release_text.hpp"
#include "guard/cli/release_wait.hpp"

namespace guard::cli {

void add_release_start(CLI::App& release, Choice& choice);
void add_release_signal(CLI::App& release, Choice& choice);
void add_release_orders(CLI::App& release, Choice& choice);  // live, pause, resume, approve, abort, rollback
void add_release_status(CLI::App& release, Choice& choice);
void add_release_list(CLI::App& release, Choice& choice);
void add_release_report(CLI::App& release, Choice& choice);

// How releases are shown on context.out now.
TextOptions text_options(const CommandContext& context);

// The exit code of a question that went without an answer: exit_no where the guard itself said no to it, else
// exit_not_known.
int exit_of(const Error& error);

// The exit code of a release that was waited for, by the phase in which it ended.
int exit_of_phase(std::string_view phase);

// Prints an answer as it came, with a newline at its end; returns exit_yes.
int print_raw(CommandContext& context, const std::string& body);

// Calls as client::retry does; says on context.err once that it tries again.
Result<std::string> repeat_call(CommandContext& context, client::Repeat repeat, const client::Call& call);

// Shows the first line of the release an order or a signal was answered with; or complains.
int print_headline(CommandContext& context, const Result<std::string>& body);

// Warns on context.err where the release that came as `body` is contested: whoever says that it is live hears of it
// then.
void warn_of_contest(CommandContext& context, const std::string& body);

// Waits for the end, shows the release (as JSON if `raw`) and returns how it ended as an exit code.
int report_end(CommandContext& context, const client::GuardApi& api, const client::WaitOptions& options, bool raw);

}  // namespace guard::cli
