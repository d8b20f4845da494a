// SPDX-License-Identifier: Apache-2.0
//
// What reaches a guard and what is made of its answers, over real sockets.
#include "guard/client/transport.hpp"

#include "guard/base/system_clock.hpp"
#include "tests/http/raw_server.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/folder.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::client {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using http::Peer;
using http::RawServer;
using test::FakeServer;
using testing::HasSubstr;

const SystemClock machine_clock;

class Transport : public testing::Test {
 protected:
  Result<Response> send(const std::string& server, Request request = {}) {
    connection.server = server;
    if (request.path.empty()) request.path = "/x";
    if (request.deadline == 0ms) request.deadline = 20s;
    if (request.largest_answer == 0) request.largest_answer = 1000;
    const auto send = connect(connection, machine_clock);
    return send ? (*send)(request) : std::unexpected(send.error());
  }
  Result<Response> send_briefly(const std::string& server) {
    Request request;
    request.deadline = 150ms;
    return send(server, request);
  }

  const test::Folder folder;
  Connection connection;
};

TEST_F(Transport, SendsWhatIsAskedBelowTheServersPath) {
  const FakeServer guard([](const auto&) { return test::Answered{201, "made"}; });
  Request request{"POST", "/api/v1/releases/a%2Fb?limit=1", R"({"a":1})", 0ms, 0};
  const auto response = send(guard.url() + "/guard/", request);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 201);
  EXPECT_EQ(response->body, "made");
  const auto asked = guard.asked().at(0);
  EXPECT_EQ(asked.method, "POST");
  EXPECT_EQ(asked.target, "/guard/api/v1/releases/a%2Fb?limit=1");
  EXPECT_EQ(asked.body, R"({"a":1})");
  EXPECT_EQ(asked.headers.at("Content-Type"), "application/json");
  EXPECT_EQ("http://" + asked.headers.at("Host"), guard.url());
  EXPECT_FALSE(asked.headers.contains("Authorization"));
}

TEST_F(Transport, AnyStatusIsAnAnswerAndNoRedirectIsFollowed) {
  for (const int status : {302, 404, 503}) {
    const FakeServer guard([&](const auto&) { return test::Answered{status, "no"}; });
    const auto response = send(guard.url());
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->status, status);
    EXPECT_EQ(response->body, "no");
  }
}

TEST_F(Transport, ARotatedTokenCounts) {
  const FakeServer guard([](const auto&) { return test::Answered{}; });
  connection.token_file = folder / "token";
  for (const std::string token : {"0123456789abcdef", "fedcba9876543210"}) {
    std::ofstream(*connection.token_file) << token << "\n";
    ASSERT_TRUE(send(guard.url()));
    EXPECT_EQ(guard.asked().back().headers.at("Authorization"), "Bearer " + token);
  }
  fs::remove(*connection.token_file);
  EXPECT_EQ(send(guard.url()).error().code, ErrorCode::unauthorized);
}

TEST_F(Transport, SaysWhyThereIsNoConnection) {
  const auto closed = "http://127.0.0.1:" + std::to_string(http::closed_port());
  EXPECT_EQ(send(closed).error(), (Error{ErrorCode::unavailable, "cannot connect (Connection refused)"}));
  const auto unknown = send("http://no-such-host.invalid:1");
  EXPECT_EQ(unknown.error().code, ErrorCode::unavailable);
  EXPECT_THAT(unknown.error().message, HasSubstr("cannot resolve no-such-host.invalid"));
}

TEST_F(Transport, AConnectionThatBreaksLeavesOpenWhatWasDone) {
  for (const std::string said : {"", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "SSH-2.0-OpenSSH\r\n"}) {
    const RawServer server([&](Peer& peer) {
      peer.read_request();
      peer.write(said);
    });
    EXPECT_EQ(send(server.url()).error().code, ErrorCode::broken) << said;
  }
  const RawServer resets([](Peer& peer) { peer.reset(); });
  EXPECT_EQ(send(resets.url()).error().code, ErrorCode::broken);
}

