// SPDX-License-Identifier: Apache-2.0
#include "guard/api/passwords.hpp"

#include "tests/api/harness.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::api {
namespace {

using config::Role;
using testing::HasSubstr;

// Of "correct horse", as htpasswd, PHP and OpenBSD write it; a cost of 4 keeps the test short.
constexpr auto hash = "$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";

config::WebPassword user(const std::string& name) {
  return {name, Secret(hash)};
}

TEST(Credentials, AreAUserAndAPassword) {
  const auto shown = basic_credentials("bASIC YWRhOmNvcnJlY3Q6aG9yc2U=");
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->user, "ada");
  EXPECT_EQ(shown->password, "correct:horse") << "only the first colon divides";
  for (const auto* other : {"", "Basic", "Basic ", "Basic YWRh", "Basic !!!!", "Bearer YWRhOmNvcnJlY3Q="})
    EXPECT_FALSE(basic_credentials(other)) << other;
}

TEST(Fits, OnlyThePasswordOfTheHash) {
  for (const char variant : {'a', 'b', 'y'}) {
    std::string same = hash;
    same[2] = variant;
    EXPECT_TRUE(fits("correct horse", same)) << variant;
  }
  for (const std::string other : {"", "correct", "correct horse ", "Correct horse"}) EXPECT_FALSE(fits(other, hash));
  EXPECT_FALSE(fits(std::string("correct horse\0x", 15), hash)) << "crypt would not see the end";
  EXPECT_FALSE(fits("correct horse", "$2y$04$no")) << "what is no hash";
}

class PasswordsTest : public testing::Test {
 protected:
  using Known = Passwords::Known;

  PasswordsTest() { passwords->replace({user("ada"), user("grace")}); }

  Known after_a_look(const Credentials& shown) {
    bool called = false;
    passwords->look(shown, "192.0.2.1", [&] { called = true; });
    run();
    EXPECT_TRUE(called);
    return passwords->of(shown);
  }
  void run() {
    while (!aside.empty()) {
      auto [work, then] = std::move(aside.front());
      aside.pop_front();
      ++works;
      work();
      then();
    }
  }

  std::deque<std::pair<std::function<void()>, std::function<void()>>> aside;
  int works = 0;
  std::shared_ptr<Passwords> passwords = std::make_shared<Passwords>(
      Secret("key"), [this](auto work, auto then) { aside.emplace_back(std::move(work), std::move(then)); });
};

TEST_F(PasswordsTest, NothingIsKnownBeforeOneWasLookedAt) {
  EXPECT_EQ(passwords->of({"ada", "correct horse"}), Known::nothing);
  EXPECT_EQ(after_a_look({"ada", "correct horse"}), Known::right);
  EXPECT_EQ(passwords->of({"grace", "correct horse"}), Known::nothing) << "each user's own";
  EXPECT_EQ(after_a_look({"ada", "wrong"}), Known::wrong);
  EXPECT_EQ(passwords->of({"ada", "correct horse"}), Known::right);
}

TEST_F(PasswordsTest, WhoIsNoUserIsLookedAtAllTheSame) {
  EXPECT_EQ(after_a_look({"mallory", "correct horse"}), Known::wrong);
  EXPECT_EQ(works, 1) << "so that the time taken does not tell";
}

TEST_F(PasswordsTest, WhatIsKnownIsNotLookedAtAgain) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(after_a_look({"ada", "correct horse"}), Known::right);
    EXPECT_EQ(after_a_look({"ada", "wrong"}), Known::wrong);
  }
  EXPECT_EQ(works, 2);
}

TEST_F(PasswordsTest, ManyWhoShowTheSameWaitForOneLook) {
  int called = 0;
  for (int i = 0; i < 5; ++i) passwords->look({"ada", "correct horse"}, "192.0.2.1", [&] { ++called; });
  EXPECT_EQ(called, 0);
  run();
  EXPECT_EQ(called, 5);
  EXPECT_EQ(works, 1);
}

TEST_F(PasswordsTest, AFloodOfGuessesIsNotWaitedForAndForgetsNobody) {
  EXPECT_EQ(after_a_look({"ada", "correct horse"}), Known::right);
  int turned_away = 0;
  for (int i = 0; i < 1000; ++i) {
    const Credentials guess{"ada", std::to_string(i)};
    const auto peer = "192.0.2." + std::to_string(i % 250);
    passwords->look(guess, peer, [&, guess] { turned_away += passwords->of(guess) == Known::nothing ? 1 : 0; });
  }
  EXPECT_EQ(aside.size(), 16U);
  EXPECT_EQ(turned_away, 1000 - 16);
  EXPECT_EQ(passwords->of({"ada", "correct horse"}), Known::right);
  run();
  EXPECT_EQ(after_a_look({"grace", "correct horse"}), Known::right);
}

