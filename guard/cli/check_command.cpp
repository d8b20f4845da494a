// SPDX-License-Identifier: Apache-2.0
#include "guard/base/json.hpp"
#include "guard/cli/commands.hpp"
#include "guard/cli/options.hpp"
#include "guard/config/client_file.hpp"
#include "guard/config/findings.hpp"
#include "guard/config/load.hpp"
#include "guard/serve/rehearsal.hpp"

#include <filesystem>
#include <memory>

#include <CLI/App.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::cli {
namespace {

namespace fs = std::filesystem;

struct CheckOptions {
  fs::path config_file;
  fs::path web_config_file;  // beside it
  std::vector<fs::path> rule_files;
  fs::path client_file;        // alone
  std::string prometheus_url;  // asked about rule files given by themselves
  std::string format = "text";
};

constexpr auto footer =
    "Checks the configuration file with every rule file it names, exactly as `serve` reads them: the Prometheus it\n"
    "names is asked whether it is one and can read each expression, and what it answers is looked at; where it does\n"
    "not answer, standard error says so and what was not looked for. Rule files given by themselves are checked\n"
    "without a server, unless --prometheus.url names one. Without an argument it checks release-guard.yml.\n"
    "Exit codes: 0 no error (warnings do not count), 1 errors, 2 usage.\n"
    "Examples:\n"
    "  release-guard check --config.file=/etc/release-guard/release-guard.yml\n"
    "  release-guard check --prometheus.url=http://127.0.0.1:9090 rules/*.yml\n"
    "  release-guard check --client.file ~/.config/release-guard/config.yml";

void add_problem(config::Findings& found, const fs::path& file, const std::string& message) {
  found.complete = false;
  config::Diagnostic diagnostic;
  diagnostic.path = file.string();
  diagnostic.message = message;
  found.diagnostics.items.push_back(std::move(diagnostic));
}

// What takes more than the text: whether a guard could start so, and what the server says of the rules.
void try_out(config::Settings settings, const fs::path& file, const CommandContext& context, config::Findings& found) {
  const auto tried = context.try_out(std::make_shared<const config::Settings>(std::move(settings)));
  if (!tried) return add_problem(found, file, tried.error().message);
  serve::add(found, *tried);
}

void look_at_settings(const CheckOptions& options, const CommandContext& context, config::Findings& found) {
  const auto& file = options.config_file;
  auto loaded = config::load_settings(file, options.web_config_file);
  config::add(found, loaded.diagnostics, loaded.value ? loaded.value->groups : std::vector<model::RuleGroupPtr>{});
  found.complete = loaded.value.has_value();
  if (!loaded.value) return;
  found.hooks = loaded.value->hooks.size();
  try_out(std::move(*loaded.value), file, context, found);
}

void look_at_rule_files(const CheckOptions& options, const CommandContext& context, config::Findings& found) {
  auto loaded = config::load_rule_files(options.rule_files, options.prometheus_url);
  const auto groups = loaded.value ? loaded.value->groups : std::vector<model::RuleGroupPtr>{};
  config::add(found, loaded.diagnostics, groups);
  found.complete = found.complete && loaded.value.has_value();
  if (loaded.value && loaded.value->prometheus)
    try_out(std::move(*loaded.value), options.rule_files.front(), context, found);
  else if (config::asks_prometheus(groups) && found.silence.empty())
    found.silence = "rule files given by themselves name no server; check them with --config.file or --prometheus.url";
}

config::Findings look_at_client_file(const fs::path& file) {
  config::Findings found;
  const auto loaded = config::load_client_file(file, config::NamedFiles::readable);
  config::add(found, loaded.diagnostics);
  found.complete = loaded.value.has_value();
  return found;
}

config::Findings look(const CheckOptions& options, const CommandContext& context) {
  if (!options.client_file.empty()) return look_at_client_file(options.client_file);
  config::Findings found;
  if (!options.config_file.empty()) look_at_settings(options, context, found);
  if (!options.rule_files.empty()) look_at_rule_files(options, context, found);
  return found;
}

// A client file has no rules to be counted.
std::string summary_of(const CheckOptions& options, const config::Findings& found) {
  return options.client_file.empty() || !found.complete ? config::summary_of(found) : "ok: the client file";
}

void print_json(const CheckOptions& options, const config::Findings& found, CommandContext& context) {
  auto answer = config::to_json(found);
  answer["summary"] = summary_of(options, found);
  *context.out << json::serialize(answer) << "\n";
}

void print_text(const CheckOptions& options, const config::Findings& found, CommandContext& context) {
  for (const auto& diagnostic : found.diagnostics.items) {
    const auto text = config::format(diagnostic);
    *context.out << text << (text.ends_with('\n') ? "" : "\n");
  }
  *context.out << summary_of(options, found) << "\n";
}

// The answer is on standard output; this is only about how it was found.
void tell_silence(const config::Findings& found, CommandContext& context) {
  if (!found.silence.empty())
    *context.err << fmt::format("release-guard: no server has parsed the PromQL: {} (not looked for: {})\n",
                                found.silence, fmt::join(config::found_by_server(), ", "));
  if (!found.not_looked_at.empty())
    *context.err << fmt::format(
        "release-guard: not looked at on the server, for only a release can fill in their expressions: {}\n",
        fmt::join(found.not_looked_at, ", "));
}

int check(CheckOptions options, CommandContext& context) {
  const bool other = !options.client_file.empty() || (!options.rule_files.empty() && options.web_config_file.empty());
  if (options.config_file.empty() && !other) options.config_file = "release-guard.yml";
  const auto found = look(options, context);
  tell_silence(found, context);
  if (options.format == "json")
    print_json(options, found, context);
  else
    print_text(options, found, context);
  return found.complete ? exit_yes : exit_no;
}

}  // namespace

void add_check(CLI::App& program, Choice& choice) {
  auto& command = *program.add_subcommand("check", "Check the configuration, rule files, or a client file.");
  const auto options = std::make_shared<CheckOptions>();
  auto* config_file = command.add_option("--config.file", options->config_file, "The configuration file.");
  config_file->type_name("FILE");
  auto* web_file = command.add_option("--web.config.file", options->web_config_file,
                                      "The file that `serve` is to take by this flag.");
  web_file->type_name("FILE");
  auto* rule_files =
      command.add_option("RULE_FILE", options->rule_files, "Rule files to check by themselves.")->type_name("");
  command.add_option("--prometheus.url", options->prometheus_url, "A Prometheus to ask about the rule files.")
      ->type_name("URL")
      ->needs(rule_files);
  command.add_option("--client.file", options->client_file, "A client file, by itself, and the files that it names.")
      ->type_name("FILE")
      ->excludes(config_file)
      ->excludes(web_file)
      ->excludes(rule_files);
  add_word(command, "--format", options->format, {"text", "json"})
      ->description("How the findings are written.")
      ->default_str(options->format);
  command.footer(footer);
  choice.on(command, [options](CommandContext& context) { return check(*options, context); });
}

}  // namespace guard::cli
