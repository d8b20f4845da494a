// SPDX-License-Identifier: Apache-2.0
//
// Whether a version has shown elsewhere what its rule group requires of it. Pure.
#pragma once

#include "guard/core/fleet.hpp"
#include "guard/model/requirement.hpp"

#include <string>

namespace guard::core {

struct Shown {
  bool met = false;
  std::string seen;    // in words: what is known of it there
  std::string advice;  // what to do where it is not met
};

// Of `version` of `service` at `now`, where the requirement names another environment.
Shown shown_of(const FleetView& fleet, const Requirement& requirement, const std::string& service,
               const std::string& version, WallTime now);

// Whether the group of `watch` asks it of the release at all. What puts an older version back is never asked.
bool is_required(const Watch& watch);

}  // namespace guard::core
