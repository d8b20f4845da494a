// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/options.hpp"
#include "guard/cli/release_commands.hpp"

#include <memory>

#include <CLI/App.hpp>

namespace guard::cli {
namespace {

struct SignalOptions {
  client::Connection connection;
  std::string release;
  std::string name;
  std::string status;
  std::string detail;
};

constexpr auto footer =
    "A rule with `signal: NAME` is judged by this. Tries again for a minute while the guard is away.\n"
    "Exit codes: 0 taken, 1 refused or not reached, 2 usage.\n"
    "Example: release-guard release signal \"$id\" e2e failed --detail \"checkout: 3 of 40 tests\"";

int post_signal(const SignalOptions& options, CommandContext& context) {
  const auto api = connect_to_guard(options.connection, context);
  if (!api) return complain(context, api.error());
  json::object body{{"name", options.name}, {"status", options.status}};
  if (!options.detail.empty()) body["detail"] = options.detail;
  const auto path = client::release_path(options.release, "/signal");
  return print_headline(context, repeat_call(context, client::Repeat::always, [&] { return api->post(path, body); }));
}

}  // namespace

void add_release_signal(CLI::App& release, Choice& choice) {
  auto& command = *release.add_subcommand("signal", "Post the pipeline's own verdict about a release.");
  const auto options = std::make_shared<SignalOptions>();
  command.add_option("ID", options->release, "The release.")->required();
  command.add_option("NAME", options->name, "The signal, as the rule names it.")->required();
  add_word(command, "STATUS", options->status, {"succeeded", "failed"})->description("What was found.")->required();
  command.add_option("--detail", options->detail, "In words: what was found, where to look.");
  add_connection_options(command, options->connection);
  command.footer(footer);
  choice.on(command, [options](CommandContext& context) { return post_signal(*options, context); });
}

}  // namespace guard::cli
