// SPDX-License-Identifier: Apache-2.0
//
// A file of the guard's as it may be shown to people: what it says, without comments, and with <secret> where somebody
// may have written one (`secret` of keys.hpp). Pure; safe from any thread.
#pragma once

#include "guard/config/keys.hpp"
#include "guard/config/yaml_reader.hpp"

#include <string>

namespace guard::config {

// YAML. Of a hook's URL scheme, host and port are shown, of a command its program and what is filled in, and of texts
// by name the names.
std::string shown_text(const Node& file, const ObjectInfo& info);

}  // namespace guard::config
