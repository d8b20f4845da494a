// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/commands.hpp"
#include "guard/cli/options.hpp"
#include "guard/cli/release_commands.hpp"
#include "guard/cli/span_options.hpp"

#include <memory>

#include <CLI/App.hpp>

namespace guard::cli {
namespace {

struct ReportOptions {
  client::Connection connection;
  SpanOptions span{std::chrono::hours(24)};
  std::string format = "text";
};

constexpr auto footer =
    "What became of each release, who decided, its objectives in figures, what fired, how long it took to notice and "
    "to\n"
    "restore, which questions are open, and what is to be done within 24 hours: ticked is what the report answers. Of\n"
    "the time are releases that were announced, went live, were decided on or ended in it, and all that have not ended "
    "or\n"
    "need a person. `--format md` is ready to be pasted. The report of one release is `release-guard release report "
    "ID`.\n"
    "Exit codes: 0 printed, 1 refused or not reached, 2 usage.\n"
    "Examples:\n"
    "  release-guard report --since 24h\n"
    "  release-guard report --since 7d --environment production --format html > week.html";

int report(const ReportOptions& options, CommandContext& context) {
  const auto api = connect_to_guard(options.connection, context);
  if (!api) return complain(context, api.error());
  auto query = query_of(options.span);
  query.emplace_back("format", options.format);
  const auto body = api->get(client::report_path(query));
  return body ? print_raw(context, *body) : complain(context, body.error());
}

}  // namespace

void add_report(CLI::App& program, Choice& choice) {
  auto& command =
      *program.add_subcommand("report", "Print what became of the releases of a time, and what is left to do.");
  const auto options = std::make_shared<ReportOptions>();
  add_span_options(command, options->span);
  add_word(command, "--format", options->format, {"text", "md", "html", "json"})
      ->description("How it is written.")
      ->default_str(options->format);
  add_connection_options(command, options->connection);
  command.footer(footer);
  choice.on(command, [options](CommandContext& context) { return report(*options, context); });
}

}  // namespace guard::cli
