// SPDX-License-Identifier: Apache-2.0
//
// Whom a configuration lets in, and what is strange about that. Pure.
#pragma once

#include "guard/config/settings.hpp"

#include <string>
#include <vector>

namespace guard::serve {

// False where nothing but coming from this machine is asked for.
bool knows_people(const config::Settings& settings);

// What whoever wrote it will hardly have meant, in words; `web_file` says whether one was given.
std::vector<std::string> strange_about_people(const config::Settings& settings, bool web_file);

}  // namespace guard::serve
