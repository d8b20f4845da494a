// SPDX-License-Identifier: Apache-2.0
//
// What becomes of connections when the server stops.
#include "tests/api/harness.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

namespace guard::test {
namespace {

TEST(Stopping, EndsIdleConnectionsAtOnceAndOthersWithTheirAnswer) {
  Host host;
  host.guard.hold = true;
  Client idle(host);
  EXPECT_EQ(idle.ask(get("/-/healthy")).status, 200);
  Client busy(host);
  busy.send(post("/api/v1/releases/r1/rollback", ""));
  Client late(host);
  late.send("GET /-/heal");
  host.server->stop();
  EXPECT_TRUE(idle.is_closed());
  EXPECT_FALSE(host.server->quiet());
  host.guard.answer();
  const auto answer = busy.receive();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_EQ(late.ask("thy HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 200);
  busy.leave();
  late.leave();
  EXPECT_TRUE(host.until([&] { return host.server->quiet(); }));
}

TEST(Stopping, NoNewConnectionIsTaken) {
  Host host;
  host.server->stop();
  EXPECT_THROW(Client{host}, std::runtime_error);
}

TEST(Stopping, TheServerMayGoBeforeItsConnections) {
  Host host;
  host.guard.hold = true;
  Client client(host);
  client.send(get("/api/v1/releases/release-with-a-long-id-0001"));
  host.server.reset();
  host.guard.answer();
  EXPECT_EQ(client.receive().status, 200);
}

}  // namespace
}  // namespace guard::test
