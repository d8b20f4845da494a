// SPDX-License-Identifier: Apache-2.0
#include "guard/base/json.hpp"
#include "tests/cli/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using testing::HasSubstr;

constexpr auto sale =
    R"({"id":"f1","origin":"ordered","from":"2026-01-31T11:00:00Z","until":"2026-01-31T15:00:00Z","begun":true,)"
    R"("match":["environment=\"production\""],"allow":["hotfix","rollback"],"reason":"the sale","actor":"kim"})";

TEST(Freeze, BeginsOneOfAPlaceForSoLong) {
  CommandLine line;
  line.guard = answers({answer(201, sale)});
  EXPECT_EQ(line.run({"freeze", "start", "--service", "shop", "--environment", "production", "--match", "team=~\"a|b\"",
                      "--for", "3h", "--reason", "the sale"}),
            0);
  EXPECT_EQ(line.requests.at(0).path, "/api/v1/freezes");
  EXPECT_EQ(parse_json(line.requests[0].body),
            parse_json(R"({"id":"made-up-1","match":["team=~\"a|b\"","service=\"shop\"","environment=\"production\""],
                           "until":"2026-01-31T15:00:00.000Z","reason":"the sale"})"));
  EXPECT_EQ(line.out(), "f1\n");
  EXPECT_EQ(line.err(),
            "releases are frozen until 2026-01-31 15:00:00 UTC: the sale; of releases with "
            "environment=\"production\" but hotfix, rollback\n");
}

TEST(Freeze, BeginsOneUntilAMomentThatOnlySomeKindsPass) {
  CommandLine line;
  line.guard = answers({answer(201, sale)});
  EXPECT_EQ(line.run({"freeze", "start", "--environment", "production", "--until", "2026-12-27T00:00:00Z", "--allow",
                      "rollback", "--reason", "x"}),
            0);
  const auto body = *parse_json(line.requests.at(0).body);
  EXPECT_EQ(body.at("until"), "2026-12-27T00:00:00.000Z");
  EXPECT_EQ(json::serialize(body.at("allow")), R"(["rollback"])");
}

TEST(Freeze, TriesAgainWithOneIdWhileTheGuardIsAway) {
  CommandLine line;
  line.guard = answers({nobody_answers(), fail(ErrorCode::timeout, "deadline"), answer(200, sale)});
  EXPECT_EQ(line.run({"freeze", "start", "--service", "shop", "--for", "1h", "--reason", "x"}), 0);
  ASSERT_EQ(line.requests.size(), 3U);
  EXPECT_EQ(parse_json(line.requests[0].body)->at("id"), parse_json(line.requests[2].body)->at("id"));
}

TEST(Freeze, NeedsToKnowOfWhatUntilWhenAndWhy) {
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"--for", "1h", "--reason", "x"},
           {"--service", "shop", "--reason", "x"},
           {"--service", "shop", "--for", "1h"},
           {"--service", "shop", "--for", "1h", "--until", "2026-12-27T00:00:00Z", "--reason", "x"},
           {"--service", "shop", "--for", "1h", "--reason", "x", "--allow", "fix"}}) {
    CommandLine line;
    std::vector<std::string> whole{"freeze", "start"};
    whole.insert(whole.end(), words.begin(), words.end());
    EXPECT_EQ(line.run(whole), 2) << line.err();
    EXPECT_TRUE(line.requests.empty());
  }
}

TEST(Freeze, EndsOne) {
  CommandLine line;
  line.guard = answers({answer(200, sale)});
  EXPECT_EQ(line.run({"freeze", "end", "a/b", "--reason", "sold out"}), 0);
  EXPECT_EQ(line.requests.at(0).path, "/api/v1/freezes/a%2Fb/end");
  EXPECT_EQ(line.requests[0].body, R"({"reason":"sold out"})");
  EXPECT_THAT(line.err(), HasSubstr("the freeze ended at 2026-01-31 15:00:00 UTC: the sale"));
}

TEST(Freeze, ListsWhatIsInForceAndToCome) {
  CommandLine line;
  const auto weekly =
      R"({"id":"","origin":"configured","from":"2026-02-06T15:00:00Z","until":"2026-02-09T07:00:00Z","begun":false,)"
      R"("match":["service=\"shop\""],"allow":[],"reason":"the weekend","actor":""})";
  line.guard = answers({answer(200, R"({"freezes":[)" + std::string(sale) + "," + weekly + "]}")});
  EXPECT_EQ(line.run({"freeze", "list"}), 0);
  EXPECT_EQ(
      line.out(),
      "FROM                     UNTIL                    OF                                             BY          "
      "FREEZE  WHY\n"
      "in force                 2026-01-31 15:00:00 UTC  environment=\"production\" but hotfix, rollback  kim         "
      "f1      the sale\n"
      "2026-02-06 15:00:00 UTC  2026-02-09 07:00:00 UTC  service=\"shop\"                                 configured  "
      "-       the weekend\n");
}

TEST(Freeze, SaysThatThereIsNone) {
  CommandLine line;
  line.guard = answers({answer(200, R"({"freezes":[]})")});
  EXPECT_EQ(line.run({"freeze", "list"}), 0);
  EXPECT_EQ(line.out(), "no freeze is in force or to come\n");
}

}  // namespace
}  // namespace guard::test
