// SPDX-License-Identifier: Apache-2.0
#include "guard/base/file.hpp"
#include "guard/base/json_out.hpp"
#include "guard/cli/backtest_text.hpp"
#include "guard/cli/client_options.hpp"
#include "guard/cli/commands.hpp"
#include "guard/cli/history.hpp"
#include "guard/cli/options.hpp"
#include "guard/replay/listed.hpp"

#include <iostream>
#include <iterator>
#include <memory>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace guard::cli {
namespace {

namespace fs = std::filesystem;

struct BacktestOptions {
  HistoryOptions history;
  std::vector<fs::path> rule_files;
  std::vector<fs::path> against;
  fs::path releases;
  std::string deploys;
  bool from_guard = false;
  client::Connection connection;
  std::string format = "text";
};

constexpr auto footer =
    "Judges releases of the past exactly as `serve` would have judged them, over what Prometheus recorded; nothing is\n"
    "changed, and nobody is called. The releases are found in the metrics, unless they are named.\n"
    "Exit codes: 0 judged, 1 it could not be asked or read, 2 usage.\n"
    "Examples:\n"
    "  release-guard backtest --prometheus.url http://127.0.0.1:9090 rules/shop.yml\n"
    "  release-guard backtest --config.file release-guard.yml --from-guard --last 90d\n"
    "  release-guard backtest --prometheus.url http://127.0.0.1:9090 shop.yml --against stricter.yml --format html > "
    "b.html";

std::string names_of(const std::vector<fs::path>& files) {
  std::string out;
  for (const auto& file : files) out += (out.empty() ? "" : ", ") + file.string();
  return out;
}

Result<std::vector<replay::Release>> read_file(const fs::path& file) {
  if (file == "-") {
    const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
    return replay::listed(text, "standard input");
  }
  const auto text = guard::read_file(file);
  if (!text) return std::unexpected(text.error());
  return replay::listed(*text, file.string());
}

// The guard's list has no signals; each release by itself has them.
Result<std::vector<replay::Release>> ask_guard(const BacktestOptions& options, const CommandContext& context) {
  const auto api = client::GuardApi::connect(options.connection, context.connect);
  if (!api) return std::unexpected(api.error());
  const auto list = api->get(client::releases_path({}));
  if (!list) return std::unexpected(list.error());
  const auto short_ones = replay::listed(*list, api->server());
  if (!short_ones) return short_ones;
  std::vector<replay::Release> out;
  for (const auto& known : *short_ones) {
    const auto body = api->get(client::release_path(known.spec.id));
    if (!body) return std::unexpected(body.error());
    auto whole = replay::listed(*body, api->server());
    if (!whole) return whole;
    out.insert(out.end(), whole->begin(), whole->end());
  }
  return out;
}

Result<std::vector<replay::Release>> releases_of(const BacktestOptions& options, const OpenHistory& history,
                                                 const Groups& groups, const CommandContext& context) {
  if (!options.releases.empty()) return read_file(options.releases);
  if (options.from_guard) return ask_guard(options, context);
  return find_releases(options.deploys, history, groups);
}

void print(const report::Backtest& backtest, const std::string& format, CommandContext& context) {
  if (format == "json")
    *context.out << indented_json(report::to_json(backtest)) << "\n";
  else if (format == "html")
    *context.out << report::html_page(backtest);
  else
    *context.out << backtest_text(backtest, {0, context.colour, context.text_columns});
}

Result<report::Backtest> run(const BacktestOptions& options, CommandContext& context) {
  auto history = open_history(options.history, context);
  if (!history) return std::unexpected(history.error());
  auto files = options.rule_files;
  if (files.empty() && history->settings) files = history->settings->rule_files;
  if (files.empty()) return fail(ErrorCode::invalid, "say which rule files to judge by, or --config.file");
  auto groups = read_rules(files, context);
  if (!groups) return std::unexpected(groups.error());
  auto known = releases_of(options, *history, *groups, context);
  if (!known) return std::unexpected(known.error());
  replay::Plan plan{chosen(std::move(*known), options.history, *history), std::move(*groups), options.format == "html"};
  report::Backtest out{history->from, history->to, {}, what_is_not_known(plan)};
  out.sides.push_back(judge(names_of(files), plan, *history, context));
  if (options.against.empty()) return out;
  auto other = read_rules(options.against, context);
  if (!other) return std::unexpected(other.error());
  plan.groups = std::move(*other);
  out.sides.push_back(judge(names_of(options.against), plan, *history, context));
  return out;
}

int backtest(const BacktestOptions& options, CommandContext& context) {
  const auto result = run(options, context);
  if (!result) {
    *context.err << "release-guard: " << result.error().message << "\n";
    return exit_no;
  }
  print(*result, options.format, context);
  return exit_yes;
}

}  // namespace

void add_backtest(CLI::App& program, Choice& choice) {
  auto& command = *program.add_subcommand("backtest", "Judge releases of the past: what would these rules have done?");
  const auto options = std::make_shared<BacktestOptions>();
  command.add_option("RULE_FILE", options->rule_files, "Rule files to judge by.")->type_name("");
  command.add_option("--against", options->against, "Other rule files, to compare them with.")->type_name("FILE");
  add_history_options(command, options->history);
  auto* file = command.add_option("--releases", options->releases,
                                  "Releases as JSON: announcements, one a line, or a list; - is standard input.");
  file->type_name("FILE");
  auto* deploys =
      command.add_option("--deploys", options->deploys,
                         "PromQL that marks deployments: its label `version` changes with them, or its value.");
  deploys->type_name("EXPR")->excludes(file);
  command.add_flag("--from-guard", options->from_guard, "The releases that a running guard knows, with their signals.")
      ->excludes(file)
      ->excludes(deploys);
  add_connection_options(command, options->connection);
  add_word(command, "--format", options->format, {"text", "json", "html"})
      ->description("How it is written; a page has charts.")
      ->default_str(options->format);
  command.footer(footer);
  choice.on(command, [options](CommandContext& context) { return backtest(*options, context); });
}

}  // namespace guard::cli
