// SPDX-License-Identifier: Apache-2.0
#include "guard/config/load.hpp"

#include "guard/base/file.hpp"
#include "guard/base/text.hpp"
#include "guard/config/group_parser.hpp"
#include "guard/config/settings_parser.hpp"
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

void add_file_error(Diagnostics& diagnostics, const fs::path& shown, std::string message) {
  Report(Source(shown.string(), ""), diagnostics).file_error(std::move(message));
}

// The file's text; where it cannot be had, that is reported. `shown` is how messages name it.
std::optional<Source> read_source(const fs::path& path, const fs::path& shown, Diagnostics& diagnostics) {
  auto text = read_file(path, largest_text);
  if (text) return Source(shown.string(), std::move(*text));
  auto message = text.error().message;
  const auto prefix = path.string() + ": ";
  if (message.starts_with(prefix)) message.erase(0, prefix.size());
  add_file_error(diagnostics, shown, std::move(message));
  return std::nullopt;
}

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
      const auto& hook = group.group.rollback.hook;
      if (hook.empty() || std::ranges::find(names, hook) != names.end()) continue;
      const auto near = nearest_name(hook, names);
      Report(file.source, diagnostics)
          .error(group.hook_at,
                 fmt::format("{} has no hook named \"{}\"; {}", settings_source.path(), shorten(hook, 80),
                             near ? fmt::format("did you mean \"{}\"?", *near) : "add it under `hooks`"));
    }
  }
}

void warn_of_unused_hooks(const std::vector<ParsedFile>& files, const ParsedSettings& parsed, const Report& settings) {
  std::set<std::string_view> used;
  for (const auto& file : files)
    for (const auto& group : file.groups) used.insert(group.group.rollback.hook);
  for (std::size_t i = 0; i < parsed.settings.hooks.size(); ++i)
    if (const auto& name = parsed.settings.hooks[i].name; !used.contains(name))
      settings.warning(parsed.hooks_at[i], fmt::format("no rule group uses the hook \"{}\"", name));
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
            .warning(parsed.name_at,
                     fmt::format("group \"{}\" is never used: group \"{}\" in {} matches the same releases first; "
                                 "narrow the `match` of that one, or delete one of them",
                                 shorten(group.name, 80), shorten((*first)->name, 80), (*first)->file));
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
        out.push_back({expression.text, expression.place, group, expression.slo});
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

std::vector<fs::path> find_rule_files(const ParsedSettings& parsed, const fs::path& base, const Report& report) {
  std::set<fs::path> seen;
  std::vector<fs::path> out;
  for (const auto& glob : parsed.rule_globs) {
    const auto matches = expand(glob.pattern, base);
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

template <class T>
Loaded<T> finish(T value, Diagnostics diagnostics) {
  sort(diagnostics);
  Loaded<T> loaded;
  if (!diagnostics.has_errors()) loaded.value = std::move(value);
  loaded.diagnostics = std::move(diagnostics);
  return loaded;
}

void add_rule_file(std::vector<ParsedFile>& files, std::optional<Source> source, Diagnostics& diagnostics) {
  if (!source) return;
  auto groups = parse_rule_file(*source, diagnostics);
  files.push_back({std::move(*source), std::move(groups)});
}

}  // namespace

Loaded<Settings> load_settings(const fs::path& file) {
  Diagnostics diagnostics;
  const auto absolute = fs::absolute(file).lexically_normal();
  const auto base = absolute.parent_path();
  const auto source = read_source(absolute, file, diagnostics);
  if (!source) return finish(Settings{}, std::move(diagnostics));
  auto parsed = parse_settings(*source, base, diagnostics);
  parsed.settings.file = absolute;
  parsed.settings.rule_files = find_rule_files(parsed, base, Report(*source, diagnostics));
  std::vector<ParsedFile> files;
  for (const auto& path : parsed.settings.rule_files)
    add_rule_file(files, read_source(path, shown_path(path, base, file.parent_path()), diagnostics), diagnostics);
  check_unique_groups(files, diagnostics);
  if (parsed.hooks_known) check_hooks(files, parsed, *source, diagnostics);
  if (!parsed.prometheus_given) check_prometheus(files, *source, diagnostics);
  // What is wrong may be what uses a hook or tells two groups apart.
  if (!diagnostics.has_errors()) warn_of_unused_hooks(files, parsed, Report(*source, diagnostics));
  if (!diagnostics.has_errors()) warn_of_hidden_groups(files, diagnostics);
  parsed.settings.expressions = expressions_of(files);
  parsed.settings.groups = groups_of(std::move(files));
  return finish(std::move(parsed.settings), std::move(diagnostics));
}

Loaded<std::vector<model::RuleGroupPtr>> load_rule_files(std::span<const fs::path> paths) {
  Diagnostics diagnostics;
  std::vector<ParsedFile> files;
  for (const auto& path : paths) add_rule_file(files, read_source(path, path, diagnostics), diagnostics);
  check_unique_groups(files, diagnostics);
  if (!diagnostics.has_errors()) warn_of_hidden_groups(files, diagnostics);
  return finish(groups_of(std::move(files)), std::move(diagnostics));
}

Loaded<std::vector<model::RuleGroupPtr>> parse_rules(const std::string& text, const std::string& path) {
  Diagnostics diagnostics;
  std::vector<ParsedFile> files;
  add_rule_file(files, Source(path, text), diagnostics);
  check_unique_groups(files, diagnostics);
  if (!diagnostics.has_errors()) warn_of_hidden_groups(files, diagnostics);
  return finish(groups_of(std::move(files)), std::move(diagnostics));
}

}  // namespace guard::config
