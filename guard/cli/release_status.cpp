// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/options.hpp"
#include "guard/cli/release_commands.hpp"

#include <memory>

#include <CLI/App.hpp>

namespace guard::cli {
namespace {

struct StatusOptions {
  client::Connection connection;
  client::WhichRelease release;
  bool wait = false;
  std::optional<Duration> timeout;
  bool raw = false;
  bool explain = false;
};

constexpr auto footer =
    "With --wait it says each decision when it is made, outlasts restarts of the guard, and its exit code is the "
    "release's outcome:\n"
    "  0  passed\n"
    "  1  refused: no such release, a token that may not\n"
    "  2  usage\n"
    "  3  rolled back, and every objective holds again (the guard watches that on for the group's `verify`)\n"
    "  4  rollback_failed: a person must act\n"
    "  5  breached: an objective was broken and nothing was rolled back\n"
    "  6  unverified\n"
    "  7  aborted\n"
    "  8  superseded\n"
    "  9  not known: no guard answers, the timeout is over, or the wait was interrupted\n"
    "Without --wait: 0 shown, 1 not found or not reached, 2 usage.\n"
    "Example: release-guard release status \"$id\" --wait --timeout 3h";

int wait_for_end(const StatusOptions& options, const client::GuardApi& api, CommandContext& context) {
  const auto id = options.release.id.empty() ? client::id_of_place(api, options.release) : options.release.id;
  if (!id) return complain(context, id.error());
  return report_end(context, api, {*id, options.timeout, false}, options.raw);
}

int status(const StatusOptions& options, CommandContext& context) {
  const auto api = connect_to_guard(options.connection, context);
  if (!api) return complain(context, api.error());
  if (options.wait) return wait_for_end(options, *api, context);
  const auto body =
      client::for_release(*api, options.release, [&](const auto& id) { return api->get(client::release_path(id)); });
  if (!body) return complain(context, body.error());
  if (options.raw) return print_raw(context, *body);
  const auto release = client::read_release(*body);
  if (!release) return complain(context, release.error());
  auto shown = text_options(context);
  shown.explain = options.explain;
  *context.out << status_text(*release, shown);
  return exit_yes;
}

}  // namespace

void add_release_status(CLI::App& release, Choice& choice) {
  auto& command = *release.add_subcommand("status", "Show where a release stands and why, or wait until it has ended.");
  const auto options = std::make_shared<StatusOptions>();
  add_which_release(command, options->release);
  auto* wait = command.add_flag("--wait", options->wait, "Wait until the release has ended.");
  add_duration(command, "--timeout", options->timeout)->description("The longest to wait.")->needs(wait);
  auto* raw = command.add_flag("--json", options->raw, "Print the guard's JSON.");
  command.add_flag("--explain", options->explain, "Explain every rule, and show the timeline.")
      ->excludes(wait)
      ->excludes(raw);
  add_connection_options(command, options->connection);
  command.footer(footer);
  choice.on(command, [options](CommandContext& context) { return status(*options, context); });
}

}  // namespace guard::cli