TEST_F(PasswordsTest, WhoGuessesManyLeavesRoomForOthers) {
  for (int i = 0; i < 1000; ++i) passwords->look({"ada", std::to_string(i)}, "192.0.2.1", [] {});
  EXPECT_EQ(aside.size(), 4U);
  passwords->look({"grace", "correct horse"}, "192.0.2.2", [] {});
  run();
  EXPECT_EQ(passwords->of({"grace", "correct horse"}), Known::right);
}

TEST_F(PasswordsTest, AReloadForgetsThoseWhoseHashHasChanged) {
  EXPECT_EQ(after_a_look({"ada", "correct horse"}), Known::right);
  EXPECT_EQ(after_a_look({"grace", "correct horse"}), Known::right);
  // Of "battery staple".
  passwords->replace({user("ada"), {"grace", Secret("$2b$04$abcdefghijklmnopqrstuuMTQ8jKyoeyFGhQ0aVvG1uYpBPKgBDcm")}});
  EXPECT_EQ(passwords->of({"ada", "correct horse"}), Known::right);
  EXPECT_EQ(passwords->of({"grace", "correct horse"}), Known::nothing);
  passwords->replace({user("grace")});
  EXPECT_EQ(passwords->of({"ada", "correct horse"}), Known::nothing);
}

class PasswordRoutes : public testing::Test {
 protected:
  static std::string with(const std::string& method, const std::string& target, const std::string& credentials,
                          std::vector<std::pair<std::string, std::string>> headers = {}) {
    headers.emplace_back("Authorization", "Basic " + credentials);
    return test::Request{method, target, headers, "", ""}.bytes();
  }

  // ada may operate, grace is not named.
  test::Host host{{{},
                   {test::token("pipeline", Role::deploy)},
                   {},
                   "127.0.0.1:0",
                   "",
                   {user("ada"), user("grace")},
                   {{"ada", Role::operate}}}};
  const std::string ada = "YWRhOmNvcnJlY3QgaG9yc2U=";        // ada:correct horse
  const std::string grace = "Z3JhY2U6Y29ycmVjdCBob3JzZQ==";  // grace:correct horse
  const std::string guess = "YWRhOmd1ZXNz";                  // ada:guess
};

TEST_F(PasswordRoutes, AUserHasTheRoleThatTheConfigurationGivesElseRead) {
  EXPECT_THAT(test::Client(host).ask(with("GET", "/api/v1/whoami", ada)).body,
              HasSubstr(R"("name":"ada","role":"operate")"));
  EXPECT_THAT(test::Client(host).ask(with("GET", "/api/v1/whoami", grace)).body,
              HasSubstr(R"("name":"grace","role":"read")"));
  EXPECT_EQ(test::Client(host).ask(with("POST", "/-/reload", ada)).status, 200);
  EXPECT_EQ(test::Client(host).ask(with("POST", "/-/reload", grace)).status, 403);
  EXPECT_EQ(test::Client(host).ask(test::get("/api/v1/whoami", "pipeline")).status, 200) << "beside tokens";
}

TEST_F(PasswordRoutes, AWrongPasswordIsAskedForAgain) {
  const auto refused = test::Client(host).ask(with("GET", "/metrics", guess));
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.headers.at("www-authenticate"), R"(Basic realm="Release Guard", charset="UTF-8")");
  EXPECT_EQ(test::Client(host).ask(test::get("/metrics")).headers.at("www-authenticate"),
            R"(Basic realm="Release Guard", charset="UTF-8")");
  const auto page = test::Client(host).ask(test::Request{"GET", "/metrics", {{"Sign-In", "page"}}, "", ""}.bytes());
  EXPECT_EQ(page.headers.at("www-authenticate"), "Bearer") << "the browser is not to ask over the page";
  EXPECT_EQ(page.headers.at("sign-in"), "password");
  EXPECT_EQ(test::Client(host).ask(test::get("/metrics", "guess")).headers.at("www-authenticate"), "Bearer")
      << "who shows a token wants to be told of tokens";
}

