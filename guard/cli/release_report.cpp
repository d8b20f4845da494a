// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/options.hpp"
#include "guard/cli/release_commands.hpp"
#include "guard/cli/which_release.hpp"

#include <memory>

#include <CLI/App.hpp>

namespace guard::cli {
namespace {

struct ReportOptions {
  Connection connection;
  WhichRelease release;
  std::string format = "md";
};

int report(const ReportOptions& options, World& world) {
  const auto api = GuardApi::connect(options.connection, world);
  if (!api) return complain(world, api.error());
  const auto rest = "/report?format=" + options.format;
  const auto body =
      for_release(*api, options.release, [&](const auto& id) { return api->get(release_path(id, rest)); });
  return body ? print_raw(world, *body) : complain(world, body.error());
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
  choice.on(command, [options](World& world) { return report(*options, world); });
}

}  // namespace guard::cli
