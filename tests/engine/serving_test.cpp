// SPDX-License-Identifier: Apache-2.0
//
// A group that says what shows that a version serves: what the guard does until then, and over its own restarts.
#include "guard/notify/own_alerts.hpp"
#include "tests/engine/watching.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::SizeIs;

class Serving : public Engine {
 protected:
  Serving() {
    auto& group = world.groups[0];
    group.serves = *promql::TextTemplate::parse(R"(app_info{version="{{ version }}"})", promql::TemplateKind::promql);
    group.serves_within = 10s;
    world.restart();
  }
  void serves(const std::string& version) { world.metrics->now[expr_of(version)] = one(1); }
  void vanishes(const std::string& version) { world.metrics->now.erase(expr_of(version)); }
  std::vector<std::string> alerts() {
    std::vector<std::string> out;
    for (const auto& alert : notify::own_alerts(world.guard->current(notify::announced_for), world.guard->health(), {},
                                                world.clock.now().wall))
      out.push_back(alert.labels.at("alertname"));
    return out;
  }

 private:
  static std::string expr_of(const std::string& version) { return "app_info{version=\"" + version + "\"}"; }
};

TEST_F(Serving, NothingIsHeldAgainstAReleaseBeforeItServesAndThatOutlivesTheGuard) {
  fail_service();
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(8s);
  EXPECT_EQ(world.phase("r1"), Phase::settling);
  world.restart();
  world.run(1s);
  EXPECT_FALSE(world.view("r1").settle_end);
  serves("v2");
  world.run(1s);
  const auto since = world.view("r1").serves_since;
  ASSERT_TRUE(since);
  world.restart();
  vanishes("v2");  // once seen, the rules tell how it is
  EXPECT_EQ(world.view("r1").serves_since, since);
  world.run(4s);
  EXPECT_EQ(world.phase("r1"), Phase::settling);
  EXPECT_THAT(world.hook->calls, SizeIs(0));
  world.run(4s);
  EXPECT_THAT(world.hook->calls, SizeIs(1));
}

TEST_F(Serving, APersonIsToldAndTheReleaseEndsUnverified) {
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(9s);
  EXPECT_EQ(world.view("r1").needs_person, std::nullopt);
  EXPECT_EQ(world.view("r1").next.at(0).what,
            "readings begin to count once the version serves: version v2 was not seen to serve: the query returned no "
            "series");
  world.run(1s);
  EXPECT_EQ(
      world.view("r1").needs_person,
      "version v2 was not seen to serve: the query returned no series, 10s after it went live; until it is, nothing "
      "is judged");
  EXPECT_THAT(alerts(), Contains("ReleaseGuardCannotJudge"));
  world.run(51s);
  EXPECT_EQ(world.phase("r1"), Phase::unverified);
  EXPECT_THAT(world.view("r1").reason, HasSubstr("version v2 was not seen to serve"));
}

TEST_F(Serving, AfterARollbackNothingHoldsAgainBeforeThePreviousVersionServes) {
  serves("v2");
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(7s);
  ASSERT_EQ(world.phase("r1"), Phase::watching);
  fail_service();
  world.run(4s);
  ASSERT_EQ(world.phase("r1"), Phase::verifying);
  heal_service();
  world.run(5s);
  world.restart();
  world.run(5s);
  EXPECT_FALSE(world.view("r1").held_again_at);
  EXPECT_THAT(world.view("r1").needs_person, testing::Optional(HasSubstr("10s after the rollback")));
  serves("v1");
  world.run(4s);
  EXPECT_TRUE(world.view("r1").held_again_at);
  EXPECT_EQ(world.view("r1").needs_person, std::nullopt);
}

}  // namespace
}  // namespace guard::test
