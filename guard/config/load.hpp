// SPDX-License-Identifier: Apache-2.0
//
// Text to checked values: the one path that `serve`, `check` and reload share. Reads files; blocking; safe from any
// thread.
#pragma once

#include "guard/config/diagnostics.hpp"
#include "guard/config/settings.hpp"
#include "guard/config/source.hpp"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace guard::config {

template <class T>
struct Loaded {
  std::optional<T> value;   // absent if there was any error
  Diagnostics diagnostics;  // errors and warnings
};

// The text of the file at `path`; where it cannot be had, that is reported. `shown` is how messages name it.
std::optional<Source> read_source(const std::filesystem::path& path, const std::filesystem::path& shown,
                                  Diagnostics& diagnostics);

// The configuration file with every rule file it names. A hook that a group names must exist; a command hook's
// program must be an executable file, an HTTP hook's URL must be one. With `web_file`, if that is not empty: a file in
// the format of exporter-toolkit.
Loaded<Settings> load_settings(const std::filesystem::path& file, const std::filesystem::path& web_file = {});

// Rule files alone, as `release-guard check rules/web-service.yml` does: hooks cannot be looked up, all else is
// checked. The settings hold nothing but what the rule files say, and the Prometheus at `prometheus_url`, if that is
// not empty.
Loaded<Settings> load_rule_files(std::span<const std::filesystem::path> files, const std::string& prometheus_url = {});

// One rule file from memory, as load_rule_files; `path` is how messages name it.
Loaded<Settings> load_rule_text(const std::string& text, const std::string& path);

// The groups of load_rule_text.
Loaded<std::vector<model::RuleGroupPtr>> parse_rules(const std::string& text, const std::string& path);

}  // namespace guard::config
