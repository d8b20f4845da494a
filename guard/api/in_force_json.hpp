// SPDX-License-Identifier: Apache-2.0
//
// What the guard goes by, for people who may look: rules, hooks, receivers, brakes, freezes, where it listens, and
// whether its sources answer. Of what may hold a secret (a hook's command and address, a receiver's address, headers,
// tokens) only names and kinds are told. Pure.
#pragma once

#include "guard/api/program.hpp"
#include "guard/base/json.hpp"
#include "guard/config/settings.hpp"
#include "guard/engine/guard_service.hpp"

#include <string>
#include <vector>

namespace guard::api {

// Everything the answer is made of.
struct GoesBy {
  std::string version;
  WallTime now{};
  const config::Settings& settings;
  engine::Health health;
  std::vector<model::Freeze> freezes;
  engine::Reached reached;
  Listening listening;
};

json::object to_json(const GoesBy& goes_by);

}  // namespace guard::api