TEST_F(Transport, TheDeadlineIsOneHoweverTheAnswerDrips) {
  const auto begin = machine_clock.now().mono;
  for (const std::string said :
       {"", "HTTP/1.1 200 OK\r\nX-Long: 1234567890123456789012345678901234567890123456789012345678901234567890",
        "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n1234567890123456789012345678901234567890123456789012345678901234",
        "HTTP/1.1 200 OK\r\n\r\n1234567890123456789012345678901234567890123456789012345678901234567890"}) {
    const RawServer server([&](Peer& peer) {
      peer.read_request();
      peer.trickle(said, 20ms);
      peer.hang();
    });
    EXPECT_EQ(send_briefly(server.url()).error().code, ErrorCode::timeout) << said;
  }
  const RawServer silent_tls([](Peer& peer) { peer.hang(); });
  const auto address = silent_tls.url();
  const auto handshake = send_briefly("https" + address.substr(address.find(':')));
  EXPECT_EQ(handshake.error(), (Error{ErrorCode::unavailable, "no connection within the deadline"}));
  EXPECT_LT(machine_clock.now().mono - begin, 15s);
}

TEST_F(Transport, AnAnswerHasALargestSize) {
  const FakeServer guard([](const auto&) { return test::Answered{200, std::string(1000, 'x')}; });
  EXPECT_EQ(send(guard.url())->body.size(), 1000U);
  Request request;
  request.largest_answer = 999;
  EXPECT_EQ(send(guard.url(), request).error(), (Error{ErrorCode::too_large, "the answer is larger than 999 bytes"}));
}

class OverTls : public Transport {
 protected:
  // One request to a server with this certificate.
  Result<Response> ask(const test::Identity& identity, const std::string& host = "127.0.0.1") {
    const auto context = test::server_context(identity);
    const RawServer server(std::ref(recording), context.get());
    return send("https://" + host + ":" + std::to_string(server.port()));
  }

  http::Recording recording{http::answer("private")};
};

TEST_F(OverTls, OnlyWhomTheAuthorityVouchesForIsSpokenTo) {
  const test::Authority ours(folder / "ours");
  const test::Authority other(folder / "other");
  connection.ca_file = ours.ca_file();
  EXPECT_THAT(ask(other.issue("IP:127.0.0.1")).error().message,
              HasSubstr("the server's certificate could not be verified: "));
  EXPECT_THAT(ask(ours.issue("IP:127.0.0.2")).error().message, HasSubstr("it is not this host's"));
  EXPECT_THAT(ask(ours.issue("DNS:other"), "localhost").error().message, HasSubstr("it is not this host's"));
  connection.ca_file.reset();
  EXPECT_EQ(ask(ours.issue("IP:127.0.0.1")).error().code, ErrorCode::unavailable);
  EXPECT_TRUE(recording.requests().empty()) << "a stranger was told the request";

  connection.ca_file = ours.ca_file();
  EXPECT_EQ(ask(ours.issue("IP:127.0.0.1"))->body, "private");
  EXPECT_EQ(ask(ours.issue("DNS:localhost"), "localhost")->body, "private");
}

TEST_F(OverTls, SaysWhatIsWrongWithTheAuthorityOrTheServer) {
  connection.ca_file = folder / "ca.pem";
  std::ofstream(*connection.ca_file) << "no certificate\n";
  const test::Authority ours(folder / "ours");
  EXPECT_EQ(ask(ours.issue("IP:127.0.0.1")).error(),
            (Error{ErrorCode::invalid, "--ca-file: " + connection.ca_file->string() + " holds no certificate"}));
  const RawServer plain([](Peer& peer) { peer.write("HTTP/1.1 400 Bad Request\r\n\r\n"); });
  connection.ca_file.reset();
  const auto address = plain.url();
  EXPECT_THAT(send("https" + address.substr(address.find(':'))).error().message, HasSubstr("no TLS connection ("));
}

}  // namespace
}  // namespace guard::client
