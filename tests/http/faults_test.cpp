// SPDX-License-Identifier: Apache-2.0
//
// What went wrong, told apart by one question: can the other side have acted?
#include "tests/http/client_of.hpp"

#include <fmt/format.h>

namespace guard::http {
namespace {

Error failure(const RawServer::Serve& serve, const Request& request = get()) {
  const RawServer server(serve);
  const auto response = client_of(server).send(request);
  EXPECT_FALSE(response);
  return response ? Error{} : response.error();
}

TEST(Faults, ARefusedConnectionIsUnavailableBecauseNothingWasSent) {
  const auto url = fmt::format("http://127.0.0.1:{}", closed_port());
  const auto response = Client::make(settings_for(url), machine_clock)->send(get());
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error(), (Error{ErrorCode::unavailable, url + ": cannot connect (Connection refused)"}));
}

TEST(Faults, NoMessageShowsAQuery) {
  const auto url = fmt::format("http://127.0.0.1:{}/hook", closed_port());
  const auto client = Client::make(settings_for(url + "?key=the-secret"), machine_clock);
  EXPECT_EQ(client->send(get()).error().message, url + ": cannot connect (Connection refused)");
  EXPECT_EQ(client->url(), url);
}

TEST(Faults, AHostThatDoesNotExistIsUnavailable) {
  const auto response = Client::make(settings_for("http://no-such-host.invalid"), machine_clock)->send(get());
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::unavailable);
}

TEST(Faults, AResetAfterTheRequestIsBrokenBecauseTheServerMayHaveActed) {
  const auto error = failure([](Peer& peer) {
    peer.read_request();
    peer.reset();
  });
  EXPECT_EQ(error.code, ErrorCode::broken);
  EXPECT_NE(error.message.find("the connection broke before the answer was whole"), std::string::npos) << error.message;
}

TEST(Faults, ACloseInsteadOfAnAnswerIsBroken) {
  EXPECT_EQ(failure([](Peer& peer) { peer.read_request(); }).code, ErrorCode::broken);
}

TEST(Faults, AResetWhileALongRequestIsBeingSentEndsNeitherTheProcessNorTheDoubt) {
  const auto reset_once_it_comes = [](Peer& peer) {
    char first = 0;
    peer.read_some(&first, 1);
    peer.reset();
  };
  const auto error = failure(reset_once_it_comes, post(std::string(32U << 20U, 'x')));
  EXPECT_EQ(error.code, ErrorCode::broken);
}

TEST(Faults, ABodyShorterThanItsLengthIsBroken) {
  const auto error = failure([](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
  });
  EXPECT_EQ(error.code, ErrorCode::broken);
}

TEST(Faults, AChunkedBodyWithoutItsEndIsBroken) {
  for (const std::string_view body : {"5\r\nhello\r\n", "5\r\nhel", "5\r\n", "zz\r\nhello\r\n0\r\n\r\n"}) {
    const auto error = failure([body](Peer& peer) {
      peer.read_request();
      peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      peer.write(body);
    });
    EXPECT_EQ(error.code, ErrorCode::broken) << body;
  }
}

TEST(Faults, WhatIsNoHttpIsBroken) {
  for (const std::string_view text :
       {"SSH-2.0-OpenSSH_9.2\r\n", "\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n"}) {
    const auto error = failure([text](Peer& peer) {
      peer.read_request();
      peer.write(text);
    });
    EXPECT_EQ(error.code, ErrorCode::broken) << text;
  }
}

// Bodies of the cap and one byte more, in every shape in which a body can come.
struct Shape {
  const char* name;
  std::function<std::string(const std::string& body)> message;
};

const Shape shapes[] = {
    {"content-length", [](const std::string& body) { return answer(body); }},
    {"chunked",
     [](const std::string& body) {
       return fmt::format("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{}\r\n0\r\n\r\n", body.size(),
                          body);
     }},
    {"until close", [](const std::string& body) { return "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body; }},
    {"gzip", [](const std::string& body) { return answer(body, "Content-Encoding: gzip\r\n"); }},
};

TEST(Cap, ABodyOfTheCapIsTakenAndOneByteMoreIsNot) {
  for (const auto& shape : shapes) {
    for (const std::size_t size : {std::size_t{1000}, std::size_t{1001}}) {
      const RawServer server([&](Peer& peer) {
        peer.read_request();
        peer.write(shape.message(std::string(size, 'x')));
      });
      auto request = get();
      request.max_response = 1000;
      const auto response = client_of(server).send(request);
      if (size == 1000) {
        ASSERT_TRUE(response) << shape.name << ": " << response.error().message;
        EXPECT_EQ(response->body.size(), size) << shape.name;
      } else {
        ASSERT_FALSE(response) << shape.name;
        EXPECT_EQ(response.error(),
                  (Error{ErrorCode::too_large, server.url() + ": the answer is larger than 1000 bytes"}))
            << shape.name;
      }
    }
  }
}

TEST(Cap, Fault11ABodyWithoutEndIsLeftAtTheCap) {
  const std::string block(65536, 'x');
  for (const std::string head : {"Transfer-Encoding: chunked", "Content-Length: 1000000000000", "Connection: close"}) {
    const RawServer server([&](Peer& peer) {
      peer.read_request();
      peer.write("HTTP/1.1 200 OK\r\n" + head + "\r\n\r\n");
      while (peer.write(head.starts_with("Tr") ? "10000\r\n" + block + "\r\n" : block)) {
      }
    });
    const auto response = client_of(server).send(get());
    ASSERT_FALSE(response) << head;
    EXPECT_EQ(response.error().code, ErrorCode::too_large) << head;
  }
}

// How many bytes a server could send of an answer that never ends, before the client left.
std::size_t swallowed(const std::string& head, const std::string& block) {
  std::size_t sent = 0;
  {
    const RawServer server([&](Peer& peer) {
      peer.read_request();
      peer.write(head);
      while (sent < (256U << 20U) && peer.write(block)) sent += block.size();
    });
    const auto response = client_of(server).send(get(std::chrono::seconds(5)));
    EXPECT_FALSE(response);
  }
  return sent;
}

TEST(Cap, AHeadWithoutEndCostsBoundedMemory) {
  constexpr std::size_t bound = 64U << 20U;  // what the sockets and one look of the watchdog let through, and more
  EXPECT_LT(swallowed("HTTP/1.1 200 OK\r\n", "X-More: " + std::string(4000, 'x') + "\r\n"), bound);
  EXPECT_LT(swallowed("HTTP/1.1 200 OK\r\nX-Long: ", std::string(65536, 'x')), bound);
  EXPECT_LT(swallowed("HTTP/1.1 200 ", std::string(65536, 'x')), bound);
  EXPECT_LT(swallowed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", std::string(65536, '1')), bound);
  EXPECT_LT(swallowed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "X-More: y\r\n"), bound);
}

}  // namespace
}  // namespace guard::http
