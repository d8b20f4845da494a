// SPDX-License-Identifier: Apache-2.0
#include "guard/base/json_out.hpp"
#include "guard/cli/backtest_text.hpp"
#include "guard/cli/commands.hpp"
#include "guard/cli/history.hpp"
#include "guard/cli/options.hpp"

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
  ReleaseSource source;
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
  auto groups = read_rules(files);
  if (!groups) return std::unexpected(groups.error());
  auto known = releases_of(options.source, *history, *groups, context);
  if (!known) return std::unexpected(known.error());
  replay::Plan plan{chosen(std::move(*known), options.history, *history), std::move(*groups), options.format == "html"};
  report::Backtest out{history->from, history->to, {}, what_is_not_known(plan)};
  out.sides.push_back(judge(names_of(files), plan, *history, context));
  if (options.against.empty()) return out;
  auto other = read_rules(options.against);
  if (!other) return std::unexpected(other.error());
  plan.groups = std::move(*other);
  out.sides.push_back(judge(names_of(options.against), plan, *history, context));
  return out;
}

int backtest(const BacktestOptions& options, CommandContext& context) {
  const auto result = run(options, context);
  if (!result) return complain(context, result.error());
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
  add_release_source(command, options->source);
  add_word(command, "--format", options->format, {"text", "json", "html"})
      ->description("How it is written; a page has charts.")
      ->default_str(options->format);
  command.footer(footer);
  choice.on(command, [options](CommandContext& context) { return backtest(*options, context); });
}

}  // namespace guard::cli
