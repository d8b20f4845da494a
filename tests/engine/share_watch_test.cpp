// SPDX-License-Identifier: Apache-2.0
//
// A watch over counters: an outage is rolled back once, and every event counts once, whatever becomes of the guard.
#include "tests/engine/watching.hpp"

#include <algorithm>

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

// A service that is scraped each second.
class Counted {
 public:
  Counted() {
    auto& group = world.groups[0];
    group.window = 10min;
    auto& rule = group.rules[0];
    rule.kind = model::RuleKind::share;
    rule.expr.reset();
    rule.share = model::Share{selector(R"(requests{status="500"})"), selector("requests")};
    world.restart();
  }

  void watch() {
    ASSERT_TRUE(world.announce(shop_release("r1")));
    pass(10s, 10, 0);
    ASSERT_EQ(world.phase("r1"), Phase::watching);
  }
  // So much time with as many requests a second, of which some fail.
  void pass(Duration time, double requests, double failed) {
    for (Duration done{0}; done < time; done += 1s) {
      scrape(world.clock.now().wall + 1s, requests, failed);
      world.run(1s);
    }
  }
  // The same, and nobody looks.
  void pass_unseen(Duration time, double requests, double failed) {
    for (Duration done{0}; done < time; done += 1s) {
      world.clock.step(1s);
      scrape(world.clock.now().wall, requests, failed);
    }
  }
  // What has not got the release, since the incident began and before.
  void neighbours(model::Events since, model::Events before) {
    auto& group = world.groups[0];
    group.rules[0].share->control = model::Control{selector(R"(requests{status="500",job!="shop"})"),
                                                   selector(R"(requests{job!="shop"})"), selector(R"(job!="shop")")};
    world.restart();
    world.metrics->answer = [since, before](const metrics::InstantQuery& query) -> std::optional<double> {
      if (!query.expr.starts_with("sum(increase(requests{")) return std::nullopt;
      const auto& events = query.expr.find("[10m]") != std::string::npos ? before : since;
      return query.expr.find("status") != std::string::npos ? events.bad : events.total;
    };
  }
  void fail_as_others_do() {
    neighbours({30, 100}, {0, 1000});
    watch();
    pass(2min, 10, 10);
    ASSERT_EQ(world.phase("r1"), Phase::awaiting_approval);
  }
  story::EvidenceView evidence() { return *world.view("r1").rules[0].evidence; }

  World world;

 private:
  static promql::TextTemplate selector(const std::string& text) {
    return *promql::TextTemplate::parse(text, promql::TemplateKind::promql);
  }
  void scrape(WallTime at, double requests, double failed) {
    good_ += requests - failed;
    bad_ += failed;
    add("requests", "200", good_, at);
    add("requests", "500", bad_, at);
    add(R"(requests{status="500"})", "500", bad_, at);
  }
  void add(const std::string& selector, const std::string& status, double value, WallTime at) {
    auto& stored = world.metrics->stored[selector];
    stored.push_back({{{"job", "shop"}, {"instance", "app-1"}, {"status", status}}, value, at});
    std::ranges::stable_sort(stored, {}, &model::Sample::labels);
  }

  double good_ = 1000;
  double bad_ = 0;
};

TEST(ShareWatch, AnOutageIsRolledBackOnceItLastsLongerThanAMinute) {
  Counted shop;
  shop.watch();
  shop.pass(60s, 10, 10);
  EXPECT_THAT(shop.world.hook->calls, SizeIs(0));
  shop.pass(10s, 10, 10);
  ASSERT_THAT(shop.world.hook->calls, SizeIs(1));
  EXPECT_THAT(shop.world.view("r1").decisions[0].reason, HasSubstr("100% against < 1%, "));
}

TEST(ShareWatch, AFailoverIsNotRolledBack) {
  Counted shop;
  shop.watch();
  shop.pass(60s, 10, 10);
  shop.pass(5min, 10, 0);
  EXPECT_THAT(shop.world.hook->calls, SizeIs(0));
}

TEST(ShareWatch, APersonIsAskedWhereOthersFailAlike) {
  Counted shop;
  shop.fail_as_others_do();
  EXPECT_THAT(shop.world.hook->calls, SizeIs(0));
  EXPECT_EQ(shop.world.phase("r1"), Phase::awaiting_approval);
  EXPECT_THAT(shop.world.view("r1").decisions.at(0).reason,
              HasSubstr("what has not got this release (job!=\"shop\") shows it alike: 30 of 100, 30%"));
}

