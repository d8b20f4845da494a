// SPDX-License-Identifier: Apache-2.0
//
// Server-sent events over real sockets: what a reader gets, and that no reader holds up or fills the guard.
#include "tests/api/harness.hpp"

#include <algorithm>
#include <array>
#include <unistd.h>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using config::Role;
using testing::HasSubstr;

// A reader that keeps what it got.
class Reader {
 public:
  explicit Reader(Host& host, const std::string& name = "reader") : host_(host), descriptor_(connect_to(host)) {
    const auto bytes = get("/api/v1/stream", name);
    EXPECT_EQ(::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
  }
  ~Reader() { ::close(descriptor_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // True once this text has come.
  bool gets(const std::string& text) {
    std::size_t looked_at = 0;
    return host_.until([&] {
      read();
      const bool found = got_.find(text, looked_at) != std::string::npos;
      looked_at = got_.size() - std::min(got_.size(), text.size());
      return found;
    });
  }
  void forget() { got_.clear(); }
  bool is_closed() {
    return host_.until([&] { return read(), ended_; });
  }
  const std::string& got() const { return got_; }

 private:
  void read() {
    std::array<char, 65536> buffer{};
    const auto size = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (size == 0 || (size < 0 && errno != EAGAIN)) ended_ = true;
    if (size > 0) got_.append(buffer.data(), static_cast<std::size_t>(size));
  }

  Host& host_;
  int descriptor_;
  std::string got_;
  bool ended_ = false;
};

class Stream : public testing::Test {
 protected:
  static Host::Setup setup() {
    Host::Setup setup;
    setup.tokens = {token("reader", Role::read), token("alertmanager", Role::alerts)};
    setup.limits.feed_rest = 0ms;
    return setup;
  }
  static Host::Setup setup(Duration write_time, Duration beat) {
    auto out = setup();
    out.limits.write_time = write_time;
    out.limits.feed_beat = beat;
    return out;
  }
};

TEST_F(Stream, TellsWhichReleasesHaveChanged) {
  Host host{setup()};
  Reader reader(host);
  ASSERT_TRUE(reader.gets(": open\n\n"));
  EXPECT_THAT(reader.got(), HasSubstr("200 OK"));
  EXPECT_THAT(reader.got(), HasSubstr("Content-Type: text/event-stream\r\n"));
  EXPECT_THAT(reader.got(), HasSubstr("Cache-Control: no-store\r\n"));
  host.router.changed({"r1"});
  EXPECT_TRUE(reader.gets("event: changed\ndata: {\"releases\":[\"r1\"],\"more\":false}\n\n"));
  host.router.changed({"r2"});
  EXPECT_TRUE(reader.gets("[\"r2\"]"));
}

TEST_F(Stream, ShowsThatItIsAliveWhenNothingChanges) {
  Host host{setup(15s, 5ms)};
  Reader reader(host);
  EXPECT_TRUE(reader.gets(": beat\n\n: beat\n\n"));
}

TEST_F(Stream, ManyChangesAtOnceAreOneEvent) {
  auto slow = setup();
  slow.limits.feed_rest = 50ms;
  Host host{slow};
  Reader reader(host);
  ASSERT_TRUE(reader.gets(": open\n\n"));
  for (int i = 0; i < 20; ++i) host.router.changed({fmt::format("r{}", i % 3)});
  ASSERT_TRUE(reader.gets("[\"r0\",\"r1\",\"r2\"]"));
  EXPECT_EQ(reader.got().find("event: changed"), reader.got().rfind("event: changed"));
}

TEST_F(Stream, NeedsRoleRead) {
  Host host{setup()};
  EXPECT_EQ(Client(host).ask(get("/api/v1/stream")).status, 401);
  EXPECT_EQ(Client(host).ask(get("/api/v1/stream", "alertmanager")).status, 403);
}

TEST_F(Stream, HeadGetsNoStream) {
  Host host{setup()};
  Client client(host);
  client.send(Request{"HEAD", "/api/v1/stream", {}, "", "reader"}.bytes());
  EXPECT_EQ(client.receive(true).headers.at("content-type"), "text/event-stream");
  EXPECT_EQ(client.ask(get("/-/healthy")).status, 200);
}

TEST_F(Stream, EndsWhenTheTokensAreReplaced) {
  Host host{setup()};
  Reader reader(host);
  ASSERT_TRUE(reader.gets(": open\n\n"));
  host.router.replace(api::Gatekeeper({{token("other", Role::read)}}));
  EXPECT_TRUE(reader.is_closed());
}

TEST_F(Stream, EndsWithTheServer) {
  Host host{setup()};
  Reader reader(host);
  ASSERT_TRUE(reader.gets(": open\n\n"));
  host.server->stop();
  EXPECT_TRUE(reader.is_closed());
  EXPECT_TRUE(host.until([&] { return host.server->quiet(); }));
}

TEST_F(Stream, AReaderThatLeavesIsForgottenAtOnce) {
  Host host{setup()};
  {
    Reader reader(host);
    ASSERT_TRUE(reader.gets(": open\n\n"));
  }
  EXPECT_TRUE(host.until([&] { return host.server->quiet(); }));
}

TEST_F(Stream, AReaderThatTakesNothingIsDroppedAndHoldsUpNobody) {
  Host host{setup(200ms, 15s)};
  Reader slow(host);
  ASSERT_TRUE(slow.gets(": open\n\n"));
  {
    Reader quick(host);
    ASSERT_TRUE(quick.gets(": open\n\n"));
    // Far more than the kernel keeps for a reader.
    for (int i = 0; i < 80; ++i) {
      std::vector<std::string> names(1, fmt::format("{}-{}", std::string(250000, 'x'), i));
      host.router.changed(names);
      ASSERT_TRUE(quick.gets(fmt::format("x-{}\"", i)));
      quick.forget();
    }
  }
  // The quick one has left; the slow one still has not, and reads no more.
  EXPECT_TRUE(host.until([&] { return host.server->quiet(); }));
}

TEST_F(Stream, ReadersLeaveRoomForPipelines) {
  Host host{setup()};
  std::vector<std::unique_ptr<Reader>> readers;
  for (int i = 0; i < 32; ++i) {
    readers.push_back(std::make_unique<Reader>(host));
    ASSERT_TRUE(readers.back()->gets(": open\n\n"));
  }
  const auto refused = Client(host).ask(get("/api/v1/stream", "reader"));
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.error(), "32 pages listen already with the token of reader; close some of them");
  EXPECT_EQ(Client(host).ask(get("/api/v1/releases", "reader")).status, 200);
}

}  // namespace
}  // namespace guard::test
