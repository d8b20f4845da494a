// SPDX-License-Identifier: Apache-2.0
//
// Connections are kept for the next question, and never at the price of an answer or of a second effect.
#include "tests/http/client_of.hpp"

#include <latch>

namespace guard::http {
namespace {

TEST(KeepAlive, OneConnectionServesManyQuestions) {
  Recording recording(answer("ok"));
  const RawServer server(std::ref(recording));
  const auto client = client_of(server);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(client.send(get()));
  EXPECT_EQ(server.connections(), 1);
  EXPECT_EQ(recording.requests().size(), 5U);
}

TEST(KeepAlive, ACallThatActsGetsAConnectionOfItsOwn) {
  Recording recording(answer("ok"));
  const RawServer server(std::ref(recording));
  const auto client = client_of(server);
  auto acting = post("roll back");
  acting.fresh_connection = true;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(client.send(acting));
  EXPECT_EQ(server.connections(), 3);
}

TEST(KeepAlive, AConnectionThatTheServerClosesIsNotKept) {
  const RawServer server([](Peer& peer) {
    peer.read_request();
    peer.write(answer("ok", "Connection: close\r\n"));
  });
  const auto client = client_of(server);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(client.send(get()));
  EXPECT_EQ(server.connections(), 3);
}

// Answers one question of each connection and ends it at the next, as a server whose patience ran out meanwhile.
RawServer::Serve one_answer_each(std::atomic<int>& asked) {
  return [&asked](Peer& peer) {
    ++asked;
    peer.read_request();
    peer.write(answer("ok"));
    if (peer.read_request().empty()) return;
    ++asked;
    peer.reset();
  };
}

TEST(KeepAlive, AQuestionOnAConnectionThatHasGoneStaleIsAskedAgain) {
  std::atomic<int> asked = 0;
  const RawServer server(one_answer_each(asked));
  const auto client = client_of(server);
  for (int i = 0; i < 4; ++i) {
    const auto response = client.send(get());
    ASSERT_TRUE(response) << response.error().message;
  }
  EXPECT_GT(asked, 4) << "the stale connection was never met";
}

TEST(KeepAlive, ACallThatActsIsNeverSentTwice) {
  std::atomic<int> asked = 0;
  const RawServer server([&asked](Peer& peer) {
    ++asked;
    peer.read_request();
    peer.reset();
  });
  auto acting = post("roll back");
  acting.fresh_connection = true;
  EXPECT_EQ(client_of(server).send(acting).error().code, ErrorCode::broken);
  EXPECT_EQ(asked, 1);
}

TEST(KeepAlive, AServerThatBreaksEveryTimeIsAskedTwiceAtMost) {
  std::atomic<int> asked = 0;
  const RawServer server([&asked](Peer& peer) {
    while (!peer.read_request().empty())
      if (++asked == 1)
        peer.write(answer("ok"));
      else
        return peer.reset();
  });
  const auto client = client_of(server);
  ASSERT_TRUE(client.send(get()));
  EXPECT_EQ(client.send(get()).error().code, ErrorCode::broken);
  EXPECT_EQ(asked, 3);
}

TEST(KeepAlive, ALateAnswerIsNeverTakenForTheNextQuestions) {
  std::latch gone(1);
  const RawServer server([&gone](Peer& peer) {
    const auto request = peer.read_request();
    if (request.starts_with("POST")) {
      peer.write("HTTP/1.1 200 OK\r\n");
      gone.wait();
      peer.write("Content-Length: 4\r\n\r\nlate");
    } else {
      peer.write(answer("mine"));
    }
  });
  const auto client = client_of(server);
  EXPECT_EQ(client.send(post("x", Duration{50})).error().code, ErrorCode::timeout);
  gone.count_down();
  const auto next = client.send(get());
  ASSERT_TRUE(next) << next.error().message;
  EXPECT_EQ(next->body, "mine");
}

TEST(KeepAlive, ManyThreadsShareOneClientAndEachGetsItsOwnAnswer) {
  const RawServer server([](Peer& peer) {
    for (auto request = peer.read_request(); !request.empty(); request = peer.read_request())
      peer.write(answer(request.substr(request.find("\r\n\r\n") + 4)));
  });
  const auto client = client_of(server);
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, i] {
      for (int j = 0; j < 25; ++j) {
        const auto mine = std::to_string(i) + "/" + std::to_string(j);
        const auto response = client.send(post(mine));
        if (response && response->body == mine) ++right;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(right, 200);
  EXPECT_LE(server.connections(), 200);
}

}  // namespace
}  // namespace guard::http
