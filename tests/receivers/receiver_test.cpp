// SPDX-License-Identifier: Apache-2.0
//
// One message over a real socket.
#include "guard/receivers/receiver.hpp"

#include "tests/http/client_of.hpp"
#include "tests/receivers/sample.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::receivers::test {
namespace {

using testing::HasSubstr;
using testing::Not;

ReceiverPtr receiver_at(const std::string& url, Duration timeout = http::plenty) {
  config::ReceiverSettings settings;
  settings.name = "incidents";
  settings.kind = config::ReceiverKind::slack;
  settings.http.url = url + "/services/T0/B0/a-secret";
  settings.http.url_is_secret = true;
  settings.timeout = timeout;
  return *make_receiver(settings, "", http::machine_clock);
}

TEST(Receiver, PostsTheMessageWithTheSameKeyForEachAttempt) {
  http::Recording recording(http::answer("ok"));
  const http::RawServer server([&](http::Peer& peer) { recording(peer); });
  const auto receiver = receiver_at(server.url());
  auto message = rolling_back();
  message.key = "0123abcd";
  EXPECT_FALSE(receiver->deliver(message));
  const auto request = recording.requests().at(0);
  EXPECT_THAT(request, HasSubstr("POST /services/T0/B0/a-secret HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(request, HasSubstr("Idempotency-Key: \"0123abcd\"\r\n"));
  EXPECT_THAT(request, HasSubstr("is being rolled back to v1"));
}

TEST(Receiver, SaysWhatItAnswered) {
  const http::RawServer server([&](http::Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 404 Not Found\r\nContent-Length: 10\r\n\r\nno_service");
  });
  EXPECT_EQ(receiver_at(server.url())->deliver(rolling_back())->words, "HTTP 404: no_service");
}

TEST(Receiver, NoFailureShowsTheSecretOfItsAddress) {
  const auto refused = receiver_at("http://127.0.0.1:" + std::to_string(http::closed_port()))->deliver(rolling_back());
  ASSERT_TRUE(refused);
  EXPECT_THAT(refused->words, HasSubstr("http://127.0.0.1:"));
  EXPECT_THAT(refused->words, Not(HasSubstr("services")));
  const http::RawServer silent([&](http::Peer& peer) { peer.hang(); });
  const auto hangs = receiver_at(silent.url(), 100ms)->deliver(rolling_back());
  ASSERT_TRUE(hangs);
  EXPECT_EQ(hangs->reason, FailureReason::deadline);
  EXPECT_TRUE(hangs->may_have_arrived);
  EXPECT_THAT(hangs->words, Not(HasSubstr("services")));
}

TEST(Receiver, ASuccessIsOneWhateverFollowsItsHead) {
  for (const std::string body : {"", "1", "never whole"}) {
    const http::RawServer server([&](http::Peer& peer) {
      peer.read_request();
      peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n" + body);
      peer.hang();
    });
    EXPECT_FALSE(receiver_at(server.url())->deliver(rolling_back()));
  }
}

TEST(Receiver, AnAnswerThatRepeatsTheAddressIsNotShown) {
  for (const std::string echo : {"Cannot POST /services/T0/B0/a-secret", "unknown: a-secret"}) {
    const http::RawServer server([&](http::Peer& peer) {
      peer.read_request();
      peer.write("HTTP/1.1 404 Not Found\r\nContent-Length: " + std::to_string(echo.size()) + "\r\n\r\n" + echo);
    });
    EXPECT_EQ(receiver_at(server.url())->deliver(rolling_back())->words, "HTTP 404") << echo;
  }
}

}  // namespace
}  // namespace guard::receivers::test
