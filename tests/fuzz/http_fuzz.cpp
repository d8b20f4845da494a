// SPDX-License-Identifier: Apache-2.0
//
// Any bytes a client may send, through the real listener over loopback: each connection ends, what is answered is
// HTTP, and no error repeats what is no text.
#include "guard/base/json.hpp"
#include "tests/api/harness.hpp"

#include <cstdlib>

namespace {

using namespace guard;

// Nothing but the bytes ends a connection.
test::Host::Setup setup() {
  constexpr auto never = std::chrono::hours(1);
  return {{.head = 1024,
           .body = 4096,
           .connections = 4,
           .head_time = never,
           .stall_time = never,
           .request_time = never,
           .write_time = never,
           .idle_time = never},
          {},
          {}};
}

void require(bool holds) {
  if (!holds) std::abort();
}

// An error is one line; what follows it is another answer.
void check_answers(const std::string& bytes) {
  if (bytes.empty()) return;
  require(bytes.starts_with("HTTP/1.1 ") || bytes.starts_with("HTTP/1.0 "));
  const std::string_view end_of_head = "\r\n\r\n";
  const std::string error = std::string(end_of_head) + "{\"error\":";
  for (auto at = bytes.find(error); at != std::string::npos; at = bytes.find(error, at + 1)) {
    const auto begin = at + end_of_head.size();
    require(parse_json(bytes.substr(begin, bytes.find('\n', begin) - begin)).has_value());
  }
}

void forget(test::Host& host) {
  host.lines.clear();
  host.guard.announced.clear();
  host.guard.actors.clear();
  host.guard.orders.clear();
  host.guard.posts.clear();
  host.guard.notifications.clear();
  host.guard.timelines.clear();
  host.guard.filters.clear();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static test::Host host(setup());
  test::Client client(host);
  client.send({reinterpret_cast<const char*>(data), size});
  client.end_sending();
  check_answers(client.receive_all());
  client.leave();
  require(host.until([] { return host.server->quiet(); }));
  forget(host);
  return 0;
}
