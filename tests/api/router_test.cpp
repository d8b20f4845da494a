// SPDX-License-Identifier: Apache-2.0
#include "guard/base/json.hpp"
#include "tests/api/harness.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::api {
namespace {

using config::Role;
using testing::ElementsAre;

class Routes : public testing::Test {
 protected:
  std::expected<const Route*, Response> ask(const std::string& method, const std::string& path,
                                            const std::string& token = "") {
    request = Request{};
    request.method = method;
    request.path = path;
    request.headers = headers;
    if (!token.empty()) request.headers["authorization"] = "Bearer " + token + "-secret";
    return host.router.admit(request);
  }
  std::string refusal(const std::string& method, const std::string& path, const std::string& token = "") {
    const auto route = ask(method, path, token);
    if (route) return "";
    return fmt::format("{} {}", route.error().status,
                       std::string_view(parse_json(route.error().body)->at("error").as_string()));
  }

  test::Host host{{{},
                   {test::token("reader", Role::read), test::token("alertmanager", Role::alerts),
                    test::token("pipeline", Role::deploy), test::token("oncall", Role::operate)},
                   {}}};
  std::map<std::string, std::string> headers;
  Request request;
};

TEST_F(Routes, APathIsMatchedSegmentBySegment) {
  ASSERT_EQ((*ask("GET", "/api/v1/releases/r1/report", "reader"))->pattern, "/api/v1/releases/{id}/report");
  EXPECT_THAT(request.parameters, ElementsAre("r1"));
  EXPECT_EQ(request.actor, "reader");
  for (const std::string path : {"/api/v1/releases/", "/api/v1/releases//report", "/api/v1", "//",
                                 "/api/v1/releases/a/b/c", "/METRICS", "/metrics/", "/.."})
    EXPECT_EQ(refusal("GET", path, "oncall"),
              "404 there is nothing at this path; the page for people is at /, and the README of Release "
              "Guard leads to its HTTP API")
        << path;
}

TEST_F(Routes, AnotherMethodIsToldWhichOnesThereAre) {
  EXPECT_EQ(refusal("DELETE", "/api/v1/releases"), "405 this path does not take this method but POST, GET, HEAD");
  EXPECT_EQ(ask("GET", "/-/reload").error().headers.at("Allow"), "POST, PUT");
  EXPECT_EQ(ask("OPTIONS", "/api/v1/alertmanager").error().headers.at("Allow"), "POST");
}

TEST_F(Routes, HeadIsGet) {
  EXPECT_EQ((*ask("HEAD", "/metrics", "reader"))->method, "GET");
  EXPECT_FALSE(ask("HEAD", "/api/v1/alertmanager", "alertmanager"));
}

TEST_F(Routes, EveryRouteAsksForItsRole) {
  for (const auto& route : host.router.routes()) {
    auto path = route.pattern;
    if (const auto at = path.find("{id}"); at != std::string::npos) path.replace(at, 4, "r1");
    EXPECT_EQ(ask(route.method, path).has_value(), !route.role) << path;
    for (const auto& [role, name] : std::map<Role, std::string>{{Role::read, "reader"},
                                                                {Role::alerts, "alertmanager"},
                                                                {Role::deploy, "pipeline"},
                                                                {Role::operate, "oncall"}}) {
      host.clock.step(std::chrono::seconds(1));  // so that no flood is seen in this
      const auto admitted = ask(route.method, path, name);
      EXPECT_EQ(admitted.has_value(), !route.role || allows(role, *route.role)) << name << " " << path;
      const auto refused = route.role == Role::alerts ? 401 : 403;
      EXPECT_TRUE(admitted || admitted.error().status == refused) << name << " " << path;
    }
  }
}

TEST_F(Routes, OnlyHealthAndThePageAreOpen) {
  std::vector<std::string> open;
  for (const auto& route : host.router.routes())
    if (!route.role) open.push_back(route.method + " " + route.pattern);
  EXPECT_THAT(open, testing::UnorderedElementsAre("GET /-/healthy", "GET /-/ready", "GET /", "GET /assets/{name}",
                                                  "POST /api/v1/sign_out"));
}

TEST_F(Routes, Fault32AStrangerIsAskedForATokenAndLogged) {
  const auto refused = ask("GET", "/metrics");
  EXPECT_EQ(refused.error().status, 401);
  EXPECT_EQ(refused.error().headers.at("WWW-Authenticate"), "Bearer");
  EXPECT_THAT(host.lines, ElementsAre(testing::HasSubstr("msg=\"request refused\"")));
}

TEST_F(Routes, AFloodOfStrangersIsSlowedDownAndNotLogged) {
  for (int i = 0; i < 20; ++i) EXPECT_EQ(ask("GET", "/metrics", "guess").error().status, 401);
  const auto slowed = ask("GET", "/metrics", "guess");
  EXPECT_EQ(slowed.error().status, 429);
  EXPECT_EQ(slowed.error().headers.at("Retry-After"), "5");
  EXPECT_EQ(host.lines.size(), 20U);
  EXPECT_TRUE(ask("GET", "/metrics", "reader")) << "a known token is never slowed down";
  EXPECT_EQ(ask("POST", "/-/reload", "reader").error().status, 403);
  host.clock.step(std::chrono::seconds(1));
  EXPECT_EQ(ask("GET", "/metrics", "guess").error().status, 401);
}

// Alertmanager drops the notification on 429.
TEST_F(Routes, Fault32AFloodNeverGives429ToTheWebhookButIsSlowedDown) {
  for (int i = 0; i < 50; ++i)
    EXPECT_EQ(ask("POST", "/api/v1/alertmanager", "guess").error().status, i < 20 ? 401 : 503);
  EXPECT_EQ(host.telemetry.alerts[engine::AlertIntake::denied], 50U) << "and its alert rule can see it";
  EXPECT_TRUE(ask("POST", "/api/v1/alertmanager", "alertmanager")) << "a known token is never slowed down";
}

TEST_F(Routes, Fault32TheWebhookDoesNotTellATokenOfAnotherRoleFromNone) {
  const auto unknown = ask("POST", "/api/v1/alertmanager", "guess").error();
  EXPECT_EQ(unknown.status, 401);
  for (const auto* token : {"oncall", "reader", ""}) {
    const auto refused = ask("POST", "/api/v1/alertmanager", token).error();
    EXPECT_EQ(refused.status, unknown.status) << token;
    EXPECT_EQ(refused.body, unknown.body) << token;
    EXPECT_EQ(refused.headers, unknown.headers) << token;
  }
  EXPECT_THAT(host.lines.at(1), testing::HasSubstr("has role operate")) << "the log says what is wrong";
  for (int i = 0; i < 20; ++i) ask("POST", "/api/v1/alertmanager", "guess");
  EXPECT_EQ(ask("POST", "/api/v1/alertmanager", "oncall").error().status, 503);
}

TEST_F(Routes, CompressedBodiesAreNotRead) {
  headers["content-encoding"] = " GZIP ";
  const auto refused = ask("POST", "/api/v1/releases", "pipeline");
  EXPECT_EQ(refused.error().status, 415);
  EXPECT_EQ(refused.error().headers.at("Accept-Encoding"), "identity");
  headers["content-encoding"] = "identity";
  EXPECT_TRUE(ask("POST", "/api/v1/releases", "pipeline"));
}

TEST_F(Routes, ABodyThatIsNotJsonIsNotRead) {
  constexpr auto wanted = "415 the body must be sent as Content-Type: application/json";
  headers = {{"content-length", "2"}};
  EXPECT_EQ(refusal("POST", "/api/v1/releases", "pipeline"), wanted);
  headers = {{"transfer-encoding", "chunked"}, {"content-type", "application/x-www-form-urlencoded"}};
  EXPECT_EQ(refusal("POST", "/api/v1/releases", "pipeline"), wanted);
  headers = {{"content-length", "2"}, {"content-type", "Application/JSON; charset=utf-8"}};
  EXPECT_EQ(refusal("POST", "/api/v1/releases", "pipeline"), "");
  headers = {{"content-length", "0"}};
  EXPECT_EQ(refusal("POST", "/api/v1/releases/r1/live", "pipeline"), "");
}

// Beneath a prefix all is as without one, and only the way there is elsewhere.
class PrefixedRoutes : public testing::Test {
 protected:
  std::expected<const Route*, Response> ask(const std::string& method, const std::string& path) {
    request = Request{};
    request.method = method;
    request.path = path;
    request.headers = {{"authorization", "Bearer reader-secret"}};
    return host.router.admit(request);
  }
  std::string way(const std::string& path) {
    const auto route = ask("GET", path);
    return !route && route.error().status == 302 ? route.error().headers.at("Location") : "";
  }

