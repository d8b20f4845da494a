// SPDX-License-Identifier: Apache-2.0
#include "guard/api/json_views.hpp"

#include "guard/base/json_out.hpp"
#include "guard/story/json.hpp"

namespace guard::api {

json::object to_json(const engine::InForce& in_force) {
  json::array freezes;
  for (const auto& freeze : in_force.freezes)
    freezes.push_back(json::object{{"until", json_time(freeze.until)}, {"reason", freeze.reason}});
  return {{"kill_switch", in_force.kill_switch}, {"freezes", std::move(freezes)}};
}

void add_timeline(json::object& release, const store::TimelinePage& page) {
  release["timeline"] = story::to_json(page.events);
  release["timeline_before"] = page.before ? json::value(*page.before) : json::value(nullptr);
}

Response json_response(int status, const json::value& value) {
  Response response;
  response.status = status;
  response.body = json::serialize(value) + "\n";
  return response;
}

}  // namespace guard::api
