// SPDX-License-Identifier: Apache-2.0
//
// What a connection is allowed: how long, how many, how often, and in which order.
#include "tests/api/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using testing::HasSubstr;

const std::string id = "release-with-a-long-id-0001";

// Nothing ends by itself but what the test is about.
api::Limits patient() {
  return {.head_time = hours(1),
          .stall_time = hours(1),
          .request_time = hours(1),
          .write_time = hours(1),
          .idle_time = hours(1)};
}

Host::Setup with(const std::function<void(api::Limits&)>& change) {
  Host::Setup setup{patient(), {}, {}};
  change(setup.limits);
  return setup;
}

TEST(Connections, ARequestFollowsAnotherOnOneConnection) {
  Host host;
  Client client(host);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.ask(get("/-/healthy")).status, 200);
  EXPECT_EQ(client.ask(Request{"GET", "/-/healthy", {{"Connection", "close"}}, "", ""}.bytes()).status, 200);
  EXPECT_TRUE(client.is_closed());
}

TEST(Connections, ManyRequestsSentAtOnceAreAnsweredInOrder) {
  Host host;
  Client client(host);
  std::string bytes;
  for (int i = 0; i < 50; ++i)
    bytes += get("/-/healthy") + post("/api/v1/releases/r1/signal", R"({"name":"e2e","status":"failed"})") + get("/no");
  client.send(bytes);
  EXPECT_EQ(client.receive().status, 200);
  EXPECT_EQ(client.receive().status, 200);
  EXPECT_EQ(client.receive().status, 404);
  EXPECT_TRUE(client.is_closed()) << "after a refusal nothing is taken from the connection";
  EXPECT_EQ(host.guard.posts.size(), 1U);
}

