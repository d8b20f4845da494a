// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/commands.hpp"
#include "guard/cli/release_commands.hpp"

#include <map>
#include <string_view>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace guard::cli {
namespace {

// What the guard itself said no to; anything else leaves open how the release ends.
bool is_refusal(ErrorCode code) {
  return code == ErrorCode::not_found || code == ErrorCode::unauthorized || code == ErrorCode::forbidden ||
         code == ErrorCode::invalid;
}

}  // namespace

void add_release(CLI::App& program, Choice& choice) {
  auto& release = *program.add_subcommand("release", "Announce a release, follow it, decide about it.");
  release.require_subcommand(1);
  release.footer(
      "A pipeline announces with `start`, blocks on `status --wait`, and posts its own verdicts with `signal`.\n"
      "Example: release-guard release start --service shop --environment production \\\n"
      "           --version 1.4.2 --previous-version 1.4.1 --wait");
  add_release_start(release, choice);
  add_release_signal(release, choice);
  add_release_orders(release, choice);
  add_release_status(release, choice);
  add_release_list(release, choice);
  add_release_report(release, choice);
}

int exit_of_phase(std::string_view phase) {
  static const std::map<std::string_view, int> codes{{"passed", exit_yes},
                                                     {"verifying", exit_rolled_back},
                                                     {"rolled_back", exit_rolled_back},
                                                     {"breached", exit_breached},
                                                     {"rollback_failed", exit_rollback_failed},
                                                     {"unverified", exit_unverified},
                                                     {"aborted", exit_aborted},
                                                     {"superseded", exit_superseded}};
  const auto code = codes.find(phase);
  return code == codes.end() ? exit_not_known : code->second;
}

int exit_of(const Error& error) {
  return is_refusal(error.code) ? exit_no : exit_not_known;
}

TextOptions text_options(const CommandContext& context) {
  return {context.clock->now().wall, context.colour, false, context.text_columns};
}

int print_raw(CommandContext& context, const std::string& body) {
  *context.out << body << (body.ends_with('\n') ? "" : "\n");
  return exit_yes;
}

Result<std::string> repeat_call(CommandContext& context, client::Repeat repeat, const client::Call& call) {
  return client::retry(pace_of(context), repeat, call, [&](const Error& error) {
    *context.err << fmt::format("{}; trying again for a minute\n", error.message) << std::flush;
  });
}

int print_headline(CommandContext& context, const Result<std::string>& body) {
  if (!body) return complain(context, body.error());
  const auto release = client::read_release(*body);
  if (!release) return complain(context, release.error());
  *context.out << headline_text(*release, text_options(context));
  return exit_yes;
}

void warn_of_contest(CommandContext& context, const std::string& body) {
  const auto release = client::read_release(body);
  if (release && release->contested)
    *context.err << fmt::format("a warning: {}\n", contested_text(*release)) << std::flush;
}

int report_end(CommandContext& context, const client::GuardApi& api, const client::WaitOptions& options, bool raw) {
  const auto ended = wait_for_end(api, context, options);
  if (!ended) {
    complain(context, ended.error());
    return exit_of(ended.error());
  }
  if (raw)
    print_raw(context, ended->body);
  else
    *context.out << status_text(ended->release, text_options(context));
  return exit_of_phase(ended->release.phase);
}

}  // namespace guard::cli
