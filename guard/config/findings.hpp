// SPDX-License-Identifier: Apache-2.0
//
// What a check of rules comes to, as text's last line and as JSON: the command `check` and the guard's page say the
// same. Values; safe from any thread.
#pragma once

#include "guard/base/json.hpp"
#include "guard/config/diagnostics.hpp"
#include "guard/model/rule.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace guard::config {

struct Findings {
  Diagnostics diagnostics{};
  bool complete = true;  // every file could be turned into values
  std::size_t groups = 0;
  std::size_t rules = 0;
  std::optional<std::size_t> hooks{};        // known only with a configuration file
  std::string silence{};                     // why no server was asked about the expressions, if none was
  std::vector<std::string> not_looked_at{};  // rules that a server could not be asked about
};

void add(Findings& to, const Diagnostics& diagnostics, const std::vector<model::RuleGroupPtr>& groups = {});

// True if a server has something to say about these rules.
bool asks_prometheus(const std::vector<model::RuleGroupPtr>& groups);

// "ok: 1 group, 3 rules", or how much is wrong.
std::string summary_of(const Findings& found);

// The names of what only a server can show.
std::vector<std::string> found_by_server();

json::object to_json(const Findings& found);

}  // namespace guard::config
