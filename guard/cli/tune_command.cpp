// SPDX-License-Identifier: Apache-2.0
#include "guard/base/file.hpp"
#include "guard/cli/commands.hpp"
#include "guard/cli/history.hpp"
#include "guard/cli/progress.hpp"
#include "guard/cli/tune_text.hpp"
#include "guard/config/edit.hpp"

#include <map>
#include <memory>
#include <sstream>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace guard::cli {
namespace {

namespace fs = std::filesystem;

struct TuneOptions {
  HistoryOptions history;
  ReleaseSource source;
  std::vector<fs::path> rule_files;
  double wanted_percent = 10;
  bool write = false;
};

constexpr auto footer =
    "Judges the releases of the past that stayed by one rule after the other, with its objective moved, and says how "
    "many\n"
    "would have been rolled back falsely, how soon failures are seen, and which objective keeps to the rate that is\n"
    "wanted. What would change in the files is shown; only --write changes them, and nothing but the objectives.\n"
    "Exit codes: 0 told, 1 it could not be asked, read or written, 2 usage.\n"
    "Example: release-guard tune --prometheus.url http://127.0.0.1:9090 rules/shop.yml --last 90d";

// Texts of files by their paths, as they are to be.
using Texts = std::map<std::string, std::string>;

Result<Texts> changed(const std::vector<replay::Tuned>& all) {
  Texts out;
  for (const auto& tuned : all) {
    const auto& rule = tuned.group->rules[tuned.rule];
    if (!tuned.proposed || *tuned.proposed == rule.objective) continue;
    auto& text = out[tuned.group->file];
    if (text.empty()) {
      auto read = read_file(tuned.group->file);
      if (!read) return std::unexpected(read.error());
      text = std::move(*read);
    }
    auto edited = config::with_objective(text, {tuned.group->name, rule.slo}, model::format_objective(*tuned.proposed));
    if (!edited) return fail(edited.error().code, tuned.group->file + ": " + edited.error().message);
    text = std::move(*edited);
  }
  return out;
}

// Only values are changed: both texts have the same lines.
std::string difference(const std::string& path, const std::string& before, const std::string& after) {
  std::istringstream old_lines(before);
  std::istringstream new_lines(after);
  std::string out;
  std::size_t number = 0;
  for (std::string one, other; std::getline(old_lines, one) && std::getline(new_lines, other);)
    if (++number; one != other) out += fmt::format("{}:{}\n-{}\n+{}\n", path, number, one, other);
  return out;
}

Result<void> show_and_write(const Texts& texts, bool write, CommandContext& context) {
  for (const auto& [path, text] : texts) {
    const auto before = read_file(path);
    if (!before) return std::unexpected(before.error());
    *context.out << "\n" << difference(path, *before, text);
    if (!write) continue;
    if (auto written = rewrite_file_durably(path, text); !written) return written;
  }
  if (!texts.empty() && !write) *context.out << "\nNothing is changed yet; --write does it.\n";
  return {};
}

std::vector<replay::Tuned> judge_all(const replay::Tuning& tuning, const OpenHistory& history,
                                     CommandContext& context) {
  Progress progress(context);
  const replay::History past{*history.metrics, context.clock->now().wall, history.deadline};
  return replay::tune(tuning, past, [&](std::size_t index) {
    progress.show_done(index, tuning.plan.releases.size(), "the rules as they are");
    return true;
  });
}

Result<void> run(const TuneOptions& options, CommandContext& context) {
  const auto history = open_history(options.history, context);
  if (!history) return std::unexpected(history.error());
  auto files = options.rule_files;
  if (files.empty() && history->settings) files = history->settings->rule_files;
  if (files.empty()) return fail(ErrorCode::invalid, "say which rule files to tune, or --config.file");
  auto groups = read_rules(files);
  if (!groups) return std::unexpected(groups.error());
  auto known = releases_of(options.source, *history, *groups, context);
  if (!known) return std::unexpected(known.error());
  const replay::Tuning tuning{{chosen(std::move(*known), options.history, *history), std::move(*groups), false},
                              options.wanted_percent / 100};
  const auto tuned = judge_all(tuning, *history, context);
  *context.out << tune_text(tuned, tuning.wanted, {0, context.colour, context.text_columns});
  const auto texts = changed(tuned);
  if (!texts) return std::unexpected(texts.error());
  return show_and_write(*texts, options.write, context);
}

}  // namespace

void add_tune(CLI::App& program, Choice& choice) {
  auto& command = *program.add_subcommand("tune", "See what other objectives would have done, and which one to take.");
  const auto options = std::make_shared<TuneOptions>();
  command.add_option("RULE_FILE", options->rule_files, "Rule files to tune.")->type_name("");
  add_history_options(command, options->history);
  add_release_source(command, options->source);
  command
      .add_option("--wanted", options->wanted_percent, "The most of good releases that may be rolled back, in percent.")
      ->check(CLI::Range(0.01, 50.0))
      ->default_str("10")
      ->type_name("PERCENT");
  command.add_flag("--write", options->write, "Write what is proposed into the rule files, after showing it.");
  command.footer(footer);
  choice.on(command, [options](CommandContext& context) {
    const auto done = run(*options, context);
    return done ? exit_yes : complain(context, done.error());
  });
}

}  // namespace guard::cli
