// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/mcp_tools.hpp"

#include "guard/base/text.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include <fmt/format.h>

namespace guard::cli {
namespace {

enum class Kind { text, files, flag };
enum class Source { guard, metrics, guard_and_metrics };

struct Input {
  std::string_view name;
  std::string_view option;  // of the command; empty: it stands by itself
  std::string_view description;
  bool required = false;
  Kind kind = Kind::text;
};

struct Tool {
  std::string_view name;
  std::string_view description;
  std::span<const std::string_view> words;  // the command
  std::span<const Input> inputs;
  Source source = Source::guard;
};

constexpr Input of_service{"service", "--service", "Only of this service."};
constexpr Input in_environment{"environment", "--environment", "Only in this environment."};
constexpr Input since{"since", "--since", "How far back, as 24h or 30d."};
constexpr Input rule_files{"rule_files", "", "Paths of rule files, at least one.", true, Kind::files};

constexpr std::array<std::string_view, 2> list_words{"release", "list"};
constexpr std::array list_inputs{of_service, in_environment,
                                 Input{"open", "--open", "Only releases that have not ended.", false, Kind::flag}};
constexpr std::array<std::string_view, 3> explain_words{"release", "status", "--explain"};
constexpr std::array<std::string_view, 4> release_report_words{"release", "report", "--format", "md"};
constexpr std::array one_release{Input{"release", "", "The id of the release, or its beginning.", true}};
constexpr std::array<std::string_view, 3> report_words{"report", "--format", "md"};
constexpr std::array<std::string_view, 1> figures_words{"figures"};
constexpr std::array span_inputs{since, of_service, in_environment};
constexpr std::array<std::string_view, 1> gate_words{"gate"};
constexpr std::array gate_inputs{Input{"service", "--service", "The service that would be released.", true},
                                 Input{"environment", "--environment", "Where it would be released to.", true},
                                 Input{"version", "--version", "What would be released."},
                                 Input{"kind", "--kind", "feature, hotfix, rollback…; feature if not given."}};
constexpr std::array<std::string_view, 2> freezes_words{"freeze", "list"};
constexpr std::array<std::string_view, 1> check_words{"check"};
constexpr std::array check_inputs{rule_files};
constexpr std::array<std::string_view, 1> backtest_words{"backtest"};
constexpr std::array backtest_inputs{
    rule_files,
    Input{"last", "--last", "How far back, as 30d."},
    of_service,
    in_environment,
    Input{"deploys", "--deploys",
          "PromQL that marks deployments: its label `version` changes with them, or its value."},
    Input{"from_guard", "--from-guard", "Judge the releases that the running guard knows.", false, Kind::flag}};

constexpr std::array tools{
    Tool{"list_releases", "The releases that the guard knows: phase, what broke, what needs a person.", list_words,
         list_inputs},
    Tool{"explain_release",
         "One release: every rule with what was read and held against what, what was decided and why, the timeline, "
         "what "
         "comes next.",
         explain_words, one_release},
    Tool{"report_release", "The report of one release, in Markdown: for a post-mortem.", release_report_words,
         one_release},
    Tool{"report", "What became of the releases of a time, open questions and tasks, in Markdown.", report_words,
         span_inputs},
    Tool{"figures", "How releases go: frequency, change-failure rate, time to detect and to restore (DORA).",
         figures_words, span_inputs},
    Tool{"may_release_start", "Whether a release may start now, and what stands in its way.", gate_words, gate_inputs},
    Tool{"list_freezes", "The freezes that are in force or to come.", freezes_words, {}},
    Tool{"check_rules", "What is wrong with rule files, with place and way out; expressions are asked of Prometheus.",
         check_words, check_inputs, Source::metrics},
    Tool{
        "backtest_rules",
        "What rule files would have done to the releases of the past: what would have been rolled back, when, by which "
        "rule.",
        backtest_words, backtest_inputs, Source::guard_and_metrics}};

std::string_view type_of(Kind kind) {
  return kind == Kind::flag ? "boolean" : kind == Kind::files ? "array" : "string";
}

json::object schema_of(const Tool& tool) {
  json::object properties;
  json::array required;
  for (const auto& input : tool.inputs) {
    json::object property{{"type", type_of(input.kind)}, {"description", input.description}};
    if (input.kind == Kind::files) property["items"] = json::object{{"type", "string"}};
    properties[input.name] = std::move(property);
    if (input.required) required.emplace_back(input.name);
  }
  return {{"type", "object"},
          {"properties", std::move(properties)},
          {"required", std::move(required)},
          {"additionalProperties", false}};
}

std::unexpected<Error> wrong(const Input& input) {
  const auto* wanted = input.kind == Kind::flag    ? "true or false"
                       : input.kind == Kind::files ? "a list of paths"
                                                   : "text";
  return fail(ErrorCode::invalid, fmt::format("\"{}\" must be {}", input.name, wanted));
}

// True for a regular file of YAML that lies in the folder or below, wherever links may lead.
bool is_rule_file(const std::filesystem::path& path, const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  const auto file = fs::canonical(path, error);
  if (error || !fs::is_regular_file(file, error)) return false;
  if (file.extension() != ".yml" && file.extension() != ".yaml") return false;
  const auto within = fs::canonical(folder, error);
  if (error) return false;
  return std::mismatch(within.begin(), within.end(), file.begin(), file.end()).first == within.end();
}

// A value that stands by itself comes behind `--`, and one of an option behind its `=`: neither can be an option.
struct Words {
  std::filesystem::path folder;
  std::vector<std::string> options;
  std::vector<std::string> alone;

