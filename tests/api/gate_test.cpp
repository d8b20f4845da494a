// SPDX-License-Identifier: Apache-2.0
#include "guard/base/json.hpp"
#include "tests/api/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using model::CheckState;
using testing::HasSubstr;

TEST(GateApi, SaysYesWhereEveryCheckPassed) {
  Host host;
  Client client(host);
  host.guard.checks = std::vector<model::Check>{{"freeze", CheckState::passed, "no freeze refuses it", ""}};
  const auto answer = client.ask(get("/api/v1/gate?service=shop&environment=production&version=v2&kind=hotfix"));
  EXPECT_EQ(answer.status, 200);
  const auto told = *parse_json(answer.body);
  EXPECT_TRUE(told.at("open").as_bool());
  EXPECT_EQ(told.at("checks").at(0),
            *parse_json(R"({"name":"freeze","state":"passed","seen":"no freeze refuses it","advice":""})"));
  const auto& asked = host.guard.gates.at(0);
  EXPECT_EQ(asked.service, "shop");
  EXPECT_EQ(asked.environment, "production");
  EXPECT_EQ(asked.version, "v2");
  EXPECT_EQ(asked.kind, model::ReleaseKind::hotfix);
}

TEST(GateApi, SaysNoWhereOneFailedOrIsUnknown) {
  for (const auto state : {CheckState::failed, CheckState::unknown}) {
    Host host;
    Client client(host);
    host.guard.checks = std::vector<model::Check>{{"freeze", CheckState::passed, "", ""}, {"alerts", state, "", ""}};
    const auto answer = client.ask(get("/api/v1/gate?service=shop&environment=production"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_FALSE(parse_json(answer.body)->at("open").as_bool());
  }
}

TEST(GateApi, NeedsAPlaceAndKnowsItsParameters) {
  Host host;
  Client client(host);
  const auto error = [&](const std::string& query) { return client.ask(get("/api/v1/gate" + query)).error(); };
  EXPECT_THAT(error(""), HasSubstr("name the place"));
  EXPECT_THAT(error("?service=shop"), HasSubstr("name the place"));
  EXPECT_THAT(error("?service=shop&environment=p&kind=fix"), HasSubstr("kind must be"));
  EXPECT_THAT(error("?service=shop&environment=p&versoin=1"), HasSubstr("version"));
  EXPECT_TRUE(host.guard.gates.empty());
}

}  // namespace
}  // namespace guard::test
