// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/announcement_options.hpp"
#include "guard/cli/check_lines.hpp"
#include "guard/cli/commands.hpp"
#include "guard/cli/options.hpp"
#include "guard/cli/release_commands.hpp"
#include "guard/model/release.hpp"

#include <memory>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace guard::cli {
namespace {

struct RunOptions {
  client::Connection connection;
  AnnouncementOptions what;
  Duration watch = std::chrono::minutes(5);
  bool wait = false;
  std::vector<std::string> command;
};

constexpr auto footer =
    "Asks the gate, announces the release, runs the deployment with RELEASE_GUARD_RELEASE in its environment, says "
    "that\n"
    "the release is live, and waits for its first minutes. What the gate refuses is not run. Where the deployment\n"
    "fails, the release is aborted, and whatever was live before is watched on. It stands between a pipeline and the\n"
    "deployment: signals reach the deployment, and its output is passed through.\n"
    "Exit codes: 0 live and well so far, or passed with --wait; 1 refused, or the deployment failed; 2 usage; 9 no "
    "guard\n"
    "answers; others as `release status --wait`.\n"
    "Examples:\n"
    "  release-guard run --service shop --environment production --version 1.4.2 -- ./deploy.sh 1.4.2\n"
    "  release-guard run --service shop --environment production --version 1.4.2 --wait -- ./deploy.sh 1.4.2";

void say(CommandContext& context, const std::string& text) {
  *context.err << text << (text.ends_with('\n') ? "" : "\n") << std::flush;
}

int not_done(CommandContext& context, const Error& error) {
  complain(context, error);
  return exit_of(error);
}

// One deployment from the question whether it may begin to the end of its first minutes.
class Wrapped {
 public:
  Wrapped(const client::GuardApi& api, const RunOptions& options, CommandContext& context)
      : api_(api), options_(options), context_(context) {}

  int run() {
    if (const auto refused = ask_gate()) return *refused;
    if (const auto refused = announce()) return *refused;
    if (const auto failed = deploy()) return *failed;
    if (const auto refused = say_live()) return *refused;
    return watch();
  }

 private:
  // The exit code, where it ends here.
  using End = std::optional<int>;

  End ask_gate() {
    const auto& what = options_.what;
    client::Query query{{"service", what.service}, {"environment", what.environment}, {"version", what.version}};
    if (what.kind) query.emplace_back("kind", to_string(*what.kind));
    const auto body = repeat_call(context_, client::Repeat::always, [&] { return api_.get(client::gate_path(query)); });
    const auto gate = body ? client::read_gate(*body) : std::unexpected(body.error());
    if (!gate) return not_done(context_, gate.error());
    if (gate->open) return std::nullopt;
    say(context_, "the gate is shut, so nothing was deployed:");
    say(context_, check_lines(gate->checks, {context_.clock->now().wall}));
    return exit_no;
  }

  End announce() {
    auto body = announcement_of(options_.what);
    body["phase"] = to_string(model::Phase::deploying);
    const auto answer =
        repeat_call(context_, client::Repeat::always, [&] { return api_.post("/api/v1/releases", body); });
    if (!answer) return not_done(context_, answer.error());
    say(context_, fmt::format("release {} is announced; it may be followed with `release-guard release status {}`",
                              options_.what.id, options_.what.id));
    return std::nullopt;
  }

  End deploy() {
    const auto code = context_.run_child(options_.command, {"RELEASE_GUARD_RELEASE=" + options_.what.id});
    if (code && *code == 0) return std::nullopt;
    const auto why = code ? fmt::format("the deployment failed: exit {}", *code)
                          : fmt::format("the deployment could not be started: {}", code.error().message);
    const auto aborted = repeat_call(context_, client::Repeat::if_not_done, [&] {
      return api_.post(client::release_path(options_.what.id, "/abort"), {{"reason", why}});
    });
    say(context_, aborted ? why + "; the release was aborted"
                          : fmt::format("{}; the release could not be aborted: {}", why, aborted.error().message));
    return exit_no;
  }

  End say_live() {
    const auto live = repeat_call(context_, client::Repeat::if_not_done,
                                  [&] { return api_.post(client::release_path(options_.what.id, "/live"), {}); });
    if (live) {
      warn_of_contest(context_, *live);
      return std::nullopt;
    }
    say(context_, "the deployment is done, and the guard does not watch it:");
    return not_done(context_, live.error());
  }

  // A release that is watched on when its first minutes are over is well so far, unless it waits for a person.
  int watch() {
    client::WaitOptions wait{options_.what.id, std::nullopt, true};
    if (!options_.wait) wait.timeout = options_.watch;
    const auto ended = wait_for_end(api_, context_, wait);
    if (ended) {
      *context_.out << status_text(ended->release, text_options(context_));
      return exit_of_phase(ended->release.phase);
    }
    if (options_.wait || ended.error().code != ErrorCode::timeout) return not_done(context_, ended.error());
    return so_far();
  }

  int so_far() {
    const auto body = api_.get(client::release_path(options_.what.id));
    const auto release = body ? client::read_release(*body) : std::unexpected(body.error());
    if (!release) return not_done(context_, release.error());
    *context_.out << headline_text(*release, text_options(context_));
    if (!release->needs_person && (release->phase == "settling" || release->phase == "watching")) return exit_yes;
    return exit_not_known;
  }

  const client::GuardApi& api_;
  const RunOptions& options_;
  CommandContext& context_;
};

int run(RunOptions options, CommandContext& context) {
  const auto api = connect_to_guard(options.connection, context);
  if (!api) return complain(context, api.error());
  if (options.what.id.empty()) options.what.id = context.random->id();
  return Wrapped(*api, options, context).run();
}

}  // namespace

void add_run(CLI::App& program, Choice& choice) {
  auto& command =
      *program.add_subcommand("run", "Wrap a deployment: gate, announcement, the switch, its first minutes.");
  const auto options = std::make_shared<RunOptions>();
  add_announcement_options(command, options->what);
  auto* watch = add_duration(command, "--for", options->watch)
                    ->description("How long to wait for a decision once it is live.")
                    ->default_str("5m");
  command.add_flag("--wait", options->wait, "Wait until its watch has ended instead.")->excludes(watch);
  add_connection_options(command, options->connection);
  command.add_option("COMMAND", options->command, "The deployment and its arguments, behind `--`.")->required();
  command.footer(footer);
  choice.on(command, [options](CommandContext& context) { return run(*options, context); });
}

}  // namespace guard::cli
