// SPDX-License-Identifier: Apache-2.0
#include "guard/web/page.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/json.hpp"
#include "tests/api/harness.hpp"

#include <re2/re2.h>
#include <string_view>
#include <vector>

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
  for (const auto& file : web::files()) {
    if (file.path == "/") continue;
    EXPECT_TRUE(RE2::FullMatch(std::string(file.path), R"(/assets/[a-z_]+-[0-9a-f]{16}\.(js|css))")) << file.path;
    EXPECT_THAT(ask(get(std::string(file.path))).headers.at("cache-control"), HasSubstr("immutable")) << file.path;
  }
  EXPECT_EQ(ask(get("/assets/app-0000000000000000.js")).status, 404);
}

// What the first page names is loaded at once; the rest when it is asked for, by a name that stands in its script.
TEST_F(Page, LoadsAtOnceOnlyWhatItShowsFirst) {
  if (web::files().size() == 1) GTEST_SKIP() << "a guard that was built without its page";
  const auto html = ask(get("/")).body;
  std::string first_script;
  std::vector<std::string> later;
  for (const auto& file : web::files()) {
    if (file.path == "/") continue;
    const bool at_once = html.find("\"" + std::string(file.path.substr(1)) + "\"") != std::string::npos;
    const bool is_script = file.path.ends_with(".js");
    EXPECT_TRUE(at_once || is_script) << file.path << ": a proxy may put it under a path";
    if (at_once && is_script) first_script = file.body;
    if (!at_once) later.push_back("./" + std::string(file.path.substr(std::string_view("/assets/").size())));
  }
  EXPECT_EQ(later.size(), 7U) << "what is asked before an order, what is in force, the look before a release, figures "
                                 "of releases, what is asked "
                                 "after one, the editor, and trials of objectives";
  for (const auto& name : later) EXPECT_THAT(first_script, HasSubstr("import(\"" + name + "\")"));
  EXPECT_THAT(first_script, Not(HasSubstr("cm-content"))) << "the editor is no part of it";
}

TEST_F(Page, IsSmallBeforeAnythingIsOpened) {
  const auto html = ask(get("/")).body;
  auto size = html.size();
  for (const auto& file : web::files())
    if (html.find(std::string(file.path.substr(1)) + "\"") != std::string::npos && file.path != "/")
      size += file.body.size();
  EXPECT_LT(size, 122'000U) << "bytes, uncompressed";
}

TEST_F(Page, AVisitorIsToldNameRoleAndTheGuardsTime) {
  for (const auto& [name, role] : {std::pair{"reader", "read"}, {"oncall", "operate"}}) {
    const auto answer = ask(get("/api/v1/whoami", name));
    ASSERT_EQ(answer.status, 200);
    const auto visitor = parse_json(answer.body)->as_object();
    EXPECT_EQ(visitor.at("name").as_string(), name);
    EXPECT_EQ(visitor.at("role").as_string(), role);
    EXPECT_FALSE(visitor.at("signed_in").as_bool());
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
