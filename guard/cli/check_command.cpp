// SPDX-License-Identifier: Apache-2.0
#include "guard/base/json.hpp"
#include "guard/cli/commands.hpp"
#include "guard/cli/options.hpp"
#include "guard/config/load.hpp"

#include <algorithm>
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
  std::vector<fs::path> rule_files;
  std::string prometheus_url;  // asked about rule files given by themselves
  std::string format = "text";
};

struct Findings {
  config::Diagnostics diagnostics;
  bool complete = true;  // every file could be turned into values
  std::size_t groups = 0;
  std::size_t rules = 0;
  std::optional<std::size_t> hooks;        // known only with a configuration file
  std::string silence;                     // why no server was asked about the expressions, if none was
  std::vector<std::string> not_looked_at;  // rules that a server could not be asked about
};

constexpr auto footer =
    "Checks the configuration file with every rule file it names, exactly as `serve` reads them: the Prometheus it\n"
    "names is asked whether it is one and can read each expression, and what it answers is looked at; where it does\n"
    "not answer, standard error says so and what was not looked for. Rule files given by themselves are checked\n"
    "without a server, unless --prometheus.url names one. Without an argument it checks release-guard.yml.\n"
    "Exit codes: 0 no error (warnings do not count), 1 errors, 2 usage.\n"
    "Examples:\n"
    "  release-guard check --config.file=/etc/release-guard/release-guard.yml\n"
    "  release-guard check --prometheus.url=http://127.0.0.1:9090 rules/*.yml";

void add(Findings& to, const config::Diagnostics& diagnostics, const std::vector<model::RuleGroupPtr>& groups) {
  to.diagnostics.items.insert(to.diagnostics.items.end(), diagnostics.items.begin(), diagnostics.items.end());
  to.groups += groups.size();
  for (const auto& group : groups) to.rules += group->rules.size();
}

void add_problem(Findings& found, const fs::path& file, const std::string& message) {
  found.complete = false;
  config::Diagnostic diagnostic;
  diagnostic.path = file.string();
  diagnostic.message = message;
  found.diagnostics.items.push_back(std::move(diagnostic));
}

// What takes more than the text: whether a guard could start so, and what the server says of the rules.
void try_out(config::Settings settings, const fs::path& file, const CommandContext& context, Findings& found) {
  const auto tried = context.try_out(std::make_shared<const config::Settings>(std::move(settings)));
  if (!tried) return add_problem(found, file, tried.error().message);
  found.silence = tried->silence;
  for (const auto* diagnostics : {&tried->refused, &tried->blind, &tried->remarks}) add(found, *diagnostics, {});
  std::ranges::copy(tried->not_looked_at, std::back_inserter(found.not_looked_at));
  if (tried->foreign) {
    found.diagnostics.items.push_back(*tried->foreign);
    found.silence = "no Prometheus answers at prometheus.url";
  }
  found.complete = found.complete && !found.diagnostics.has_errors();
}

void look_at_settings(const fs::path& file, const CommandContext& context, Findings& found) {
  auto loaded = config::load_settings(file);
  add(found, loaded.diagnostics, loaded.value ? loaded.value->groups : std::vector<model::RuleGroupPtr>{});
  found.complete = loaded.value.has_value();
  if (!loaded.value) return;
  found.hooks = loaded.value->hooks.size();
  try_out(std::move(*loaded.value), file, context, found);
}

bool asks_prometheus(const std::vector<model::RuleGroupPtr>& groups) {
  return std::ranges::any_of(groups, [](const auto& group) {
    return group->serves ||
           std::ranges::any_of(group->rules, [](const model::Rule& rule) { return rule.expr.has_value(); });
  });
}

void look_at_rule_files(const CheckOptions& options, const CommandContext& context, Findings& found) {
  auto loaded = config::load_rule_files(options.rule_files, options.prometheus_url);
  const auto groups = loaded.value ? loaded.value->groups : std::vector<model::RuleGroupPtr>{};
  add(found, loaded.diagnostics, groups);
  found.complete = found.complete && loaded.value.has_value();
  if (loaded.value && loaded.value->prometheus)
    try_out(std::move(*loaded.value), options.rule_files.front(), context, found);
  else if (asks_prometheus(groups) && found.silence.empty())
    found.silence = "rule files given by themselves name no server; check them with --config.file or --prometheus.url";
}

