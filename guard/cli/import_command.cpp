// SPDX-License-Identifier: Apache-2.0
#include "guard/base/file.hpp"
#include "guard/cli/commands.hpp"
#include "guard/cli/options.hpp"
#include "guard/config/load.hpp"
#include "guard/importing/import.hpp"

#include <filesystem>
#include <memory>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace guard::cli {
namespace {

namespace fs = std::filesystem;

struct ImportOptions {
  std::vector<fs::path> files;
  std::string from;  // empty: told by what is in them
  fs::path output;   // empty: standard output
};

constexpr auto footer =
    "Makes a rule file of what others have written: alerts of Prometheus (rule files and PrometheusRules), objectives "
    "of\n"
    "Sloth and OpenSLO, metrics of Flagger (MetricTemplate and Canary) and AnalysisTemplates of Argo Rollouts. What\n"
    "means something else in the guard has a comment above it; what cannot be carried over is told on standard error\n"
    "with its place and the reason, and at the end of the file. docs/importing.md says what becomes what.\n"
    "Exit codes: 0 there are rules, 1 a file cannot be read, or nothing in it becomes a rule, 2 usage.\n"
    "Examples:\n"
    "  release-guard import /etc/prometheus/rules/shop.yml -o imported.yml\n"
    "  release-guard import canary.yaml metric-templates.yaml | less";

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

// One line that says how it went.
std::string summary(const importing::Imported& imported) {
  auto out = counted(imported.rules, "rule");
  if (imported.changed > 0) out += fmt::format(", {} with a comment on what has changed", imported.changed);
  if (!imported.left.items.empty())
    out += fmt::format("; {} not carried over", counted(imported.left.items.size(), "thing"));
  return out;
}

int give(const importing::Imported& imported, const fs::path& output, CommandContext& context) {
  if (output.empty()) {
    *context.out << imported.text;
  } else if (const auto written = rewrite_file_durably(output, imported.text); !written) {
    return complain(context, written.error());
  }
  *context.err << fmt::format("release-guard: {}\n", summary(imported));
  return exit_yes;
}

int run(const ImportOptions& options, CommandContext& context) {
  config::Diagnostics unread;
  std::vector<config::Source> sources;
  for (const auto& file : options.files)
    if (auto source = config::read_source(file, file, unread)) sources.push_back(std::move(*source));
  importing::Imported imported;
  if (!unread.has_errors())
    imported = importing::import(sources, options.from.empty() ? std::nullopt : std::optional(options.from));
  *context.err << config::format(unread) << config::format(imported.unread) << config::format(imported.left);
  if (unread.has_errors() || imported.unread.has_errors()) return exit_no;
  if (imported.rules == 0)
    return complain(context, {ErrorCode::invalid, "nothing in these files becomes a rule, so no file is written"});
  return give(imported, options.output, context);
}

}  // namespace

void add_import(CLI::App& program, Choice& choice) {
  auto& command = *program.add_subcommand("import", "Make a rule file of alerts, SLOs or canary metrics of others.");
  const auto options = std::make_shared<ImportOptions>();
  command.add_option("FILE", options->files, "The files, all of which may speak of each other.")
      ->type_name("")
      ->required();
  add_word(command, "--from", options->from, importing::formats())
      ->description("What the files are; without it their content tells.");
  command.add_option("-o,--output", options->output, "The rule file to write; without it, it is printed.")
      ->type_name("FILE");
  command.footer(footer);
  choice.on(command, [options](CommandContext& context) { return run(*options, context); });
}

}  // namespace guard::cli
