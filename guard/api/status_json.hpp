// SPDX-License-Identifier: Apache-2.0
//
// What Prometheus' HTTP API says of a server and its rules, said of the guard in the same shape, for tools that read
// that one. What a guard does not have is left out instead of made up. Pure.
#pragma once

#include "guard/api/program.hpp"
#include "guard/base/json.hpp"
#include "guard/config/settings.hpp"
#include "guard/engine/guard_service.hpp"

#include <optional>
#include <string>
#include <vector>

namespace guard::api {

// {"status": "success", "data": …}
json::object success(json::value data);

json::object build_info(const Program& program);
json::object flags(const Program& program);
json::object runtime_info(const Program& program, const engine::Health& health, WallTime now);

// Which rules are asked for, each by any of these; empty: all.
struct RuleFilter {
  std::vector<std::string> groups;
  std::vector<std::string> names;
  std::vector<std::string> files;
  bool alerts = true;  // those of each rule are told as well
};

// Every rule in force as an alerting rule: `state` is that of the watched release which stands worst by it, and each
// release that breaks it, or is about to, is an alert.
json::object rule_groups(const config::Settings& settings, const std::vector<story::ReleaseView>& watched,
                         const RuleFilter& filter);

}  // namespace guard::api