  test::Host host{{{}, {test::token("reader", Role::read)}, {}, "127.0.0.1:0", "/ops/guard"}};
  Request request;
};

TEST_F(PrefixedRoutes, EveryPathIsBeneathThePrefix) {
  for (const std::string path :
       {"/", "/metrics", "/-/healthy", "/-/ready", "/api/v1/releases", "/api/v1/releases/r1"}) {
    ASSERT_TRUE(ask("GET", "/ops/guard" + path)) << path;
    EXPECT_EQ(request.path, path);
  }
  EXPECT_EQ((*ask("GET", "/ops/guard/api/v1/releases/r1/report"))->pattern, "/api/v1/releases/{id}/report");
  EXPECT_THAT(request.parameters, ElementsAre("r1"));
  for (const std::string path : {"/metrics", "/-/healthy", "/api/v1/releases", "/ops", "/ops/guardian", "/ops/guard2/",
                                 "//ops/guard/", "/ops/guard/ops/guard/metrics"})
    EXPECT_EQ(ask("GET", path).error().status, 404) << path;
  EXPECT_EQ(ask("POST", "/").error().status, 404);
  EXPECT_EQ(ask("DELETE", "/ops/guard/metrics").error().status, 405);
}

// A proxy in front may add a path of its own, so that the whole way is not known here.
TEST_F(PrefixedRoutes, TheWayToThePageIsRelative) {
  EXPECT_EQ(way("/"), "ops/guard/");
  EXPECT_EQ(way("/ops/guard"), "guard/");
  EXPECT_THAT(ask("GET", "/nowhere").error().body, testing::HasSubstr("the page for people is at /ops/guard/, and"));
}

TEST_F(Routes, OtherTokensCountFromTheReloadOn) {
  host.router.replace(Gatekeeper({{test::token("new", Role::operate)}}));
  EXPECT_EQ(ask("GET", "/metrics", "reader").error().status, 401);
  EXPECT_TRUE(ask("GET", "/metrics", "new"));
}

}  // namespace
}  // namespace guard::api
