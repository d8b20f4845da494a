// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/commands.hpp"
#include "guard/cli/options.hpp"
#include "guard/cli/preflight_text.hpp"
#include "guard/cli/release_commands.hpp"
#include "guard/http/url.hpp"

#include <memory>

#include <CLI/App.hpp>

namespace guard::cli {
namespace {

struct PreflightOptions {
  client::Connection connection;
  model::ReleaseSpec spec;
  std::optional<model::ReleaseKind> kind;
  bool look_only = false;
  bool message = false;
  bool strict = false;
  bool json = false;
};

constexpr auto footer =
    "Asks a running guard whether all is there that a release rests on: servers, targets and exporters, each rule now\n"
    "and over the last day, alerts, the way of an alert from Alertmanager back to the guard, and the way back to the\n"
    "version that is live. It takes less than 15 seconds. A test alert is sent round, and the hook's rehearsal runs,\n"
    "unless --look-only is given, which a token of role read may do.\n"
    "Exit codes: 0 nothing failed, 1 something did, or the guard refused, 2 usage, 6 with --strict: of something\n"
    "nobody can tell, 9 no guard answers.\n"
    "Examples:\n"
    "  release-guard preflight --service shop --environment production --version 1.4.2\n"
    "  release-guard preflight --service shop --environment production --look-only";

client::Query query_of(const PreflightOptions& options) {
  client::Query out{{"service", options.spec.service}, {"environment", options.spec.environment}};
  if (!options.spec.version.empty()) out.emplace_back("version", options.spec.version);
  if (options.kind) out.emplace_back("kind", to_string(*options.kind));
  return out;
}

json::object body_of(const PreflightOptions& options) {
  json::object out;
  for (const auto& [name, value] : query_of(options)) out[name] = value;
  if (options.message) out["message"] = true;
  return out;
}

int not_answered(CommandContext& context, const Error& error) {
  complain(context, error);
  return exit_of(error);
}

int exit_code_of(const story::PreflightView& preflight, bool strict) {
  if (preflight.state == "passed") return exit_yes;
  if (preflight.state == "failed") return exit_no;
  return strict ? exit_unverified : exit_yes;
}

int preflight(const PreflightOptions& options, CommandContext& context) {
  const auto api = connect_to_guard(options.connection, context);
  if (!api) return complain(context, api.error());
  const std::string path = "/api/v1/preflight";
  const auto body = repeat_call(context, client::Repeat::if_not_done, [&] {
    return options.look_only ? api->get(path + "?" + http::form_encode(query_of(options)))
                             : api->post(path, body_of(options));
  });
  if (!body) return not_answered(context, body.error());
  const auto view = client::read_preflight(*body);
  if (!view) return not_answered(context, view.error());
  if (options.json)
    print_raw(context, *body);
  else
    *context.out << preflight_text(*view, text_options(context));
  return exit_code_of(*view, options.strict);
}

}  // namespace

void add_preflight(CLI::App& program, Choice& choice) {
  auto& command = *program.add_subcommand("preflight", "Look at all that a release rests on before it begins.");
  const auto options = std::make_shared<PreflightOptions>();
  command.add_option("--service", options->spec.service, "What is to be released.")->required();
  command.add_option("--environment", options->spec.environment, "Where.")->required();
  command.add_option("--version", options->spec.version, "Which version.");
  add_choice<model::ReleaseKind>(command, "--kind", options->kind)
      ->description("What kind of release it would be; feature if not given.");
  auto* look = command.add_flag("--look-only", options->look_only, "Send no test alert, and run no rehearsal.");
  command.add_flag("--message", options->message, "Send a test message to where news of releases go.")->excludes(look);
  command.add_flag("--strict", options->strict, "What nobody can tell counts as not passed.");
  command.add_flag("--json", options->json, "The answer as JSON.");
  add_connection_options(command, options->connection);
  command.footer(footer);
  choice.on(command, [options](CommandContext& context) { return preflight(*options, context); });
}

}  // namespace guard::cli
