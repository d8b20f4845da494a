// SPDX-License-Identifier: Apache-2.0
#include "guard/base/time_text.hpp"
#include "guard/cli/commands.hpp"
#include "guard/cli/options.hpp"
#include "guard/cli/release_commands.hpp"
#include "guard/cli/text_table.hpp"
#include "guard/model/matcher.hpp"
#include "guard/model/release.hpp"

#include <memory>

#include <CLI/App.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::cli {
namespace {

struct BeginOptions {
  client::Connection connection;
  std::string service;
  std::string environment;
  std::vector<std::string> match;
  std::optional<WallTime> until;
  std::optional<Duration> lasts;
  std::vector<model::ReleaseKind> allow;
  std::string reason;
};

struct EndOptions {
  client::Connection connection;
  std::string id;
  std::string reason;
};

struct ListOptions {
  client::Connection connection;
  bool raw = false;
};

json::array matchers_of(const BeginOptions& options) {
  json::array out(options.match.begin(), options.match.end());
  const auto equal = [&](const char* name, const std::string& value) {
    if (!value.empty()) out.emplace_back(model::Matcher::make(name, model::MatchOp::equal, value)->to_string());
  };
  equal("service", options.service);
  equal("environment", options.environment);
  return out;
}

json::object body_of(const BeginOptions& options, CommandContext& context) {
  const auto until = options.until ? *options.until : context.clock->now().wall + *options.lasts;
  json::object body{{"id", context.random->id()},
                    {"match", matchers_of(options)},
                    {"until", format_time(until)},
                    {"reason", options.reason}};
  for (const auto kind : options.allow) {
    if (!body.contains("allow")) body["allow"].emplace_array();
    body["allow"].as_array().emplace_back(to_string(kind));
  }
  return body;
}

std::string whom(const client::FreezeAnswer& freeze) {
  const auto but = freeze.allow.empty() ? "" : fmt::format(" but {}", fmt::join(freeze.allow, ", "));
  return fmt::format("{}{}", fmt::join(freeze.match, ", "), but);
}

int print_freeze(CommandContext& context, const Result<std::string>& body, std::string_view what) {
  if (!body) return complain(context, body.error());
  const auto freeze = client::read_freeze(*body);
  if (!freeze) return complain(context, freeze.error());
  *context.out << freeze->id << "\n";
  *context.err << fmt::format("{} {}: {}; of releases with {}\n", what, time_text(freeze->until), freeze->reason,
                              whom(*freeze));
  return exit_yes;
}

int begin(const BeginOptions& options, CommandContext& context) {
  const auto api = connect_to_guard(options.connection, context);
  if (!api) return complain(context, api.error());
  const auto body = body_of(options, context);
  return print_freeze(
      context, repeat_call(context, client::Repeat::always, [&] { return api->post(client::freezes_path, body); }),
      "releases are frozen until");
}

int end(const EndOptions& options, CommandContext& context) {
  const auto api = connect_to_guard(options.connection, context);
  if (!api) return complain(context, api.error());
  json::object body;
  if (!options.reason.empty()) body["reason"] = options.reason;
  return print_freeze(context, api->post(client::freeze_end_path(options.id), body), "the freeze ended at");
}

std::string table_of(const std::vector<client::FreezeAnswer>& freezes, const TextOptions& options) {
  if (freezes.empty()) return "no freeze is in force or to come\n";
  std::vector<std::vector<Cell>> rows{{{"FROM", Style::dim},
                                       {"UNTIL", Style::dim},
                                       {"OF", Style::dim},
                                       {"BY", Style::dim},
                                       {"FREEZE", Style::dim},
                                       {"WHY", Style::dim}}};
  for (const auto& freeze : freezes)
    rows.push_back({freeze.begun ? Cell{"in force", Style::warn} : Cell{time_text(freeze.from)},
                    {time_text(freeze.until)},
                    {whom(freeze)},
                    {freeze.actor.empty() ? freeze.origin : freeze.actor},
                    {freeze.id.empty() ? "-" : freeze.id},
                    {freeze.reason}});
  return format_table(rows, {0, options.colour, 0});
}

int list(const ListOptions& options, CommandContext& context) {
  const auto api = connect_to_guard(options.connection, context);
  if (!api) return complain(context, api.error());
  const auto body = api->get(client::freezes_path);
  if (!body) return complain(context, body.error());
  if (options.raw) return print_raw(context, *body);
  const auto freezes = client::read_freezes(*body);
  if (!freezes) return complain(context, freezes.error());
  *context.out << table_of(*freezes, text_options(context));
  return exit_yes;
}

void check_begin(const BeginOptions& options) {
  if (options.service.empty() && options.environment.empty() && options.match.empty())
    throw CLI::RequiredError("--service, --environment or --match");
  if (!options.until && !options.lasts) throw CLI::RequiredError("--until or --for");
}

void add_begin(CLI::App& freeze, Choice& choice) {
  auto& command = *freeze.add_subcommand("start", "Begin a freeze: releases are refused until it ends.");
  const auto options = std::make_shared<BeginOptions>();
  command.add_option("--service", options->service, "Of this service.");
  command.add_option("--environment", options->environment, "In this environment.");
  command.add_option("--match", options->match, "Of releases that match, as in a rule group; may be repeated.")
      ->type_name("MATCHER")
      ->allow_extra_args(false);
  auto* until = add_time(command, "--until", options->until)->description("When it ends by itself (RFC 3339).");
  add_duration(command, "--for", options->lasts)
      ->description("Instead of --until: how long it lasts.")
      ->excludes(until);
  add_choices(command, "--allow", options->allow)
      ->description("A kind that may be released all the same, may be repeated; hotfix and rollback if not given.");
  command.add_option("--reason", options->reason, "What a refused pipeline is told.")->required();
  add_connection_options(command, options->connection);
  command.parse_complete_callback([options] { check_begin(*options); });
  command.footer(
      "Prints the id by which `freeze end` ends it before its time. It outlives restarts of the guard.\n"
      "Exit codes: 0 it is in force, 1 refused or not reached, 2 usage.\n"
      "Example: release-guard freeze start --environment production --for 3h --reason \"the sale\"");
  choice.on(command, [options](CommandContext& context) { return begin(*options, context); });
}

void add_end(CLI::App& freeze, Choice& choice) {
  auto& command = *freeze.add_subcommand("end", "End a freeze before its time, also one that a release began.");
  const auto options = std::make_shared<EndOptions>();
  command.add_option("ID", options->id, "The freeze, as `freeze list` shows it.")->required();
  command.add_option("--reason", options->reason, "In words, for the log and the release's timeline.");
  add_connection_options(command, options->connection);
  command.footer(
      "Exit codes: 0 it is over, 1 refused or not reached, 2 usage.\n"
      "Example: release-guard freeze end 0b1e4a52 --reason \"the sale is over\"");
  choice.on(command, [options](CommandContext& context) { return end(*options, context); });
}

void add_list(CLI::App& freeze, Choice& choice) {
  auto& command = *freeze.add_subcommand("list", "List the freezes that are in force or to come.");
  const auto options = std::make_shared<ListOptions>();
  command.add_flag("--json", options->raw, "Print the guard's JSON.");
  add_connection_options(command, options->connection);
  command.footer("Exit codes: 0 listed, 1 not reached or refused, 2 usage.\nExample: release-guard freeze list");
  choice.on(command, [options](CommandContext& context) { return list(*options, context); });
}

}  // namespace

void add_freeze(CLI::App& program, Choice& choice) {
  auto& freeze = *program.add_subcommand("freeze", "Refuse releases for a while.");
  freeze.require_subcommand(1);
  freeze.footer(
      "Example: release-guard freeze start --environment production --until 2026-12-27T00:00:00Z \\\n"
      "           --reason \"the holidays\"");
  add_begin(freeze, choice);
  add_end(freeze, choice);
  add_list(freeze, choice);
}

}  // namespace guard::cli
