// SPDX-License-Identifier: Apache-2.0
#include "guard/web/page.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/json.hpp"
#include "tests/api/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using config::Role;
using testing::HasSubstr;
using testing::Not;

class Page : public testing::Test {
 protected:
  Answer ask(const std::string& bytes) { return Client(host).ask(bytes); }

  Host host{
      {{}, {token("reader", Role::read), token("alertmanager", Role::alerts), token("oncall", Role::operate)}, {}}};
};

TEST_F(Page, IsServedWithoutATokenAndIsNeverKept) {
  const auto answer = ask(get("/"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
}

TEST_F(Page, MayRunAndLoadOnlyWhatIsItsOwn) {
  for (const auto& file : web::files()) {
    const auto answer = ask(get(std::string(file.path)));
    EXPECT_THAT(answer.headers.at("content-security-policy"),
                HasSubstr("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' "
                          "data:; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"));
    EXPECT_EQ(answer.headers.at("x-content-type-options"), "nosniff") << file.path;
    EXPECT_EQ(answer.body, file.body) << file.path;
  }
}

// The policy would stop it; here it is told at build time.
TEST_F(Page, HoldsNoScriptOrStyleOfItsOwn) {
  const auto html = ask(get("/")).body;
  EXPECT_THAT(html, Not(HasSubstr("<style")));
  EXPECT_THAT(html, Not(HasSubstr("style=")));
  EXPECT_THAT(html, Not(HasSubstr("onclick")));
  EXPECT_THAT(html, Not(HasSubstr("<script>")));
}

TEST_F(Page, NamesFilesByTheirContentSoThatTheyMayBeKeptForEver) {
  const auto html = ask(get("/")).body;
  for (const auto& file : web::files()) {
    if (file.path == "/") continue;
    EXPECT_THAT(html, HasSubstr("\"" + std::string(file.path.substr(1)))) << "a proxy may put it under a path";
    EXPECT_THAT(ask(get(std::string(file.path))).headers.at("cache-control"), HasSubstr("immutable")) << file.path;
  }
  EXPECT_EQ(ask(get("/assets/app-0000000000000000.js")).status, 404);
}

TEST_F(Page, AVisitorIsToldNameRoleAndTheGuardsTime) {
  for (const auto& [name, role] : {std::pair{"reader", "read"}, {"oncall", "operate"}}) {
    const auto answer = ask(get("/api/v1/whoami", name));
    ASSERT_EQ(answer.status, 200);
    const auto visitor = parse_json(answer.body)->as_object();
    EXPECT_EQ(visitor.at("name").as_string(), name);
    EXPECT_EQ(visitor.at("role").as_string(), role);
    EXPECT_EQ(visitor.at("now").as_string(), format_time(host.clock.now().wall));
  }
  EXPECT_EQ(ask(get("/api/v1/whoami")).status, 401);
  EXPECT_EQ(ask(get("/api/v1/whoami", "alertmanager")).status, 403);
}

TEST_F(Page, WithoutTokensAnyoneOnThisMachineMayGiveOrders) {
  Host open;
  const auto visitor = parse_json(Client(open).ask(get("/api/v1/whoami")).body)->as_object();
  EXPECT_EQ(visitor.at("role").as_string(), "operate");
}

TEST_F(Page, AReleaseNamesWhatMayBeOrdered) {
  host.guard.view->verbs = {model::Verb::pause, model::Verb::abort};
  const auto body = parse_json(ask(get("/api/v1/releases/" + host.guard.view->spec.id, "reader")).body);
  EXPECT_EQ(json::serialize(body->at("verbs")), R"(["pause","abort"])");
}

}  // namespace
}  // namespace guard::test
