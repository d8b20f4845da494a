// SPDX-License-Identifier: Apache-2.0
//
// Staying signed in to the page, as a browser does it.
#include "tests/api/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using config::Role;
using testing::HasSubstr;

class SignIn : public testing::Test {
 protected:
  Answer ask(const std::string& bytes) { return Client(host).ask(bytes); }
  // What the browser keeps after signing in with this token.
  std::string signed_in(const std::string& token, const std::string& path = "/") {
    const auto answer = ask(post("/api/v1/sign_in", R"({"path":")" + path + "\"}", token));
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto set = answer.headers.at("set-cookie");
    return set.substr(0, set.find(';'));
  }
  static Request to(const std::string& method, const std::string& target, const std::string& body = "") {
    return {method, target, {}, body, ""};
  }
  static std::string with_cookie(Request request, const std::string& cookie, const std::string& origin = "") {
    request.headers.emplace_back("Cookie", cookie);
    if (!origin.empty()) request.headers.emplace_back("Origin", origin);
    return request.bytes();
  }

  Host host{
      {{}, {token("reader", Role::read), token("alertmanager", Role::alerts), token("oncall", Role::operate)}, {}}};
};

TEST_F(SignIn, TheCookieStandsForTheToken) {
  const auto cookie = signed_in("oncall");
  const auto answer = ask(with_cookie(to("GET", "/api/v1/whoami"), cookie));
  ASSERT_EQ(answer.status, 200);
  const auto visitor = parse_json(answer.body)->as_object();
  EXPECT_EQ(visitor.at("name").as_string(), "oncall");
  EXPECT_EQ(visitor.at("role").as_string(), "operate");
  EXPECT_TRUE(visitor.at("signed_in").as_bool());
  host.clock.step(std::chrono::hours(12));
  EXPECT_EQ(ask(with_cookie(to("GET", "/api/v1/whoami"), cookie)).status, 401);
}

TEST_F(SignIn, AnOrderByItIsTakenFromThePageAlone) {
  const auto cookie = signed_in("oncall");
  const auto order = to("POST", "/api/v1/releases/r1/approve", "{}");
  EXPECT_EQ(ask(with_cookie(order, cookie, "https://evil.example")).status, 403);
  EXPECT_TRUE(host.guard.orders.empty());
  ask(with_cookie(order, cookie));
  ASSERT_EQ(host.guard.orders.size(), 1U);
  EXPECT_EQ(host.guard.orders[0].actor.name, "oncall");
}

TEST_F(SignIn, ItIsSentToThePagesOwnPathOnly) {
  const auto set = ask(post("/api/v1/sign_in", R"({"path":"/guard/"})", "reader")).headers.at("set-cookie");
  EXPECT_THAT(set, HasSubstr("; Path=/guard/;"));
  for (const std::string path : {"guard", "/a;b", "/a b", R"(/\u0000)", R"(/\r\nSet-Cookie: x)"})
    EXPECT_EQ(ask(post("/api/v1/sign_in", R"({"path":")" + path + "\"}", "reader")).status, 400) << path;
}

TEST_F(SignIn, SigningOutMakesTheBrowserForgetIt) {
  const auto answer = ask(with_cookie(to("POST", "/api/v1/sign_out", R"({"path":"/"})"), signed_in("reader")));
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.headers.at("set-cookie"), HasSubstr("=; Path=/; Max-Age=0"));
}

// As after the token was changed: the page must load, and the browser be able to forget it.
TEST_F(SignIn, ACookieThatIsNoLongerGoodLocksNobodyOut) {
  const auto cookie = signed_in("reader");
  host.router.replace(api::Gatekeeper({{token("another", Role::read)}, {}, std::chrono::hours(12)}));
  for (int i = 0; i < 30; ++i) ask(with_cookie(to("GET", "/api/v1/whoami"), cookie));
  EXPECT_EQ(ask(with_cookie(to("GET", "/api/v1/whoami"), cookie)).status, 429);
  EXPECT_EQ(ask(with_cookie(to("GET", "/"), cookie)).status, 200);
  EXPECT_EQ(ask(with_cookie(to("GET", "/-/healthy"), cookie)).status, 200);
  const auto out = to("POST", "/api/v1/sign_out", "{}");
  EXPECT_THAT(ask(with_cookie(out, cookie)).headers.at("set-cookie"), HasSubstr("Max-Age=0"));
}

TEST_F(SignIn, NobodySignsInWithoutAToken) {
  EXPECT_EQ(ask(post("/api/v1/sign_in", "{}")).status, 401);
  EXPECT_EQ(ask(post("/api/v1/sign_in", "{}", "alertmanager")).status, 403);
}

}  // namespace
}  // namespace guard::test
