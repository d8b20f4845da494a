// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/check_lines.hpp"
#include "guard/cli/commands.hpp"
#include "guard/cli/options.hpp"
#include "guard/cli/release_commands.hpp"
#include "guard/cli/text_table.hpp"
#include "guard/model/release.hpp"

#include <memory>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace guard::cli {
namespace {

struct GateOptions {
  client::Connection connection;
  std::string service;
  std::string environment;
  std::string version;
  std::optional<model::ReleaseKind> kind;
  bool raw = false;
};

client::Query query_of(const GateOptions& options) {
  client::Query query{{"service", options.service}, {"environment", options.environment}};
  if (!options.version.empty()) query.emplace_back("version", options.version);
  if (options.kind) query.emplace_back("kind", to_string(*options.kind));
  return query;
}

std::string gate_text(const client::GateAnswer& gate, const GateOptions& options, const TextOptions& shown) {
  const auto place = fmt::format("{} to {}", options.service, options.environment);
  const auto head = fmt::format("a release of {} {} start now", place, gate.open ? "may" : "may not");
  return paint(head, Style::strong, shown.colour) + "\n" + check_lines(gate.checks, shown);
}

int gate(const GateOptions& options, CommandContext& context) {
  const auto api = connect_to_guard(options.connection, context);
  if (!api) return complain(context, api.error());
  const auto path = client::gate_path(query_of(options));
  const auto body = repeat_call(context, client::Repeat::always, [&] { return api->get(path); });
  const auto answer = body ? client::read_gate(*body) : std::unexpected(body.error());
  if (!answer) {
    complain(context, answer.error());
    return exit_of(answer.error());
  }
  if (options.raw)
    print_raw(context, *body);
  else
    *context.out << gate_text(*answer, options, text_options(context));
  return answer->open ? exit_yes : exit_no;
}

}  // namespace

void add_gate(CLI::App& program, Choice& choice) {
  auto& command = *program.add_subcommand("gate", "Ask whether a release may start now, before anything is changed.");
  const auto options = std::make_shared<GateOptions>();
  command.add_option("--service", options->service, "The service that would be released.")->required();
  command.add_option("--environment", options->environment, "Where it would be released to.")->required();
  command.add_option("--version", options->version, "What would be released; what depends on it is not known without.");
  add_choice<model::ReleaseKind>(command, "--kind", options->kind)
      ->description("What kind of release it would be; feature if not given.");
  command.add_flag("--json", options->raw, "Print the guard's JSON.");
  add_connection_options(command, options->connection);
  command.footer(
      "Looks at freezes, at alerts that fire, at what stands in the place (a rollback under way, something that needs "
      "a\n"
      "person), at what the rule group requires (of the version elsewhere, a preflight), at its error budget, at kill "
      "switch "
      "and breaker. "
      "What\n"
      "cannot be told is no yes. Nothing is announced; `release start` is refused by freezes and requirements all the "
      "same.\n"
      "Exit codes: 0 it may start, 1 it may not (or the guard refused to say), 2 usage, 9 not known: no guard "
      "answers.\n"
      "Example: release-guard gate --service shop --environment production --version 1.4.2 && ./deploy.sh 1.4.2");
  choice.on(command, [options](CommandContext& context) { return gate(*options, context); });
}

}  // namespace guard::cli
