// SPDX-License-Identifier: Apache-2.0
//
// Addresses made of those that the configuration gives. Pure; safe from any thread.
#pragma once

#include "guard/config/settings.hpp"

#include <string>

namespace guard::config {

// The dashboard of one place; empty where none is configured.
std::string dashboard_of(const WebLinks& links, const std::string& service, const std::string& environment);

}  // namespace guard::config
