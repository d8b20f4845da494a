// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/options.hpp"
#include "guard/cli/release_commands.hpp"
#include "guard/model/release.hpp"

#include <map>
#include <memory>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace guard::cli {
namespace {

struct StartOptions {
  client::Connection connection;
  std::string service;
  std::string environment;
  std::string version;
  std::optional<std::string> previous_version;  // nothing: whatever is live there
  std::optional<model::ReleaseKind> kind;
  std::string id;
  std::map<std::string, std::string> labels;
  std::optional<WallTime> live_at;
  bool deploying = false;
  bool wait = false;
  std::optional<Duration> timeout;
};

constexpr auto footer =
    "Prints the release's id. While the guard is away for a moment it tries again for a minute, always with the same\n"
    "id, so that one release is announced once.\n"
    "Exit codes: 0 announced, 1 refused or not reached, 2 usage; with --wait those of `release status --wait`.\n"
    "Examples:\n"
    "  release-guard release start --service shop --environment production --version 1.4.2 --previous-version 1.4.1\n"
    "  id=$(release-guard release start --service shop --environment production --version 1.4.2 \\\n"
    "         --previous-version 1.4.1 --phase deploying) && ./switch.sh && release-guard release live \"$id\"";

json::object body_of(const StartOptions& options) {
  json::object body{{"id", options.id},
                    {"service", options.service},
                    {"environment", options.environment},
                    {"version", options.version}};
  if (options.previous_version) body["previous_version"] = *options.previous_version;
  if (options.kind) body["kind"] = to_string(*options.kind);
  if (options.live_at) body["live_at"] = format_time(*options.live_at);
  if (options.deploying) body["phase"] = to_string(model::Phase::deploying);
  if (options.labels.empty()) return body;
  auto& labels = body["labels"].emplace_object();
  for (const auto& [name, value] : options.labels) labels[name] = value;
  return body;
}

std::string sentence(const client::ReleaseAnswer& release, const CommandContext& context) {
  const auto text = headline_text(release, {context.clock->now().wall, false, false});
  const auto then = release.phase == "deploying"
                        ? fmt::format("say `release-guard release live {}` once it is live", release.spec.id)
                        : fmt::format("follow it with `release-guard release status {} --wait`", release.spec.id);
  std::string next;
  if (release.last_good)
    next += fmt::format("  the last version that passed there is {} (release {})\n", release.last_good->version,
                        release.last_good->release);
  if (!release.unproven.empty()) next += fmt::format("  a warning: {}\n", release.unproven);
  for (const auto& step : release.next) next += fmt::format("  {}\n", step.what);
  return fmt::format("{}watched by rule group {} in mode {}; {}\n{}", text, release.group, release.mode, then, next);
}

int start(StartOptions options, CommandContext& context) {
  const auto api = client::GuardApi::connect(options.connection, context.connect);
  if (!api) return complain(context, api.error());
  if (options.id.empty()) options.id = context.random->id();
  const auto body = body_of(options);
  const auto answer = repeat_call(context, client::Repeat::always, [&] { return api->post("/api/v1/releases", body); });
  if (!answer) return complain(context, answer.error());
  const auto release = client::read_release(*answer);
  if (!release) return complain(context, release.error());
  *context.out << release->spec.id << std::endl;
  *context.err << sentence(*release, context) << std::flush;
  if (!options.wait) return exit_yes;
  return report_end(context, *api, {release->spec.id, options.timeout, true}, false);
}

void add_label(StartOptions& options, const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw CLI::ValidationError("--label", fmt::format("\"{}\" is no label; write NAME=VALUE", text));
  options.labels[text.substr(0, equals)] = text.substr(equals + 1);
}

void only_deploying(StartOptions& options, const std::string& text) {
  if (text != to_string(model::Phase::deploying))
    throw CLI::ValidationError(
        "--phase", fmt::format("\"{}\" is no phase to start in; write deploying, or leave it out if it is live", text));
  options.deploying = true;
}

void add_what(CLI::App& command, StartOptions& options) {
  command.add_option("--service", options.service, "The service that is released.")->required();
  command.add_option("--environment", options.environment, "Where it is released to.")->required();
  command.add_option("--version", options.version, "What is released.")->required();
  command.add_option(
      "--previous-version", options.previous_version,
      "What ran before and is rolled back to; '' if there is nothing to go back to. If not given it is what the "
      "guard knows to be live there.");
  add_choice<model::ReleaseKind>(command, "--kind", options.kind)
      ->description("What kind of release it is; feature if not given.");
  command.add_option("--id", options.id, "Its id; made up if not given.");
  command
      .add_option_function<std::vector<std::string>>(
          "--label",
          [&options](const std::vector<std::string>& labels) {
            for (const auto& label : labels) add_label(options, label);
          },
          "A label for matchers and templates; may be repeated.")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
}

void add_when(CLI::App& command, StartOptions& options) {
  auto* live_at = add_time(command, "--live-at", options.live_at)
                      ->description("When it went live (RFC 3339), if it is live already but not just now.");
  command
      .add_option_function<std::string>(
          "--phase", [&options](const std::string& text) { only_deploying(options, text); },
          "The switch is only about to begin: nothing is judged before `release live`.")
      ->type_name("deploying")
      ->excludes(live_at);
  auto* wait = command.add_flag("--wait", options.wait, "Wait until it has ended, as `release status --wait` does.");
  add_duration(command, "--timeout", options.timeout)->description("The longest to wait.")->needs(wait);
}

}  // namespace

void add_release_start(CLI::App& release, Choice& choice) {
  auto& command = *release.add_subcommand("start", "Announce a release to the guard.");
  const auto options = std::make_shared<StartOptions>();
  add_what(command, *options);
  add_when(command, *options);
  add_connection_options(command, options->connection);
  command.footer(footer);
  choice.on(command, [options](CommandContext& context) { return start(*options, context); });
}

}  // namespace guard::cli