TEST(ShareWatch, OnceTheOthersAreWellAgainTheReleaseIsRolledBackAfterAll) {
  Counted shop;
  shop.fail_as_others_do();
  shop.world.metrics->answer = [](const auto&) { return std::nullopt; };
  shop.pass(1min, 10, 10);
  EXPECT_EQ(shop.world.phase("r1"), Phase::awaiting_approval) << "a control that cannot be read frees nothing";
  shop.world.restart();
  shop.pass(1min, 10, 10);
  EXPECT_EQ(shop.world.phase("r1"), Phase::awaiting_approval) << "nor does a guard that begins anew";
  shop.world.metrics->answer = [](const metrics::InstantQuery& query) -> std::optional<double> {
    return query.expr.find("status") != std::string::npos ? 0 : 1000;
  };
  shop.pass(10s, 10, 10);
  EXPECT_THAT(shop.world.hook->calls, SizeIs(1));
}

TEST(ShareWatch, OthersThatAreWellHoldNothingBack) {
  Counted shop;
  shop.neighbours({0, 100}, {0, 1000});
  shop.watch();
  shop.pass(70s, 10, 10);
  EXPECT_THAT(shop.world.hook->calls, SizeIs(1));
}

TEST(ShareWatch, EveryEventCountsOnceHoweverOftenTheGuardIsRestarted) {
  Counted steady;
  Counted restarted;
  steady.watch();
  restarted.watch();
  for (int i = 0; i < 5; ++i) {
    for (auto* shop : {&steady, &restarted}) shop->pass(7s, 10, i == 2 ? 1 : 0);
    restarted.world.restart();
  }
  EXPECT_EQ(restarted.evidence().total, steady.evidence().total);
  EXPECT_EQ(restarted.evidence().bad, 7);
}

TEST(ShareWatch, AnOutageThatBeganWhileTheGuardWasDownIsFoundAfterwards) {
  Counted shop;
  shop.watch();
  shop.pass_unseen(90s, 10, 10);
  shop.world.restart();
  shop.pass(5s, 10, 10);
  EXPECT_THAT(shop.world.hook->calls, SizeIs(1));
}

TEST(ShareWatch, AnOutageThatCameAndWentWhileTheGuardWasDownIsSaidAndNotActedOn) {
  Counted shop;
  shop.watch();
  shop.pass_unseen(90s, 10, 10);
  shop.pass_unseen(90s, 10, 0);
  shop.world.restart();
  shop.pass(10s, 10, 0);
  EXPECT_THAT(shop.world.hook->calls, SizeIs(0));
  const auto decision = shop.world.view("r1").decisions.at(0);
  EXPECT_EQ(decision.kind, DecisionKind::hold);
  EXPECT_EQ(decision.brake, Brake::over);
}

TEST(ShareWatch, WhatFailedInAPauseWhileTheGuardWasDownIsNotHeldAgainstTheRelease) {
  Counted shop;
  shop.watch();
  ASSERT_TRUE(shop.world.order(Verb::pause, "r1"));
  shop.pass_unseen(3min, 10, 10);
  shop.world.restart();
  ASSERT_TRUE(shop.world.order(Verb::resume, "r1"));
  shop.pass(20s, 10, 0);
  EXPECT_EQ(shop.evidence().bad, 0);
  EXPECT_THAT(shop.world.view("r1").decisions, SizeIs(0));
}

TEST(ShareWatch, AnOldIncidentIsNotTheReleasesThoughTheServerWasAwayWhenItBegan) {
  Counted shop;
  shop.pass_unseen(5min, 10, 2);
  shop.world.metrics->away = true;
  ASSERT_TRUE(shop.world.announce(shop_release("r1")));
  shop.pass(20s, 10, 2);
  shop.world.metrics->away = false;
  shop.pass(2min, 10, 2);
  EXPECT_THAT(shop.world.hook->calls, SizeIs(0));
}

TEST(ShareWatch, APassSaysOnWhatItRests) {
  Counted shop;
  shop.watch();
  shop.pass(10min, 10, 0);
  EXPECT_EQ(shop.world.phase("r1"), Phase::passed);
  EXPECT_THAT(shop.world.view("r1").reason, HasSubstr("may hide behind that"));
}

}  // namespace
}  // namespace guard::test
