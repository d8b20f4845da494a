// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/options.hpp"
#include "guard/cli/release_commands.hpp"

#include <memory>

#include <CLI/App.hpp>

namespace guard::cli {
namespace {

struct ReportOptions {
  client::Connection connection;
  client::WhichRelease release;
  std::string format = "md";
};

int report(const ReportOptions& options, CommandContext& context) {
  const auto api = connect_to_guard(options.connection, context);
  if (!api) return complain(context, api.error());
  const auto rest = "/report?format=" + options.format;
  const auto body = client::for_release(*api, options.release,
                                        [&](const auto& id) { return api->get(client::release_path(id, rest)); });
  return body ? print_raw(context, *body) : complain(context, body.error());
}

}  // namespace

void add_release_report(CLI::App& release, Choice& choice) {
  auto& command = *release.add_subcommand("report", "Print the report of a release: evidence, decisions, timeline.");
  const auto options = std::make_shared<ReportOptions>();
  add_which_release(command, options->release);
  add_word(command, "--format", options->format, {"md", "html", "json"})
      ->description("How it is written.")
      ->default_str(options->format);
  add_connection_options(command, options->connection);
  command.footer(
      "Exit codes: 0 printed, 1 not found or not reached, 2 usage.\n"
      "Example: release-guard release report \"$id\" --format html > report.html");
  choice.on(command, [options](CommandContext& context) { return report(*options, context); });
}

}  // namespace guard::cli
