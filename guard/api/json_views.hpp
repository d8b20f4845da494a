// SPDX-License-Identifier: Apache-2.0
//
// Answers as JSON, beside what guard/story shows of releases. Pure.
#pragma once

#include "guard/api/message.hpp"
#include "guard/base/json.hpp"
#include "guard/engine/guard_service.hpp"
#include "guard/store/store.hpp"

namespace guard::api {

json::object to_json(const engine::InForce& in_force);
// As `timeline`, with what asks for the part before it.
void add_timeline(json::object& release, const store::TimelinePage& page);

Response json_response(int status, const json::value& value);

}  // namespace guard::api
