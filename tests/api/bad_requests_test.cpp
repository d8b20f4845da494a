// SPDX-License-Identifier: Apache-2.0
//
// Requests that are wrong: each gets the status that says so, over a real socket.
#include "tests/api/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using testing::HasSubstr;

const std::string to_alerts =
    "POST /api/v1/alertmanager HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

class BadRequests : public testing::Test {
 protected:
  // The answer to these bytes on a connection of their own, which must end with it (in HTTP/1.0 that goes without
  // saying).
  Answer refused(std::string_view bytes) {
    Client client(host);
    auto answer = client.ask(bytes);
    EXPECT_TRUE(answer.headers["connection"] == "close" || bytes.find("HTTP/1.0") != bytes.npos) << bytes;
    EXPECT_TRUE(client.is_closed());
    EXPECT_TRUE(host.guard.notifications.empty());
    return answer;
  }

  Host host{{{.head = 1024, .body = 10000}, {}, {}}};
};

TEST_F(BadRequests, Fault29ABodyThatSaysItIsTooLongIsNotRead) {
  const auto answer = refused(to_alerts + "Content-Length: 10001\r\n\r\n");
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.error(), "the body is longer than 10000 bytes");
  EXPECT_EQ(refused(to_alerts + "Content-Length: 18446744073709551615\r\n\r\n").status, 413);
}

TEST_F(BadRequests, ABodyInChunksIsReadNoFurtherThanTheLimit) {
  const std::string chunk = "3e8\r\n" + std::string(1000, ' ') + "\r\n";
  std::string chunks;
  for (int i = 0; i < 11; ++i) chunks += chunk;
  const auto head = to_alerts + "Transfer-Encoding: chunked\r\n\r\n";
  const auto answer = refused(head + chunks);
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.error(), "the body is longer than 10000 bytes");
  EXPECT_EQ(refused(head + "fffffffffffffff0\r\n").status, 413);
  // Ten of them are within the limit, and are read: the complaint is then about their content.
  EXPECT_EQ(Client(host).ask(head + chunks.substr(chunk.size()) + "0\r\n\r\n").status, 400);
}

TEST_F(BadRequests, WhoSendsTooMuchStillHearsWhy) {
  Client client(host);
  client.send(to_alerts + "Content-Length: 9000000\r\n\r\n");
  constexpr std::size_t much = 9'000'000;
  std::string body;
  body.resize(much, ' ');
  client.send(body);
  EXPECT_EQ(client.receive().status, 413);
}

TEST_F(BadRequests, AHeadThatIsTooLongIsToldTheLimit) {
  const auto answer = refused(Request{"GET", "/", {{"X-Long", std::string(1100, 'x')}}, "", ""}.bytes());
  EXPECT_EQ(answer.status, 431);
  EXPECT_EQ(answer.error(), "the head of the request is longer than 1024 bytes");
  EXPECT_EQ(refused("GET /" + std::string(20000, 'x')).status, 431);
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "A:\r\n";
  EXPECT_EQ(refused("GET / HTTP/1.1\r\n" + many).status, 431);
}

TEST_F(BadRequests, ACompressedBodyIsNotRead) {
  const auto answer = refused(to_alerts + "Content-Encoding: gzip\r\nContent-Length: 5000\r\n\r\n\x1f\x8b");
  EXPECT_EQ(answer.status, 415);
  EXPECT_EQ(answer.error(), "compressed bodies are not read; send it plain");
}

TEST_F(BadRequests, WhatIsNoHttpIsToldSo) {
  for (const std::string bytes :
       {"nonsense\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/3.1\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n",
        "G\x01T / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: a\x01"
        "b\r\n\r\n",
        "GET / HTTP/1.1\nHost: localhost\n\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03........"}) {
    const auto answer = refused(bytes);
    EXPECT_EQ(answer.status, 400) << bytes;
    EXPECT_EQ(answer.error(), "this is not a well-formed HTTP/1.1 request") << bytes;
  }
}

TEST_F(BadRequests, ATargetThatIsNoCleanPathIsRefused) {
  for (const std::string target : {"/%ff", "/\xff", "/%00", "/?a=%0a", "*", "ftp://localhost/"})
    EXPECT_EQ(refused("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 400) << target;
}

TEST_F(BadRequests, WhatMustStandOnceMayNotStandTwice) {
  for (const std::string twice :
       {"Host: localhost", "Authorization: Bearer a", "Content-Length: 2", "Content-Type: a"}) {
    const auto head = "POST /api/v1/alertmanager HTTP/1.1\r\nHost: localhost\r\n";
    EXPECT_EQ(refused(head + twice + "\r\n" + twice + "\r\n\r\n{}").status, 400) << twice;
  }
  EXPECT_EQ(refused("GET / HTTP/1.1\r\n\r\n").error(), "the header Host is missing");
}

// Where a proxy in front and the guard could see the end of a request in two places.
TEST_F(BadRequests, EveryFormOfRequestSmugglingIsRefused) {
  const std::string smuggled = "\r\n0\r\n\r\nGET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const std::vector<std::pair<std::string, int>> forms{
      {"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", 400},
      {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400},
      {"Content-Length: 5\r\nContent-Length: 6\r\n", 400},
      {"Content-Length: 5, 5\r\n", 400},
      {"Content-Length: +5\r\n", 400},
      {"Content-Length: -5\r\n", 400},
      {"Content-Length: 0x5\r\n", 400},
      {"Content-Length: 5 5\r\n", 400},
      {"Content-Length:\r\n", 400},
      {"Content-Length: 99999999999999999999999\r\n", 400},
      {"Transfer-Encoding: gzip, chunked\r\n", 501},
      {"Transfer-Encoding: chunked, identity\r\n", 501},
      {"Transfer-Encoding: xchunked\r\n", 501},
      {"Transfer-Encoding: \x0b"
       "chunked\r\n",
       400},
      {"Transfer-Encoding : chunked\r\n", 400},
      {"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", 400},
      {"Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n", 400}};
  for (const auto& [form, status] : forms) EXPECT_EQ(refused(to_alerts + form + smuggled).status, status) << form;
  EXPECT_EQ(refused("POST /api/v1/alertmanager HTTP/1.0\r\nTransfer-Encoding: chunked\r\n" + smuggled).status, 400);
}

TEST_F(BadRequests, ChunksThatAreNoneAreRefused) {
  const auto head = to_alerts + "Transfer-Encoding: chunked\r\n\r\n";
  for (const auto& chunks :
       std::vector<std::string>{"xyz\r\n", "-1\r\n\r\n", "5\r\nabcdefgh\r\n0\r\n\r\n", "5;" + std::string(20000, 'x')})
    EXPECT_GE(refused(head + chunks).status, 400) << chunks.substr(0, 50);
}

TEST_F(BadRequests, AWrongHostOrOriginIsForbiddenWithoutTokens) {
  EXPECT_EQ(refused("POST /-/reload HTTP/1.1\r\nHost: evil.example\r\n\r\n").status, 403);
  EXPECT_EQ(refused("POST /-/reload HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n\r\n").status, 403);
  EXPECT_EQ(refused("GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n").status, 403);
}

TEST_F(BadRequests, NothingAtAPathAndNoSuchMethodAreToldApart) {
  EXPECT_EQ(refused(get("/nothing")).status, 404);
  const auto answer = refused("DELETE /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.headers.at("allow"), "GET, HEAD");
}

}  // namespace
}  // namespace guard::test