  Result<void> add(const Input& input, const json::value& value) {
    const auto* text = value.if_string();
    // CLI11 takes a bracket for a list.
    if (text == nullptr || text->empty() || text->front() == '[') return wrong(input);
    if (input.option.empty())
      alone.emplace_back(*text);
    else
      options.push_back(fmt::format("{}={}", input.option, std::string_view(*text)));
    return {};
  }

  Result<void> take(const Input& input, const json::value& value) {
    if (input.kind == Kind::text) return add(input, value);
    if (input.kind == Kind::flag) {
      if (!value.is_bool()) return wrong(input);
      if (value.get_bool()) options.emplace_back(input.option);
      return {};
    }
    if (!value.is_array() || value.get_array().empty()) return wrong(input);
    for (const auto& entry : value.get_array())
      if (auto added = add_file(input, entry); !added) return added;
    return {};
  }

  Result<void> add_file(const Input& input, const json::value& value) {
    const auto* text = value.if_string();
    if (text == nullptr) return wrong(input);
    const auto path = folder / std::string_view(*text);
    if (!is_rule_file(path, folder))
      return fail(ErrorCode::invalid,
                  fmt::format("\"{}\" is no rule file (.yml or .yaml) of the folder that this server was begun for",
                              shorten(std::string_view(*text), 200)));
    alone.push_back(std::filesystem::canonical(path).string());
    return {};
  }
};

Result<Words> words_of(const Tool& tool, const json::object& arguments, const std::filesystem::path& folder) {
  Words out{folder, {}, {}};
  for (const auto& [name, value] : arguments) {
    const auto input = std::ranges::find(tool.inputs, std::string_view(name), &Input::name);
    if (input == tool.inputs.end())
      return fail(ErrorCode::invalid, fmt::format("{} has no input \"{}\"", tool.name, std::string_view(name)));
    if (auto taken = out.take(*input, value); !taken) return std::unexpected(taken.error());
  }
  for (const auto& input : tool.inputs)
    if (input.required && !arguments.contains(input.name))
      return fail(ErrorCode::invalid, fmt::format("{} needs \"{}\"", tool.name, input.name));
  return out;
}

}  // namespace

std::vector<McpTool> mcp_tools() {
  std::vector<McpTool> out;
  for (const auto& tool : tools)
    out.push_back({std::string(tool.name), std::string(tool.description), schema_of(tool)});
  return out;
}

Result<std::vector<std::string>> command_line_of(const std::string& tool, const json::object& arguments,
                                                 const McpSources& sources) {
  const auto it = std::ranges::find(tools, std::string_view(tool), &Tool::name);
  if (it == tools.end()) return fail(ErrorCode::invalid, fmt::format("there is no tool \"{}\"", tool));
  const auto words = words_of(*it, arguments, sources.folder);
  if (!words) return std::unexpected(words.error());
  std::vector<std::string> out(it->words.begin(), it->words.end());
  const auto append = [&](const std::vector<std::string>& more) { out.insert(out.end(), more.begin(), more.end()); };
  if (it->source != Source::metrics) append(sources.guard);
  if (it->source != Source::guard) append(sources.metrics);
  append(words->options);
  if (words->alone.empty()) return out;
  out.emplace_back("--");
  append(words->alone);
  return out;
}

}  // namespace guard::cli
