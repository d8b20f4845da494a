// SPDX-License-Identifier: Apache-2.0
#include "guard/base/file.hpp"
#include "guard/cli/commands.hpp"
#include "guard/cli/history.hpp"
#include "guard/cli/try_text.hpp"
#include "guard/config/load.hpp"

#include <filesystem>
#include <memory>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace guard::cli {
namespace {

namespace fs = std::filesystem;

struct TryOptions {
  HistoryOptions history;
  std::vector<fs::path> rule_files;
  std::string deploys;
  fs::path write;
};

constexpr auto footer =
    "The first five minutes: finds the releases of the last weeks in the metrics, takes the rules it is given or "
    "proposes\n"
    "some from the metrics that are there, and says what they would have done. It changes nothing and needs no file.\n"
    "Exit codes: 0 told, 1 the server could not be asked or a file not be read or written, 2 usage.\n"
    "Examples:\n"
    "  release-guard try --prometheus.url http://127.0.0.1:9090\n"
    "  release-guard try --prometheus.url http://127.0.0.1:9090 --service shop --write shop-guard/";

// By which rules it is judged, and how they are named.
struct Rules {
  Groups groups;
  std::string name;
  std::vector<replay::Proposal> proposals;  // empty: they were given
};

Result<Rules> given(const std::vector<fs::path>& files) {
  auto groups = read_rules(files);
  if (!groups) return std::unexpected(groups.error());
  return Rules{std::move(*groups), "the given rules", {}};
}

Result<Rules> proposed(const TryOptions& options, const OpenHistory& history) {
  auto proposals = replay::propose(*history.metrics, {options.history.service, history.to, history.deadline});
  if (!proposals) return std::unexpected(proposals.error());
  if (proposals->empty())
    return fail(ErrorCode::not_found,
                options.history.service.empty()
                    ? fmt::format("{} knows no target (`up` has no series), so there is nothing to judge by: let it "
                                  "scrape the service first",
                                  history.server)
                    : fmt::format("{} knows no job named {}, or beginning so; without --service all jobs are looked at",
                                  history.server, options.history.service));
  auto loaded = config::parse_rules(replay::rule_file(*proposals), "proposed rules");
  if (!loaded.value) return fail(ErrorCode::internal, config::format(loaded.diagnostics));
  return Rules{std::move(*loaded.value), "the proposed rules", std::move(*proposals)};
}

Result<Rules> rules_of(const TryOptions& options, const OpenHistory& history) {
  if (!options.rule_files.empty()) return given(options.rule_files);
  if (history.settings) return given(history.settings->rule_files);
  return proposed(options, history);
}

Result<void> write_new(const fs::path& file, const std::string& text) {
  if (fs::exists(file)) return fail(ErrorCode::conflict, fmt::format("{} is there already", file.string()));
  return rewrite_file_durably(file, text);
}

std::string configuration(const OpenHistory& history) {
  return fmt::format("prometheus: {{ url: {} }}\nrule_files: [rules.yml]\n", history.server);
}

Result<void> write(const fs::path& folder, const Rules& rules, const OpenHistory& history, CommandContext& context) {
  if (rules.proposals.empty())
    return fail(ErrorCode::invalid, "--write keeps what is proposed; these rules are in files already");
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) return fail(ErrorCode::unavailable, fmt::format("{}: {}", folder.string(), problem.message()));
  if (auto done = write_new(folder / "rules.yml", replay::rule_file(rules.proposals)); !done) return done;
  if (auto done = write_new(folder / "release-guard.yml", configuration(history)); !done) return done;
  *context.out << fmt::format(
      "\nWritten: {0}/rules.yml and {0}/release-guard.yml. In mode observe a guard with them only watches:\n"
      "  release-guard serve --config.file={0}/release-guard.yml\n",
      folder.lexically_normal().string().ends_with('/') ? folder.parent_path().string() : folder.string());
  return {};
}

Result<void> run(const TryOptions& options, CommandContext& context) {
  const auto history = open_history(options.history, context);
  if (!history) return std::unexpected(history.error());
  const auto rules = rules_of(options, *history);
  if (!rules) return std::unexpected(rules.error());
  auto known = releases_of({{}, options.deploys, false, {}}, *history, rules->groups, context);
  if (!known) return std::unexpected(known.error());
  auto choice = options.history;
  // The service of a release that was found is the job or what the rules name: what was asked for chose the rules.
  if (!rules->proposals.empty()) choice.service.clear();
  const replay::Plan plan{chosen(std::move(*known), choice, *history), rules->groups, false};
  Tried tried{{history->from, history->to, {}, what_is_not_known(plan)}, rules->proposals};
  tried.backtest.sides.push_back(judge(rules->name, plan, *history, context));
  *context.out << try_text(tried, {0, context.colour, context.text_columns});
  return options.write.empty() ? Result<void>{} : write(options.write, *rules, *history, context);
}

}  // namespace

void add_try(CLI::App& program, Choice& choice) {
  auto& command = *program.add_subcommand("try", "See what rules would have done here, before anything is set up.");
  const auto options = std::make_shared<TryOptions>();
  command
      .add_option("RULE_FILE", options->rule_files, "Rule files to judge by; some are proposed where none is given.")
      ->type_name("");
  add_history_options(command, options->history);
  command
      .add_option("--deploys", options->deploys,
                  "PromQL that marks deployments: its label `version` changes with them, or its value.")
      ->type_name("EXPR");
  command.add_option("--write", options->write, "Write what is proposed into this folder: rules and a configuration.")
      ->type_name("FOLDER");
  command.footer(footer);
  choice.on(command, [options](CommandContext& context) {
    const auto done = run(*options, context);
    return done ? exit_yes : complain(context, done.error());
  });
}

}  // namespace guard::cli