Findings look(const CheckOptions& options, const CommandContext& context) {
  Findings found;
  if (!options.config_file.empty()) look_at_settings(options.config_file, context, found);
  if (!options.rule_files.empty()) look_at_rule_files(options, context, found);
  return found;
}

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::size_t count_of(const Findings& found, config::Severity severity) {
  const auto& items = found.diagnostics.items;
  return static_cast<std::size_t>(
      std::count_if(items.begin(), items.end(), [&](const auto& item) { return item.severity == severity; }));
}

std::string last_line(const Findings& found) {
  const auto warnings = count_of(found, config::Severity::warning);
  const auto also = warnings == 0 ? "" : ", " + counted(warnings, "warning");
  if (!found.complete) return counted(count_of(found, config::Severity::error), "error") + also;
  const auto hooks = found.hooks ? ", " + counted(*found.hooks, "hook") : "";
  return fmt::format("ok: {}, {}{}{}", counted(found.groups, "group"), counted(found.rules, "rule"), hooks, also);
}

// The names of what only a server can show.
std::vector<std::string> found_by_server() {
  std::vector<std::string> out;
  for (const auto& info : model::all_findings())
    if (info.seen == model::Seen::by_server && info.finding != model::Finding::no_prometheus)
      out.emplace_back(info.name);
  return out;
}

void print_text(const Findings& found, CommandContext& context) {
  for (const auto& diagnostic : found.diagnostics.items) {
    const auto text = config::format(diagnostic);
    *context.out << text << (text.ends_with('\n') ? "" : "\n");
  }
  *context.out << last_line(found) << "\n";
}

void print_json(const Findings& found, CommandContext& context) {
  json::array items;
  for (const auto& item : found.diagnostics.items)
    items.push_back({{"severity", to_string(item.severity)},
                     {"path", item.path},
                     {"line", item.line},
                     {"column", item.column},
                     {"rule", item.rule},
                     {"name", model::info_of(item.finding).name},
                     {"message", item.message},
                     {"fix", item.fix}});
  json::object answer{{"ok", found.complete}, {"summary", last_line(found)}, {"diagnostics", std::move(items)}};
  if (!found.silence.empty()) answer["not_parsed"] = found.silence;
  if (!found.silence.empty()) answer["not_looked_for"] = json::value_from(found_by_server());
  if (!found.not_looked_at.empty()) answer["not_looked_at"] = json::value_from(found.not_looked_at);
  *context.out << json::serialize(answer) << "\n";
}

// The answer is on standard output; this is only about how it was found.
void tell_silence(const Findings& found, CommandContext& context) {
  if (!found.silence.empty())
    *context.err << fmt::format("release-guard: no server has parsed the PromQL: {} (not looked for: {})\n",
                                found.silence, fmt::join(found_by_server(), ", "));
  if (!found.not_looked_at.empty())
    *context.err << fmt::format(
        "release-guard: not looked at on the server, for only a release can fill in their expressions: {}\n",
        fmt::join(found.not_looked_at, ", "));
}

int check(CheckOptions options, CommandContext& context) {
  if (options.config_file.empty() && options.rule_files.empty()) options.config_file = "release-guard.yml";
  const auto found = look(options, context);
  tell_silence(found, context);
  if (options.format == "json")
    print_json(found, context);
  else
    print_text(found, context);
  return found.complete ? exit_yes : exit_no;
}

}  // namespace

void add_check(CLI::App& program, Choice& choice) {
  auto& command = *program.add_subcommand("check", "Check the configuration and rule files.");
  const auto options = std::make_shared<CheckOptions>();
  command.add_option("--config.file", options->config_file, "The configuration file.")->type_name("FILE");
  auto* rule_files =
      command.add_option("RULE_FILE", options->rule_files, "Rule files to check by themselves.")->type_name("");
  command.add_option("--prometheus.url", options->prometheus_url, "A Prometheus to ask about the rule files.")
      ->type_name("URL")
      ->needs(rule_files);
  add_word(command, "--format", options->format, {"text", "json"})
      ->description("How the findings are written.")
      ->default_str(options->format);
  command.footer(footer);
  choice.on(command, [options](CommandContext& context) { return check(*options, context); });
}

}  // namespace guard::cli
