// SPDX-License-Identifier: Apache-2.0
#include "tests/api/harness.hpp"

#include <fcntl.h>
#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using testing::HasSubstr;

class Listening : public testing::Test {
 protected:
  Result<std::unique_ptr<api::Server>> listen(const std::string& address) {
    return api::Server::listen(host.loop, {address, std::nullopt, {}}, host.router);
  }
  std::string refusal(const std::string& address) {
    const auto server = listen(address);
    return server ? "" : server.error().message;
  }

  Host host;
};

TEST_F(Listening, AnAddressIsAHostAndAPort) {
  for (const std::string address : {"127.0.0.1:0", "localhost:0", "[::1]:0"})
    EXPECT_EQ(refusal(address), "") << address;
  for (const std::string address :
       {"", "8929", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:-1", "127.0.0.1:65536", "127.0.0.1:80 ",
        "::1:80", "[::1]", "[::1:80", "name.example:80", "[127.0.0.1]:0"})
    EXPECT_EQ(refusal(address), fmt::format("--web.listen-address {}: write an address and a port, for example "
                                            "127.0.0.1:8929 or [::1]:8929",
                                            address));
}

TEST_F(Listening, WithoutTokensTheNetworkIsRefused) {
  for (const std::string address : {"0.0.0.0:0", ":0", "[::]:0", "10.1.2.3:0"}) {
    const auto server = listen(address);
    ASSERT_FALSE(server) << address;
    EXPECT_EQ(server.error(), (Error{ErrorCode::invalid,
                                     fmt::format("--web.listen-address {}: without `tokens` in the configuration "
                                                 "anyone on the network could order a rollback; configure tokens, or "
                                                 "listen on 127.0.0.1",
                                                 address)}));
  }
}

TEST_F(Listening, WithTokensTheNetworkIsServed) {
  Host open({{}, {token("oncall", config::Role::operate)}, {}, "0.0.0.0:0"});
  EXPECT_EQ(Client(open).ask(get("/metrics", "oncall")).status, 200);
  EXPECT_EQ(Client(open).ask(get("/metrics")).status, 401);
}

// The listener stays where it was when a reload takes the tokens away.
TEST_F(Listening, TokensTakenAwayLeaveThisMachineAlone) {
  Host open({{}, {token("oncall", config::Role::operate)}, {}, "0.0.0.0:0"});
  open.router.replace(api::Gatekeeper({}));
  EXPECT_EQ(Client(open).ask(get("/metrics")).status, 200);
}

TEST_F(Listening, ATakenPortIsSaidWithWhatToDo) {
  const auto taken = fmt::format("127.0.0.1:{}", host.server->port());
  const auto server = listen(taken);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error(), (Error{ErrorCode::unavailable,
                                   fmt::format("--web.listen-address {}: Address already in use; another guard or "
                                               "another program listens there: end it, or choose another port",
                                               taken)}));
}

TEST_F(Listening, AnAddressThatIsNotThisMachinesIsSaidWithWhatToDo) {
  Host guarded({{}, {token("oncall", config::Role::operate)}, {}, "127.0.0.1:0"});
  const auto server = api::Server::listen(guarded.loop, {"192.0.2.1:0", std::nullopt, {}}, guarded.router);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().message,
            "--web.listen-address 192.0.2.1:0: Cannot assign requested address; choose an address of this machine and "
            "a port this user may take");
}

// Hooks are children; none may keep the port or a client's connection.
TEST_F(Listening, EverySocketIsClosedInChildren) {
  Client client(host);
  EXPECT_EQ(client.ask(get("/-/healthy")).status, 200);
  int sockets = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    if (!std::filesystem::read_symlink(entry.path(), gone).string().starts_with("socket:")) continue;
    const auto flags = ::fcntl(std::stoi(entry.path().filename()), F_GETFD);
    EXPECT_EQ(flags & FD_CLOEXEC, FD_CLOEXEC);
    ++sockets;
  }
  EXPECT_GE(sockets, 3) << "the listener, the client's end and the guard's";
}

}  // namespace
}  // namespace guard::test
