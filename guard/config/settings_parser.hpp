// SPDX-License-Identifier: Apache-2.0
//
// The configuration file to Settings, without its rule files. Reads secrets and looks at files; blocking; safe from
// any thread.
#pragma once

#include "guard/config/settings.hpp"
#include "guard/config/source.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace guard::config {

struct Glob {
  std::string pattern;
  std::size_t at = 0;
};

struct ParsedSettings {
  Settings settings;
  std::vector<Glob> rule_globs;
  std::vector<std::size_t> hooks_at;  // where each hook's name stands
  bool hooks_known = true;            // the name of each could be read
  bool prometheus_given = false;      // also where it could not be read
};

// The settings as far as they can be read; they are complete if nothing was reported. `base` is the absolute folder
// that relative paths are relative to.
ParsedSettings parse_settings(const Source& source, const std::filesystem::path& base, Diagnostics& diagnostics);

// The Prometheus whose URL is the whole text of a source, with the defaults for all else.
PrometheusSettings prometheus_at(const Report& url);

}  // namespace guard::config
