// SPDX-License-Identifier: Apache-2.0
#include "guard/base/time_text.hpp"
#include "guard/cli/commands.hpp"
#include "guard/cli/options.hpp"
#include "guard/cli/release_commands.hpp"
#include "guard/cli/span_options.hpp"
#include "guard/cli/text_table.hpp"

#include <memory>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace guard::cli {
namespace {

struct FiguresOptions {
  client::Connection connection;
  SpanOptions span{std::chrono::hours(24 * 30)};
  bool raw = false;
};

constexpr auto footer =
    "Counts what went live in the time, the share of it that failed, and how long a failure lasted, in the figures of\n"
    "DORA (dora.dev). What puts an older version back is no deployment. Lead time is not among them: nobody tells the\n"
    "guard when a change was committed.\n"
    "Exit codes: 0 told, 1 refused or not reached, 2 usage.\n"
    "Example: release-guard figures --since 30d --environment production";

std::vector<Cell> row_of(const std::string& service, const std::string& environment,
                         const story::DeliveryFigures& figures, const client::FiguresAnswer& all) {
  return {{service},
          {environment},
          {story::frequency_text(figures, all)},
          {story::failure_text(figures)},
          {story::detect_text(figures)},
          {story::restore_text(figures), figures.unrestored > 0 ? Style::warn : Style::plain}};
}

std::string table_of(const client::FiguresAnswer& figures, const TextOptions& options) {
  std::vector<std::vector<Cell>> rows{{{"SERVICE", Style::dim},
                                       {"ENVIRONMENT", Style::dim},
                                       {"DEPLOYMENTS", Style::dim},
                                       {"FAILED", Style::dim},
                                       {"TIME TO DETECT", Style::dim},
                                       {"TIME TO RESTORE", Style::dim}}};
  for (const auto& place : figures.places)
    rows.push_back(row_of(place.service, place.environment, place.figures, figures));
  if (figures.places.size() != 1) rows.push_back(row_of("all", "", figures.all, figures));
  return format_table(rows, {2, options.colour, 0});
}

std::string figures_text(const client::FiguresAnswer& figures, const TextOptions& options) {
  auto out = paint(fmt::format("releases from {} to {}", time_text(figures.from), time_text(figures.to)), Style::strong,
                   options.colour) +
             "\n" + table_of(figures, options);
  for (const auto& note : figures.notes) out += fmt::format("note: {}\n", wrapped(note, 6, 6, options.columns));
  return out;
}

int figures(const FiguresOptions& options, CommandContext& context) {
  const auto api = connect_to_guard(options.connection, context);
  if (!api) return complain(context, api.error());
  const auto body = api->get(client::figures_path(query_of(options.span)));
  if (!body) return complain(context, body.error());
  if (options.raw) return print_raw(context, *body);
  const auto answer = client::read_figures(*body);
  if (!answer) return complain(context, answer.error());
  *context.out << figures_text(*answer, text_options(context));
  return exit_yes;
}

}  // namespace

void add_figures(CLI::App& program, Choice& choice) {
  auto& command = *program.add_subcommand(
      "figures", "Count how releases go: how often, the share that fails, how long that lasts.");
  const auto options = std::make_shared<FiguresOptions>();
  add_span_options(command, options->span);
  command.add_flag("--json", options->raw, "Print the guard's JSON.");
  add_connection_options(command, options->connection);
  command.footer(footer);
  choice.on(command, [options](CommandContext& context) { return figures(*options, context); });
}

}  // namespace guard::cli