TEST_F(PasswordRoutes, GuessesAreSlowedDownAndAKnownPasswordIsNot) {
  EXPECT_EQ(test::Client(host).ask(with("GET", "/metrics", ada)).status, 200);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(test::Client(host).ask(with("GET", "/metrics", guess)).status, 401);
  EXPECT_EQ(test::Client(host).ask(with("GET", "/metrics", guess)).status, 429);
  EXPECT_EQ(test::Client(host).ask(with("GET", "/metrics", ada)).status, 200);
}

TEST_F(PasswordRoutes, WhoShowsNothingIsToldHowToEachTime) {
  for (int i = 0; i < 100; ++i) test::Client(host).ask(test::get("/metrics"));
  const auto asked = test::Client(host).ask(test::get("/api/v1/sign_in"));
  EXPECT_EQ(asked.status, 401);
  EXPECT_EQ(asked.headers.at("www-authenticate"), R"(Basic realm="Release Guard", charset="UTF-8")");
  EXPECT_EQ(test::Client(host).ask(with("GET", "/metrics", guess)).status, 401) << "and used up nobody's guesses";
}

// A browser shows the password by itself, whatever page has it ask.
TEST_F(PasswordRoutes, APageOfAnotherSiteOrdersNothing) {
  const std::vector<std::pair<std::string, std::string>> strange{{"Sec-Fetch-Site", "cross-site"}};
  const std::vector<std::pair<std::string, std::string>> old{{"Origin", "https://evil.example"}};
  const std::vector<std::pair<std::string, std::string>> own{{"Sec-Fetch-Site", "same-origin"}};
  EXPECT_EQ(test::Client(host).ask(with("POST", "/-/reload", ada, strange)).status, 403);
  EXPECT_EQ(test::Client(host).ask(with("POST", "/-/reload", ada, old)).status, 403);
  EXPECT_EQ(test::Client(host).ask(with("POST", "/-/reload", ada, own)).status, 200);
}

TEST_F(PasswordRoutes, WhoSignsInWithAPasswordIsSentBackToThePage) {
  EXPECT_EQ(test::Client(host).ask(test::get("/api/v1/sign_in")).headers.at("www-authenticate"),
            R"(Basic realm="Release Guard", charset="UTF-8")");
  const auto back = test::Client(host).ask(with("GET", "/api/v1/sign_in", grace));
  EXPECT_EQ(back.status, 302);
  EXPECT_EQ(back.headers.at("location"), "../../");
}

TEST_F(PasswordRoutes, TheLoopGoesOnWhileAPasswordIsLookedAt) {
  host.hold_aside = true;
  test::Client waiting(host);
  waiting.send(with("GET", "/api/v1/whoami", ada));
  EXPECT_FALSE(waiting.has_more());
  EXPECT_EQ(test::Client(host).ask(test::get("/metrics", "pipeline")).status, 200);
  ASSERT_EQ(host.aside.size(), 1U);
  host.aside.front()();
  EXPECT_EQ(waiting.receive().status, 200);
}

TEST_F(PasswordRoutes, NoPasswordIsLookedAtWhereItDoesNotMatterWhoAsks) {
  host.hold_aside = true;
  EXPECT_EQ(test::Client(host).ask(with("GET", "/-/healthy", ada)).status, 200);
  EXPECT_EQ(test::Client(host).ask(with("GET", "/nothing", ada)).status, 404);
  EXPECT_EQ(test::Client(host).ask(with("PUT", "/metrics", ada)).status, 405);
  EXPECT_EQ(host.aside.size(), 0U);
}

TEST_F(PasswordRoutes, WhoHasGoneWhileTheirPasswordIsLookedAtIsForgotten) {
  host.hold_aside = true;
  test::Client waiting(host);
  waiting.send(with("POST", "/-/reload", ada));
  waiting.leave();
  host.aside.front()();
  EXPECT_TRUE(host.until([&] { return host.server->quiet(); }));
}

TEST_F(PasswordRoutes, WithoutTokensAUserIsAskedForAllTheSame) {
  test::Host other{{{}, {}, {}, "0.0.0.0:0", "", {user("ada")}, {}}};
  EXPECT_EQ(test::Client(other).ask(test::get("/metrics")).status, 401);
  EXPECT_EQ(test::Client(other).ask(with("GET", "/metrics", ada)).status, 200);
  EXPECT_EQ(test::Client(other).ask(test::get("/-/healthy")).status, 200);
}

}  // namespace
}  // namespace guard::api
