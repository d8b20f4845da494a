// SPDX-License-Identifier: Apache-2.0
//
// One deadline for the whole call, whatever the other side does with the time.
#include "tests/http/client_of.hpp"

namespace guard::http {
namespace {

constexpr Duration deadline{150};

// Far more than the deadline, far less than what the servers below would take.
constexpr Duration soon = std::chrono::seconds(10);

struct Timed {
  Result<Response> response;
  Duration took;
};

Timed ask(const Client& client, const Request& request) {
  const SystemClock clock;
  const auto begin = clock.now().mono;
  auto response = client.send(request);
  return {std::move(response), clock.now().mono - begin};
}

void expect_timeout(const RawServer& server, const Request& request = get(deadline)) {
  const auto timed = ask(client_of(server), request);
  ASSERT_FALSE(timed.response);
  EXPECT_EQ(timed.response.error().code, ErrorCode::timeout);
  EXPECT_EQ(timed.response.error().message, server.url() + ": no whole answer within 150ms");
  EXPECT_GE(timed.took, deadline);
  EXPECT_LT(timed.took, soon);
}

TEST(Deadline, CoversAServerThatNeverAnswers) {
  const RawServer server([](Peer& peer) {
    peer.read_request();
    peer.hang();
  });
  expect_timeout(server);
}

TEST(Deadline, CoversASilenceAfterTheHead) {
  const RawServer server([](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    peer.hang();
  });
  expect_timeout(server);
}

TEST(Deadline, CoversASilenceInTheBody) {
  const RawServer server([](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
    peer.hang();
  });
  expect_timeout(server);
}

TEST(Deadline, IsTotalAndNotForEachByteOfTheHead) {
  const RawServer server([](Peer& peer) {
    peer.read_request();
    peer.trickle(answer("late", "X-Padding: " + std::string(10'000, 'x') + "\r\n"), Duration{20});
  });
  expect_timeout(server);
}

TEST(Deadline, Fault3IsTotalAndNotForEachByteOfTheBody) {
  const RawServer server([](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n");
    peer.trickle(std::string(10'000, 'x'), Duration{20});
  });
  expect_timeout(server);
}

TEST(Deadline, ABodyThatItCutsShortIsNoAnswerThoughItNamedNoLength) {
  const RawServer server([](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"status\":");
    peer.hang();
  });
  expect_timeout(server);
}

TEST(Deadline, CoversInterimAnswersWithoutEnd) {
  const RawServer server([](Peer& peer) {
    peer.read_request();
    while (peer.write("HTTP/1.1 100 Continue\r\n\r\n")) {
    }
  });
  expect_timeout(server);
}

TEST(Deadline, CoversARequestThatIsNotRead) {
  const RawServer server([](Peer& peer) { peer.hang(); });
  expect_timeout(server, post(std::string(32U << 20U, 'x'), deadline));
}

// A server that accepts the connection, and then says nothing that TLS could go on with.
void expect_no_connection(const RawServer& server) {
  auto settings = settings_for("https://127.0.0.1:" + std::to_string(server.port()));
  const auto client = Client::make(settings, machine_clock);
  ASSERT_TRUE(client);
  const auto timed = ask(*client, get(deadline));
  ASSERT_FALSE(timed.response);
  EXPECT_EQ(timed.response.error().code, ErrorCode::unavailable) << "nothing was sent";
  EXPECT_EQ(timed.response.error().message, settings.url + ": no connection within the deadline");
  EXPECT_LT(timed.took, soon);
}

TEST(Deadline, CoversATlsHandshakeThatHangs) {
  expect_no_connection(RawServer([](Peer& peer) { peer.hang(); }));
}

TEST(Deadline, IsTotalAndNotForEachByteOfATlsHandshake) {
  // The head of a TLS record that holds 16000 bytes of a server hello.
  const std::string hello("\x16\x03\x03\x3e\x80\x02\x00\x3e\x7c", 9);
  expect_no_connection(
      RawServer([hello](Peer& peer) { peer.trickle(hello + std::string(16'000, 'x'), Duration{20}); }));
}

TEST(Deadline, LeavesAnAnswerThatComesInTimeWhole) {
  const RawServer server([](Peer& peer) {
    peer.read_request();
    peer.trickle(answer("here"), Duration{1});
  });
  const auto response = client_of(server).send(get());
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "here");
}

}  // namespace
}  // namespace guard::http
