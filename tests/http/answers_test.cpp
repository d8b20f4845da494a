// SPDX-License-Identifier: Apache-2.0
//
// Any whole answer is a Response, of whatever status and shape.
#include "tests/http/client_of.hpp"

namespace guard::http {
namespace {

Response response_to(std::string text) {
  const RawServer server([&](Peer& peer) {
    peer.read_request();
    peer.write(text);
  });
  const auto response = client_of(server).send(get());
  EXPECT_TRUE(response) << text << ": " << response.error().message;
  return response ? *response : Response{};
}

TEST(Answers, EveryStatusIsAResponseWithItsBody) {
  for (const int status : {200, 201, 202, 400, 401, 403, 404, 409, 418, 422, 429, 499, 500, 502, 503, 599}) {
    const auto response = response_to("HTTP/1.1 " + std::to_string(status) + " Words\r\nContent-Length: 4\r\n\r\nbody");
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(response.body, "body") << status;
  }
}

TEST(Answers, AnAnswerMayHaveNoBody) {
  EXPECT_EQ(response_to("HTTP/1.1 204 No Content\r\n\r\n").status, 204);
  EXPECT_EQ(response_to("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").body, "");
}

TEST(Answers, HeadersAreFoundByTheirNameInLowerCase) {
  const auto response =
      response_to("HTTP/1.1 202 Accepted\r\nLOCATION: /op/7\r\nrEtry-After: 3\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(response.header("location"), "/op/7");
  EXPECT_EQ(response.header("retry-after"), "3");
  EXPECT_EQ(response.header("etag"), std::nullopt);
}

TEST(Answers, ChunksAreJoined) {
  EXPECT_EQ(
      response_to("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\n\r\n").body,
      "abcde");
}

TEST(Answers, ABodyWithoutALengthEndsWithTheConnection) {
  EXPECT_EQ(response_to("HTTP/1.0 200 OK\r\n\r\nall of it").body, "all of it");
}

TEST(Answers, ACompressedBodyIsLeftAsItIs) {
  const std::string packed("\x1f\x8b\x08\x00garbage", 11);
  EXPECT_EQ(response_to(answer(packed, "Content-Encoding: gzip\r\n")).body, packed);
}

TEST(Answers, AnInterimAnswerIsNotTheAnswer) {
  EXPECT_EQ(response_to("HTTP/1.1 100 Continue\r\n\r\n" + answer("final")).body, "final");
}

}  // namespace
}  // namespace guard::http
