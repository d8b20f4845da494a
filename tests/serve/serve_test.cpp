// SPDX-License-Identifier: Apache-2.0
//
// The whole program with all its threads, short: a release that is rolled back, a restart, requests from many clients.
// `./dev sanitize` runs it with the program under the same sanitizer, whose complaint would end it.
#include "tests/serve/served_guard.hpp"

#include <future>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string announcement(const std::string& id) {
  return R"({"service":"shop","environment":"production","version":"v2","previous_version":"v1","id":")" + id + "\"}";
}

class Serve : public testing::Test {
 protected:
  bool stands_in(const std::string& id, const std::string& phase) {
    return ServedGuard::eventually([&] {
      return guard_.ask("GET", "/api/v1/releases/" + id).find("\"phase\":\"" + phase + "\"") != std::string::npos;
    });
  }
  void end() {
    EXPECT_EQ(guard_.stop(), 0) << guard_.log();
    EXPECT_THAT(guard_.log(), Not(HasSubstr("Sanitizer")));
  }

  ServedGuard guard_;
};

TEST_F(Serve, AReleaseIsRolledBackAndKnownAfterARestart) {
  ASSERT_TRUE(guard_.start()) << guard_.log();
  EXPECT_THAT(guard_.ask("POST", "/api/v1/releases", announcement("r1")), HasSubstr("\"id\":\"r1\""));
  EXPECT_THAT(guard_.ask("GET", "/metrics"), HasSubstr("release_guard_store_trouble 0"));
  EXPECT_THAT(guard_.ask("POST", "/api/v1/releases/r1/signal", R"({"name":"e2e","status":"failed"})"),
              HasSubstr("\"id\":\"r1\""));
  EXPECT_TRUE(ServedGuard::eventually([this] { return guard_.calls() == 1; })) << guard_.log();
  EXPECT_TRUE(stands_in("r1", "verifying") || stands_in("r1", "rolled_back"));
  EXPECT_THAT(guard_.ask("POST", "/-/reload"), HasSubstr("reloaded: 1 rule groups"));
  end();
  ASSERT_TRUE(guard_.start()) << guard_.log();
  EXPECT_THAT(guard_.ask("GET", "/api/v1/releases/r1"), HasSubstr("\"id\":\"r1\""));
  end();
  EXPECT_EQ(guard_.calls(), 1);
}

TEST_F(Serve, ManyClientsAtOnceAreAnswered) {
  ASSERT_TRUE(guard_.start()) << guard_.log();
  std::vector<std::future<std::string>> answers;
  for (int client = 0; client < 8; ++client)
    answers.push_back(std::async(std::launch::async, [this, client] {
      std::string last;
      for (int i = 0; i < 5; ++i) {
        last = guard_.ask("POST", "/api/v1/releases", announcement("r" + std::to_string(client)));
        last += guard_.ask("GET", "/metrics").substr(0, 6);
      }
      return last;
    }));
  for (auto& answer : answers) EXPECT_THAT(answer.get(), testing::EndsWith("# HELP"));
  end();
}

}  // namespace
}  // namespace guard::test