TEST(Connections, HeadIsAnsweredWithTheLengthAndWithoutTheBody) {
  Host host;
  Client client(host);
  client.send("HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto answer = client.receive(true);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("content-length"), "5");
  EXPECT_EQ(client.ask(get("/-/healthy")).status, 200) << "the connection goes on right after the head";
}

TEST(Connections, WhoHasSentItsRequestMayStopSending) {
  Host host;
  host.guard.hold = true;
  Client client(host);
  client.send(post("/api/v1/releases/r1/pause", R"({"reason":"x"})"));
  client.end_sending();
  host.settle();
  host.guard.answer();
  EXPECT_EQ(client.receive().status, 200);
  EXPECT_TRUE(client.is_closed());
}

TEST(Connections, HalfARequestIsNone) {
  Host host;
  for (const std::string half :
       {"GET /-/hea", "POST /-/reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab"}) {
    Client client(host);
    client.send(half);
    client.end_sending();
    EXPECT_EQ(client.receive_all(), "") << half;
  }
}

TEST(Connections, HttpOfVersion1_0IsAnsweredAndClosed) {
  Host host;
  Client client(host);
  EXPECT_EQ(client.ask("GET /-/healthy HTTP/1.0\r\n\r\n").status, 200);
  EXPECT_TRUE(client.is_closed());
}

TEST(Connections, WhoWaitsFor100IsToldToGoOn) {
  Host host;
  Client client(host);
  Request request{"POST", "/api/v1/releases/r1/pause", {{"Expect", "100-continue"}}, R"({"reason":"x"})", ""};
  const auto bytes = request.bytes();
  const auto body = bytes.size() - request.body.size();
  EXPECT_EQ(client.ask(bytes.substr(0, body)).status, 100);
  EXPECT_TRUE(host.guard.orders.empty());
  EXPECT_EQ(client.ask(bytes.substr(body)).status, 200);
}

TEST(Connections, WhoWaitsFor100WithATooLongBodyIsRefusedAtOnce) {
  Host host;
  Client client(host);
  EXPECT_EQ(client
                .ask("POST /api/v1/releases HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                     "Expect: 100-continue\r\nContent-Length: 5000000\r\n\r\n")
                .status,
            413);
}

TEST(Connections, ASlowHeadEndsWith408) {
  Host host(with([](auto& limits) { limits.head_time = milliseconds(30); }));
  Client client(host);
  const auto answer = client.ask("GET /-/healthy HTTP/1.1\r\nHo");
  EXPECT_EQ(answer.status, 408);
  EXPECT_EQ(answer.error(), "the request was not sent in time");
  EXPECT_TRUE(client.is_closed());
}

TEST(Connections, ABodyThatStallsEndsWith408) {
  Host host(with([](auto& limits) { limits.stall_time = milliseconds(30); }));
  Client client(host);
  const auto bytes = post("/api/v1/releases/r1/pause", R"({"reason":"x"})");
  EXPECT_EQ(client.ask(bytes.substr(0, bytes.size() - 5)).status, 408);
  EXPECT_TRUE(host.guard.orders.empty());
}

// Each byte comes within the time for a stall.
TEST(Connections, Fault31ABodyThatDripsEndsWith408) {
  Host host(with([](auto& limits) { limits.request_time = milliseconds(50); }));
  Client client(host);
  client.send(
      "POST /api/v1/releases/r1/pause HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Content-Length: 100000\r\n\r\n");
  ASSERT_TRUE(host.until([&] {
    client.send(" ");
    return client.has_more();
  }));
  EXPECT_EQ(client.receive().status, 408);
}

TEST(Connections, AConnectionWithoutARequestIsClosedInTime) {
  Host host(with([](auto& limits) { limits.head_time = milliseconds(30); }));
  Client client(host);
  EXPECT_TRUE(client.is_closed());
  EXPECT_TRUE(host.until([&] { return host.server->quiet(); }));
}

TEST(Connections, AnIdleConnectionIsClosedInTime) {
  Host host(with([](auto& limits) { limits.idle_time = milliseconds(30); }));
  Client client(host);
  EXPECT_EQ(client.ask(get("/-/healthy")).status, 200);
  EXPECT_TRUE(client.is_closed());
}

// Neither answers that nobody takes nor heads that never end keep others waiting.
TEST(Connections, Fault31WhoMisbehavesHoldsUpNobodyElse) {
  Host host;
  host.guard.hold = true;
  std::vector<std::unique_ptr<Client>> bad;
  for (const auto& bytes : std::vector<std::string>{
           "", "G", "GET / HTTP/1.1\r\n", "nonsense\r\n\r\n",
           std::string("POST /api/v1/alertmanager HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                       "Content-Length: 9\r\n\r\n"),
           get("/api/v1/releases/" + id), std::string(100000, 'x')})
    for (int i = 0; i < 5; ++i) {
      bad.push_back(std::make_unique<Client>(host));
      bad.back()->send(bytes);
    }
  Client client(host);
  client.send(get("/-/healthy"));
  host.settle();
  EXPECT_TRUE(client.has_more()) << "the answer is there without waiting for any of the others";
  EXPECT_EQ(client.receive().status, 200);
}

TEST(Connections, IdleOnesGiveWayToNewOnes) {
  Host host(with([](auto& limits) { limits.connections = 2; }));
  Client first(host);
  Client second(host);
  EXPECT_EQ(first.ask(get("/-/healthy")).status, 200);
  EXPECT_EQ(second.ask(get("/-/healthy")).status, 200);
  Client third(host);
  EXPECT_EQ(third.ask(get("/-/healthy")).status, 200);
  EXPECT_TRUE(first.is_closed()) << "it has been idle longest";
  EXPECT_EQ(second.ask(get("/-/healthy")).status, 200);
}

TEST(Connections, OneTooManyIsTold503WhenNoneIsIdle) {
  Host host(with([](auto& limits) { limits.connections = 2; }));
  host.guard.hold = true;
  Client first(host);
  Client second(host);
  first.send(get("/api/v1/releases/" + id));
  second.send(get("/api/v1/releases/" + id));
  Client third(host);
  const auto answer = third.receive();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.error(), "too many connections; try again later");
  EXPECT_EQ(answer.headers.at("retry-after"), "5");
  host.guard.answer();
  EXPECT_EQ(first.receive().status, 200);
  EXPECT_EQ(second.receive().status, 200);
}

TEST(Connections, Fault31DrippingHeadsKeepNobodyOut) {
  Host host(with([](auto& limits) { limits.connections = 3; }));
  std::vector<std::unique_ptr<Client>> dripping;
  for (int i = 0; i < 3; ++i) {
    dripping.push_back(std::make_unique<Client>(host));
    dripping.back()->send("POST /api/v1/alertmanager HT");
    host.settle();
  }
  Client webhook(host);
  EXPECT_EQ(webhook.ask(get("/-/healthy")).status, 200);
  EXPECT_TRUE(dripping.front()->is_closed()) << "it has been dripping longest";
}

TEST(Connections, Fault31DrippingBodiesKeepNobodyOut) {
  Host host(with([](auto& limits) { limits.connections = 2; }));
  Client first(host);
  Client second(host);
  for (auto* client : {&first, &second}) {
    client->send("POST /-/reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab");
    host.settle();
  }
  Client third(host);
  EXPECT_EQ(third.ask(get("/-/healthy")).status, 200);
  EXPECT_TRUE(first.is_closed());
}

TEST(Connections, AStrangerThatTakesNoAnswerKeepsNobodyOut) {
  Host host(with([](auto& limits) { limits.connections = 1; }));
  host.guard.condition.problems = {std::string(30U << 20U, 'x')};
  Client stranger(host);
  stranger.send(get("/-/ready"));
  host.settle();
  Client next(host);
  EXPECT_EQ(next.ask(get("/-/healthy")).status, 200);
}

TEST(Connections, WhoWasRefusedAndStaysKeepsNobodyOut) {
  Host host(with([](auto& limits) { limits.connections = 1; }));
  Client refused(host);
  EXPECT_EQ(refused.ask("GET /no HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n").status, 404);
  Client next(host);
  EXPECT_EQ(next.ask(get("/-/healthy")).status, 200);
}

TEST(Connections, AreAQuarterOfWhatTheProcessMayOpen) {
  EXPECT_EQ(api::connections_for(100), 25U);
  EXPECT_EQ(api::connections_for(1024), 256U);
  EXPECT_EQ(api::connections_for(1U << 20U), 256U);
}

// Telling costs a descriptor each, so not all are told; whoever is not is dropped.
TEST(Connections, AFloodHoldsNothingUp) {
  Host host(with([](auto& limits) { limits.connections = 1; }));
  host.guard.hold = true;
  Client first(host);
  first.send(get("/api/v1/releases/" + id));
  std::vector<std::unique_ptr<Client>> flood;
  for (int i = 0; i < 200; ++i) flood.push_back(std::make_unique<Client>(host));
  int told = 0;
  for (auto& client : flood) told += client->receive().status == 503 ? 1 : 0;
  EXPECT_GT(told, 0);
  host.guard.answer();
  EXPECT_EQ(first.receive().status, 200);
}

TEST(Connections, AnAnswerThatDoesNotComeIsReplacedBy503) {
  Host host(with([](auto& limits) { limits.request_time = milliseconds(30); }));
  host.guard.hold = true;
  Client client(host);
  const auto answer = client.ask(post("/api/v1/releases/r1/rollback", ""));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.error(),
            "the guard has no answer yet; whether it did what was asked is open: look at the release, then ask again");
  EXPECT_TRUE(client.is_closed());
}

TEST(Connections, ALateAnswerReachesNobody) {
  Host host(with([](auto& limits) { limits.request_time = milliseconds(30); }));
  host.guard.hold = true;
  Client client(host);
  EXPECT_EQ(client.ask(post("/api/v1/releases/r1/rollback", "")).status, 503);
  host.guard.answer();
  EXPECT_TRUE(client.is_closed());
  EXPECT_FALSE(client.has_more());
}

TEST(Connections, ASecondAnswerToOneRequestReachesNobody) {
  Host host;
  host.guard.hold = true;
  Client client(host);
  client.send(get("/api/v1/releases/" + id));
  ASSERT_EQ(host.guard.timelines.size(), 1U);
  host.guard.answer_twice();
  EXPECT_EQ(client.receive().status, 200);
  EXPECT_EQ(client.ask(get("/-/healthy")).body, "Release Guard is healthy.\n");
  EXPECT_FALSE(client.has_more());
}

TEST(Connections, AClientThatLeavesWhileTheGuardWorksDisturbsNothing) {
  Host host;
  host.guard.hold = true;
  Client client(host);
  client.send(post("/api/v1/releases/r1/rollback", ""));
  ASSERT_EQ(host.guard.orders.size(), 1U);
  client.leave();
  host.settle();
  host.guard.answer();
  EXPECT_TRUE(host.until([&] { return host.server->quiet(); }));
  EXPECT_EQ(Client(host).ask(get("/-/healthy")).status, 200);
}

TEST(Connections, AClientThatTakesNoAnswerIsDroppedInTime) {
  Host host(with([](auto& limits) { limits.write_time = milliseconds(50); }));
  host.guard.view->reason = std::string(30U << 20U, 'x');
  Client client(host);
  client.send(get("/api/v1/releases/" + id));
  EXPECT_TRUE(host.until([&] { return host.server->quiet(); }));
}

}  // namespace
}  // namespace guard::test
