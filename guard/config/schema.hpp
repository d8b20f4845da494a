// SPDX-License-Identifier: Apache-2.0
//
// The guard's files as JSON Schema (draft-07), for editors: made from the tables that the parsers read by (keys.hpp).
// Whatever a parser takes is valid; a file that is valid may still be refused, for what no schema can see. Pure; safe
// from any thread.
#pragma once

#include "guard/base/json.hpp"
#include "guard/config/keys.hpp"

namespace guard::config {

json::object rules_schema();
json::object settings_schema();
json::object tests_schema();
json::object client_file_schema();
json::object web_file_schema();

// One object with all that it may hold.
json::object object_schema(const ObjectInfo& info);

}  // namespace guard::config
