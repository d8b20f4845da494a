// SPDX-License-Identifier: Apache-2.0
#include "tests/api/harness.hpp"

#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace guard::test {
namespace {

using testing::HasSubstr;

class Listening : public testing::Test {
 protected:
  Result<std::unique_ptr<api::Server>> listen_at(const std::vector<std::string>& addresses) {
    return api::Server::listen(host.loop, {addresses, std::nullopt, {}}, host.router);
  }
  Result<std::unique_ptr<api::Server>> listen(const std::string& address) { return listen_at({address}); }
  Result<std::unique_ptr<api::Server>> take(int descriptor) {
    return api::Server::listen(host.loop, {{}, std::nullopt, {}, {descriptor}}, host.router);
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
  const auto server = api::Server::listen(guarded.loop, {{"192.0.2.1:0"}, std::nullopt, {}}, guarded.router);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().message,
            "--web.listen-address 192.0.2.1:0: Cannot assign requested address; choose an address of this machine and "
            "a port this user may take");
}

TEST_F(Listening, SeveralAddressesAreServedAlike) {
  const auto server = listen_at({"127.0.0.1:0", "127.0.0.2:0", "[::1]:0"});
  ASSERT_TRUE(server) << server.error().message;
  const auto addresses = (*server)->addresses();
  ASSERT_EQ(addresses.size(), 3U);
  EXPECT_THAT(addresses[0], testing::StartsWith("127.0.0.1:"));
  EXPECT_THAT(addresses[1], testing::StartsWith("127.0.0.2:"));
  EXPECT_THAT(addresses[2], testing::StartsWith("[::1]:"));
  EXPECT_EQ(addresses[0], fmt::format("127.0.0.1:{}", (*server)->port()));
  for (const auto& address : {addresses[0], addresses[1]}) {
    Client client(host, plain_channel(address));
    EXPECT_EQ(client.ask(get("/-/healthy")).status, 200) << address;
  }
  (*server)->stop();
  EXPECT_TRUE(host.until([&] { return (*server)->quiet(); }));
}

// None is served while another cannot be.
TEST_F(Listening, OneOfSeveralThatIsTakenIsNamedAndNoneIsServed) {
  const auto taken = fmt::format("127.0.0.1:{}", host.server->port());
  const auto server = listen_at({"127.0.0.2:0", taken});
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error().message,
              testing::StartsWith(fmt::format("--web.listen-address {}: Address already", taken)));
}

TEST_F(Listening, OneThatTheGuardItselfHasIsSaidToBe) {
  const auto first = listen("127.0.0.3:0");
  const auto address = (*first)->addresses().front();
  (*first)->stop();
  const auto server = listen_at({address, address});
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error().message,
              testing::EndsWith(fmt::format("the guard itself listens there by --web.listen-address {}: leave one of "
                                            "them out",
                                            address)));
}

TEST_F(Listening, OneOfSeveralThatTheNetworkReachesIsRefusedWithoutTokens) {
  EXPECT_THAT(listen_at({"127.0.0.1:0", "0.0.0.0:0"}).error().message,
              testing::StartsWith("--web.listen-address 0.0.0.0:0: without `tokens`"));
}

// As a service manager makes it.
class PassedSocket {
 public:
  explicit PassedSocket(in_addr_t address, int type = SOCK_STREAM) : descriptor_(::socket(AF_INET, type, 0)) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(address);
    EXPECT_EQ(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&place), sizeof place), 0);
  }
  int descriptor() const { return descriptor_; }
  void listen() const { EXPECT_EQ(::listen(descriptor_, 8), 0); }
  // One that was not taken over.
  void close() const { ::close(descriptor_); }

 private:
  int descriptor_;
};

TEST_F(Listening, APassedSocketIsServed) {
  const PassedSocket socket(INADDR_LOOPBACK);
  socket.listen();
  const auto server = take(socket.descriptor());
  ASSERT_TRUE(server) << server.error().message;
  Client client(host, plain_channel((*server)->addresses().front()));
  EXPECT_EQ(client.ask(get("/-/healthy")).status, 200);
  EXPECT_EQ(::fcntl(socket.descriptor(), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
}

TEST_F(Listening, APassedSocketThatCannotBeServedIsSaidWithWhatToDo) {
  const PassedSocket idle(INADDR_LOOPBACK);
  EXPECT_THAT(take(idle.descriptor()).error().message,
              testing::EndsWith("it does not listen; write Accept=no in its unit"));
  idle.close();
  const PassedSocket datagrams(INADDR_LOOPBACK, SOCK_DGRAM);
  EXPECT_THAT(take(datagrams.descriptor()).error().message,
              testing::EndsWith("it is no socket of TCP; write ListenStream=127.0.0.1:8929 in its unit"));
  datagrams.close();
  const PassedSocket open(INADDR_ANY);
  open.listen();
  EXPECT_THAT(take(open.descriptor()).error().message, testing::HasSubstr("without `tokens` in the configuration"));
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
