// SPDX-License-Identifier: Apache-2.0
#include "guard/api/router.hpp"

namespace guard::api {
namespace {

void open_feed(Feeds& feeds, const Request& request, const Reply& reply) {
  auto feed = feeds.open(request.actor);
  if (!feed) return reply(error_response(feed.error()));
  Response response;
  response.feed = std::move(*feed);
  response.content_type = "text/event-stream";
  reply(std::move(response));
}

}  // namespace

std::vector<Route> feed_routes(Feeds& feeds) {
  return {{"GET", "/api/v1/stream", config::Role::read, false,
           [&feeds](const Request& request, const Reply& reply) { open_feed(feeds, request, reply); }}};
}

}  // namespace guard::api
