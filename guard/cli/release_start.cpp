// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/announcement_options.hpp"
#include "guard/cli/options.hpp"
#include "guard/cli/release_commands.hpp"
#include "guard/model/release.hpp"

#include <memory>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace guard::cli {
namespace {

struct StartOptions {
  client::Connection connection;
  AnnouncementOptions what;
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
  auto body = announcement_of(options.what);
  if (options.live_at) body["live_at"] = format_time(*options.live_at);
  if (options.deploying) body["phase"] = to_string(model::Phase::deploying);
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
  if (release.unproven) next += fmt::format("  a warning: {}\n", *release.unproven);
  if (release.contested) next += fmt::format("  a warning: {}\n", contested_text(release));
  for (const auto& step : release.next) next += fmt::format("  {}\n", step.what);
  return fmt::format("{}watched by rule group {} in mode {}; {}\n{}", text, release.group, release.mode, then, next);
}

int start(StartOptions options, CommandContext& context) {
  const auto api = connect_to_guard(options.connection, context);
  if (!api) return complain(context, api.error());
  if (options.what.id.empty()) options.what.id = context.random->id();
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

void only_deploying(StartOptions& options, const std::string& text) {
  if (text != to_string(model::Phase::deploying))
    throw CLI::ValidationError(
        "--phase", fmt::format("\"{}\" is no phase to start in; write deploying, or leave it out if it is live", text));
  options.deploying = true;
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
  add_announcement_options(command, options->what);
  add_when(command, *options);
  add_connection_options(command, options->connection);
  command.footer(footer);
  choice.on(command, [options](CommandContext& context) { return start(*options, context); });
}

}  // namespace guard::cli
