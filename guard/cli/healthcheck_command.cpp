// SPDX-License-Identifier: Apache-2.0
#include "guard/base/printable.hpp"
#include "guard/base/text.hpp"
#include "guard/cli/commands.hpp"
#include "guard/cli/release_commands.hpp"

#include <memory>

#include <CLI/App.hpp>

namespace guard::cli {
namespace {

int healthcheck(const client::Connection& connection, CommandContext& context) {
  const auto api = connect_to_guard(connection, context);
  if (!api) return complain(context, api.error());
  const auto body = api->get("/-/ready");
  if (!body) return complain(context, body.error());
  *context.out << printable(trim(*body)) << "\n";
  return exit_yes;
}

}  // namespace

void add_healthcheck(CLI::App& program, Choice& choice) {
  auto& command = *program.add_subcommand("healthcheck", "Ask a running guard whether it is ready.");
  const auto connection = std::make_shared<client::Connection>();
  add_connection_options(command, *connection);
  command.footer(
      "Exit codes: 0 ready, 1 not ready or not reached, 2 usage.\n"
      "Example, in a container image: HEALTHCHECK CMD [\"release-guard\", \"healthcheck\"]");
  choice.on(command, [connection](CommandContext& context) { return healthcheck(*connection, context); });
}

}  // namespace guard::cli
