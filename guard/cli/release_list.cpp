// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/release_commands.hpp"

#include <memory>

#include <CLI/App.hpp>

namespace guard::cli {
namespace {

struct ListOptions {
  client::Connection connection;
  std::string service;
  std::string environment;
  bool open = false;
  bool raw = false;
};

std::string list_path(const ListOptions& options) {
  client::Query query;
  if (!options.service.empty()) query.emplace_back("service", options.service);
  if (!options.environment.empty()) query.emplace_back("environment", options.environment);
  if (options.open) query.emplace_back("open", "true");
  return client::releases_path(query);
}

int list(const ListOptions& options, CommandContext& context) {
  const auto api = connect_to_guard(options.connection, context);
  if (!api) return complain(context, api.error());
  const auto body = api->get(list_path(options));
  if (!body) return complain(context, body.error());
  if (options.raw) return print_raw(context, *body);
  const auto releases = client::read_releases(*body);
  if (!releases) return complain(context, releases.error());
  *context.out << in_force_text(releases->in_force, text_options(context))
               << list_text(releases->releases, text_options(context));
  return exit_yes;
}

}  // namespace

void add_release_list(CLI::App& release, Choice& choice) {
  auto& command = *release.add_subcommand("list", "List the releases the guard knows, newest first.");
  const auto options = std::make_shared<ListOptions>();
  command.add_option("--service", options->service, "Only of this service.");
  command.add_option("--environment", options->environment, "Only of this environment.");
  command.add_flag("--open", options->open, "Only those that have not ended.");
  command.add_flag("--json", options->raw, "Print the guard's JSON.");
  add_connection_options(command, options->connection);
  command.footer(
      "Exit codes: 0 listed, 1 not reached or refused, 2 usage.\n"
      "Example: release-guard release list --service shop --open");
  choice.on(command, [options](CommandContext& context) { return list(*options, context); });
}

}  // namespace guard::cli
