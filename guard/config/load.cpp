// SPDX-License-Identifier: Apache-2.0
#include "guard/config/load.hpp"

#include "guard/base/file.hpp"
#include "guard/base/text.hpp"
#include "guard/config/group_parser.hpp"
#include "guard/config/settings_parser.hpp"
#include "guard/config/silences.hpp"
#include "guard/config/trusted_file.hpp"
#include "guard/config/web_file_parser.hpp"
#include "guard/config/yaml_reader.hpp"

#include <algorithm>
#include <glob.h>
#include <map>
#include <set>

#include <fmt/format.h>

namespace guard::config {
namespace {

namespace fs = std::filesystem;

struct ParsedFile {
  Source source;
  std::vector<ParsedGroup> groups;
};

// What has been read so far.
struct Reading {
  std::vector<ParsedFile> files;
  Diagnostics diagnostics{};
  Silences silences{};
};

void add_file_error(Diagnostics& diagnostics, const fs::path& shown, std::string message) {
  Report(Source(shown.string(), ""), diagnostics).file_error(std::move(message));
}

}  // namespace

std::optional<Source> read_source(const fs::path& path, const fs::path& shown, Diagnostics& diagnostics) {
  auto text = read_file(path, largest_text);
  if (text) return Source(shown.string(), std::move(*text));
  auto message = text.error().message;
  const auto prefix = path.string() + ": ";
  if (message.starts_with(prefix)) message.erase(0, prefix.size());
  add_file_error(diagnostics, shown, std::move(message));
  return std::nullopt;
}

namespace {

// Groups found in one file may be named in another's, so all are checked together.
void check_unique_groups(const std::vector<ParsedFile>& files, Diagnostics& diagnostics) {
  std::map<std::string, std::string> seen;
  for (const auto& file : files) {
    for (const auto& parsed : file.groups) {
      const auto& name = parsed.group.name;
      if (name.empty()) continue;
      const auto here = fmt::format("{}:{}", file.source.path(), file.source.position(parsed.name_at).line);
      const auto [first, fresh] = seen.emplace(name, here);
      if (!fresh)
        Report(file.source, diagnostics)
            .error(parsed.name_at,
                   fmt::format("another group is named \"{}\", at {}; rename one", shorten(name, 80), first->second));
    }
  }
}

void check_hooks(const std::vector<ParsedFile>& files, const ParsedSettings& parsed, const Source& settings_source,
                 Diagnostics& diagnostics) {
  std::vector<std::string_view> names;
  for (const auto& hook : parsed.settings.hooks) names.push_back(hook.name);
  for (const auto& file : files) {
    for (const auto& group : file.groups) {
      for (const auto& [hook, at] : group.hooks) {
        if (std::ranges::find(names, hook) != names.end()) continue;
        const auto near = nearest_name(hook, names);
        Report(file.source, diagnostics)
            .error(at, fmt::format("{} has no hook named \"{}\"; {}", settings_source.path(), shorten(hook, 80),
                                   near ? fmt::format("did you mean \"{}\"?", *near) : "add it under `hooks`"));
      }
    }
  }
}

void warn_of_unused_hooks(const std::vector<ParsedFile>& files, const ParsedSettings& parsed, const Report& settings) {
  std::set<std::string_view> used;
  for (const auto& file : files)
    for (const auto& group : file.groups)
      for (const auto& hook : group.hooks) used.insert(hook.name);
  for (std::size_t i = 0; i < parsed.settings.hooks.size(); ++i)
    if (const auto& name = parsed.settings.hooks[i].name; !used.contains(name))
      settings.remark(parsed.hooks_at[i],
                      {model::Finding::unused_hook, fmt::format("no rule group uses the hook \"{}\"", name)});
}

bool is_within(const std::vector<model::Matcher>& some, const std::vector<model::Matcher>& all) {
  return std::ranges::all_of(
      some, [&](const model::Matcher& matcher) { return std::ranges::find(all, matcher) != all.end(); });
}

// A release belongs to the first group that matches it; whatever matches the later one has matched the earlier.
void warn_of_hidden_groups(const std::vector<ParsedFile>& files, Diagnostics& diagnostics) {
  std::vector<const model::RuleGroup*> earlier;
  for (const auto& file : files) {
    for (const auto& parsed : file.groups) {
      const auto& group = parsed.group;
      const auto first =
          std::ranges::find_if(earlier, [&](const auto* other) { return is_within(other->match, group.match); });
      if (first != earlier.end())
        Report(file.source, diagnostics)
            .remark(parsed.name_at,
                    {model::Finding::hidden_group,
                     fmt::format("group \"{}\" is never used: group \"{}\" in {} matches the same releases first",
                                 shorten(group.name, 80), shorten((*first)->name, 80), (*first)->file),
                     "narrow the `match` of that one, or delete one of them"});
      earlier.push_back(&group);
    }
  }
}

void check_prometheus(const std::vector<ParsedFile>& files, const Source& settings_source, Diagnostics& diagnostics) {
  for (const auto& file : files)
    for (const auto& group : file.groups)
      if (group.expr_at)
        Report(file.source, diagnostics)
            .error(*group.expr_at,
                   fmt::format("this asks Prometheus, but {} names none; add `prometheus: {{ url: … }}`",
                               settings_source.path()));
}

// Of the groups as groups_of puts them in order.
std::vector<Expression> expressions_of(const std::vector<ParsedFile>& files) {
  std::vector<Expression> out;
  std::size_t group = 0;
  for (const auto& file : files) {
    for (const auto& parsed : file.groups) {
      for (const auto& expression : parsed.expressions)
        out.push_back(
            {expression.text, expression.place, group, expression.slo, expression.detects, expression.budgets});
      ++group;
    }
  }
  return out;
}

std::vector<model::RuleGroupPtr> groups_of(std::vector<ParsedFile> files) {
  std::vector<model::RuleGroupPtr> groups;
  for (auto& file : files)
    for (auto& parsed : file.groups)
      groups.push_back(std::make_shared<const model::RuleGroup>(std::move(parsed.group)));
  return groups;
}

std::string without_wildcards(const std::string& path) {
  std::string out;
  for (const char c : path) {
    if (c == '*' || c == '?' || c == '[' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::vector<fs::path> expand(const std::string& pattern, const fs::path& base) {
  const auto full = pattern.starts_with('/') ? pattern : without_wildcards(base.string()) + '/' + pattern;
  std::vector<fs::path> out;
  glob_t found{};
  if (::glob(full.c_str(), 0, nullptr, &found) == 0)
    for (std::size_t i = 0; i < found.gl_pathc; ++i) out.push_back(fs::path(found.gl_pathv[i]).lexically_normal());
  ::globfree(&found);
  return out;
}

// Tests of rules lie beside them, where the same glob finds both.
bool is_test_file(const fs::path& path) {
  return path.filename().string().ends_with(".test.yml");
}

std::vector<fs::path> find_rule_files(const ParsedSettings& parsed, const fs::path& base, const Report& report) {
  std::set<fs::path> seen;
  std::vector<fs::path> out;
  for (const auto& glob : parsed.rule_globs) {
    auto matches = expand(glob.pattern, base);
    std::erase_if(matches, is_test_file);
    if (matches.empty())
      report.error(glob.at, fmt::format("no file matches \"{}\" in {}", shorten(glob.pattern, 200), base.string()));
    for (const auto& path : matches) {
      std::error_code error;
      const auto real = fs::canonical(path, error);
      if (seen.insert(error ? path : real).second) out.push_back(path);
    }
  }
  std::ranges::sort(out);
  return out;
}

// How messages name a file found beside the configuration file: as the user would reach it.
fs::path shown_path(const fs::path& path, const fs::path& base, const fs::path& shown_base) {
  const auto relative = path.lexically_relative(base);
  if (relative.empty() || *relative.begin() == "..") return path;
  return shown_base / relative;
}

// What is wrong may be what uses a hook, tells two groups apart, or hides what a comment silences.
void warn_of_unused(Reading& reading) {
  if (reading.diagnostics.has_errors()) return;
  warn_of_hidden_groups(reading.files, reading.diagnostics);
  reading.silences.apply(reading.diagnostics);
  reading.silences.report_unused(reading.diagnostics, false);
}

// The settings with the rules that were read.
Loaded<Settings> finish(Settings settings, Reading reading) {
  settings.expressions = expressions_of(reading.files);
  for (const auto& file : reading.files) settings.rule_texts.emplace(file.source.path(), file.source.text());
  settings.groups = groups_of(std::move(reading.files));
  settings.silences = std::move(reading.silences);
  sort(reading.diagnostics);
  Loaded<Settings> loaded;
  if (!reading.diagnostics.has_errors()) loaded.value = std::move(settings);
  loaded.diagnostics = std::move(reading.diagnostics);
  return loaded;
}

void add_web_file(const fs::path& file, Settings& settings, Diagnostics& diagnostics) {
  const auto absolute = fs::absolute(file).lexically_normal();
  const auto source = read_source(absolute, file, diagnostics);
  if (!source) return;
  // Whoever writes it lets themselves in.
  if (const auto problem = exposure(absolute); !problem.empty()) Report(*source, diagnostics).file_error(problem);
  read_web_file(*source, absolute.parent_path(), settings, diagnostics);
}

void add_rule_file(Reading& reading, std::optional<Source> source) {
  if (!source) return;
  auto groups = parse_rule_file(*source, reading.diagnostics);
  reading.silences.read(Report(*source, reading.diagnostics));
  reading.silences.apply(reading.diagnostics);
  reading.files.push_back({std::move(*source), std::move(groups)});
}

}  // namespace

Loaded<Settings> load_settings(const fs::path& file, const fs::path& web_file) {
  Reading reading;
  const auto absolute = fs::absolute(file).lexically_normal();
  const auto base = absolute.parent_path();
  const auto source = read_source(absolute, file, reading.diagnostics);
  if (!source) return finish({}, std::move(reading));
  auto parsed = parse_settings(*source, base, reading.diagnostics);
  if (!web_file.empty()) add_web_file(web_file, parsed.settings, reading.diagnostics);
  const Report report(*source, reading.diagnostics);
  reading.silences.read(report);
  parsed.settings.file = absolute;
  parsed.settings.rule_files = find_rule_files(parsed, base, report);
  for (const auto& path : parsed.settings.rule_files)
    add_rule_file(reading, read_source(path, shown_path(path, base, file.parent_path()), reading.diagnostics));
  check_unique_groups(reading.files, reading.diagnostics);
  if (parsed.hooks_known) check_hooks(reading.files, parsed, *source, reading.diagnostics);
  if (!parsed.prometheus_given) check_prometheus(reading.files, *source, reading.diagnostics);
  if (!reading.diagnostics.has_errors()) warn_of_unused_hooks(reading.files, parsed, report);
  warn_of_unused(reading);
  return finish(std::move(parsed.settings), std::move(reading));
}

Loaded<Settings> load_rule_files(std::span<const fs::path> paths, const std::string& prometheus_url) {
  Reading reading;
  Settings settings;
  const Source url("--prometheus.url", prometheus_url);
  if (!prometheus_url.empty()) settings.prometheus = prometheus_at(Report(url, reading.diagnostics));
  for (const auto& path : paths) add_rule_file(reading, read_source(path, path, reading.diagnostics));
  check_unique_groups(reading.files, reading.diagnostics);
  warn_of_unused(reading);
  return finish(std::move(settings), std::move(reading));
}

Loaded<Settings> load_rule_text(const std::string& text, const std::string& path) {
  Reading reading;
  add_rule_file(reading, Source(path, text));
  check_unique_groups(reading.files, reading.diagnostics);
  warn_of_unused(reading);
  return finish({}, std::move(reading));
}

Loaded<std::vector<model::RuleGroupPtr>> parse_rules(const std::string& text, const std::string& path) {
  auto loaded = load_rule_text(text, path);
  Loaded<std::vector<model::RuleGroupPtr>> rules;
  if (loaded.value) rules.value = std::move(loaded.value->groups);
  rules.diagnostics = std::move(loaded.diagnostics);
  return rules;
}

}  // namespace guard::config
