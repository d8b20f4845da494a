// SPDX-License-Identifier: Apache-2.0
//
// The options that say what is released, and the announcement they make. The main thread only.
#pragma once

#include "guard/base/json.hpp"
#include "guard/model/release.hpp"

#include <map>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace guard::cli {

struct AnnouncementOptions {
  std::string service;
  std::string environment;
  std::string version;
  std::optional<std::string> previous_version;  // nothing: whatever is live there
  std::optional<model::ReleaseKind> kind;
  std::string id;  // empty: to be made up
  std::map<std::string, std::string> labels;
};

// Adds --service, --environment, --version, --previous-version, --kind, --id and --label. `options` must outlive the
// parsing.
void add_announcement_options(CLI::App& command, AnnouncementOptions& options);

// The body of POST /api/v1/releases. The link of the pipeline's run, which RELEASE_GUARD_RUN_URL has, is its label
// `run`, unless one is given.
json::object announcement_of(const AnnouncementOptions& options);

}  // namespace guard::cli
