// SPDX-License-Identifier: Apache-2.0
#include "guard/api/give_way.hpp"

#include <algorithm>
#include <map>

namespace guard::api {

namespace {

// The sender that has most of those that stand this way; it must have one.
std::string greatest_sender(const std::vector<Connection*>& open, Standing standing) {
  std::map<std::string, int> held;
  for (const auto* connection : open)
    if (connection->standing() == standing) ++held[connection->sender()];
  return std::ranges::max_element(held, {}, [](const auto& entry) { return entry.second; })->first;
}

}  // namespace

std::size_t count(const std::vector<Connection*>& open, Standing standing) {
  return static_cast<std::size_t>(std::ranges::count(open, standing, [](const auto* c) { return c->standing(); }));
}

Connection* oldest(const std::vector<Connection*>& open, Standing standing) {
  const auto found = std::ranges::find(open, standing, [](const auto* c) { return c->standing(); });
  return found == open.end() ? nullptr : *found;
}

Connection* first_to_go(const std::vector<Connection*>& open) {
  if (auto* idle = oldest(open, Standing::idle)) return idle;
  for (const auto standing : {Standing::stranger, Standing::asking}) {
    if (count(open, standing) == 0) continue;
    const auto sender = greatest_sender(open, standing);
    return *std::ranges::find_if(open,
                                 [&](const auto* c) { return c->standing() == standing && c->sender() == sender; });
  }
  return nullptr;
}

}  // namespace guard::api
