// SPDX-License-Identifier: Apache-2.0
//
// Freezes that people begin and end over HTTP.
#include "guard/base/duration.hpp"
#include "tests/api/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* path = "/api/v1/freezes";

class FreezesApi : public testing::Test {
 protected:
  static Host::Setup with_tokens() {
    Host::Setup setup;
    for (const auto role : {config::Role::read, config::Role::deploy, config::Role::operate})
      setup.tokens.push_back(token(std::string(to_string(role)), role));
    return setup;
  }
  Answer begin(const std::string& body) { return client.ask(post(path, body, "operate")); }

  Host host{with_tokens()};
  Client client{host};
};

TEST_F(FreezesApi, BeginsOneWithEverythingThatWasSaid) {
  const auto answer = begin(R"({"id":"f1","match":["environment=\"production\""],"until":"2030-01-01T00:00:00Z",
                               "allow":["hotfix"],"reason":"the sale"})");
  EXPECT_EQ(answer.status, 201) << answer.body;
  const auto& freeze = host.guard.begun.at(0);
  EXPECT_EQ(freeze.id, "f1");
  EXPECT_EQ(freeze.origin, model::FreezeOrigin::ordered);
  EXPECT_THAT(freeze.match, ElementsAre(*model::Matcher::parse("environment=\"production\"")));
  EXPECT_EQ(freeze.span.until, *parse_time("2030-01-01T00:00:00Z"));
  EXPECT_THAT(freeze.allow, ElementsAre(model::ReleaseKind::hotfix));
  EXPECT_EQ(freeze.reason, "the sale");
  EXPECT_EQ(freeze.actor, "operate");
}

TEST_F(FreezesApi, LetsHotfixesAndRollbacksPassUnlessItSaysOtherwise) {
  const std::string most = R"("match":["service=\"shop\""],"until":"2030-01-01T00:00:00Z","reason":"x")";
  begin("{" + most + "}");
  EXPECT_THAT(host.guard.begun.at(0).allow, ElementsAre(model::ReleaseKind::hotfix, model::ReleaseKind::rollback));
  begin("{\"allow\":[]," + most + "}");
  EXPECT_THAT(host.guard.begun.at(1).allow, ElementsAre());
}

TEST_F(FreezesApi, TheSameAgainIsOneFreeze) {
  const std::string body = R"({"id":"f1","match":["service=\"shop\""],"until":"2030-01-01T00:00:00Z","reason":"x"})";
  EXPECT_EQ(begin(body).status, 201);
  EXPECT_EQ(begin(body).status, 200);
}

TEST_F(FreezesApi, RefusesWhatWouldFreezeEverythingOrForEver) {
  EXPECT_THAT(begin(R"({"match":[],"until":"2030-01-01T00:00:00Z","reason":"x"})").error(),
              HasSubstr("match is empty"));
  EXPECT_THAT(begin(R"({"until":"2030-01-01T00:00:00Z","reason":"x"})").error(), HasSubstr("match is empty"));
  EXPECT_THAT(begin(R"({"match":["a=b"],"reason":"x"})").error(), HasSubstr("until is missing"));
  EXPECT_THAT(begin(R"({"match":["a=b"],"until":"2030-01-01T00:00:00Z"})").error(), HasSubstr("reason"));
  EXPECT_THAT(begin(R"({"match":["="],"until":"2030-01-01T00:00:00Z","reason":"x"})").error(), HasSubstr("match:"));
  EXPECT_THAT(begin(R"({"match":["a=b"],"until":"2030-01-01T00:00:00Z","reason":"x","allow":["fix"]})").error(),
              HasSubstr("allow: \"fix\" is none of feature, hotfix, rollback"));
  EXPECT_TRUE(host.guard.begun.empty());
}

TEST_F(FreezesApi, NeedsRoleOperateToBeginOrEndAndRoleReadToList) {
  for (const auto* role : {"read", "deploy"}) {
    EXPECT_EQ(Client(host).ask(post(path, "{}", role)).status, 403);
    EXPECT_EQ(Client(host).ask(post("/api/v1/freezes/f1/end", "{}", role)).status, 403);
  }
  EXPECT_EQ(client.ask(get(path, "read")).status, 200);
}

TEST_F(FreezesApi, EndsOneByItsIdWithAReason) {
  host.guard.frozen = {{}};
  EXPECT_EQ(client.ask(post("/api/v1/freezes/f1/end", R"({"reason":"it is sold out"})", "operate")).status, 200);
  EXPECT_EQ(host.guard.ended.at(0).id, "f1");
  EXPECT_EQ(host.guard.ended.at(0).actor.name, "operate");
  EXPECT_EQ(host.guard.ended.at(0).reason, "it is sold out");
  host.guard.freeze_refusal = Error{ErrorCode::not_found, "no freeze"};
  EXPECT_EQ(client.ask(post("/api/v1/freezes/f2/end", "", "operate")).status, 404);
}

}  // namespace
}  // namespace guard::test
