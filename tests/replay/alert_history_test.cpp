// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/alert_history.hpp"

#include "tests/replay/past.hpp"

#include <gmock/gmock.h>

namespace guard::replay {
namespace {

constexpr const char* series = R"(ALERTS{alertstate="firing"})";

class AlertsOfThePast : public testing::Test {
 protected:
  AlertsOfThePast() {
    past_.worth["count(up)"] = [](WallTime) { return one(1); };
  }
  // Fires in [from, to).
  void fires(WallTime from, WallTime to) {
    past_.worth[series] = [=](WallTime at) {
      if (at < from || at >= to) return std::vector<model::Sample>{};
      return one(1, {{"__name__", "ALERTS"}, {"alertname", "Down"}, {"alertstate", "firing"}});
    };
  }

  Past past_;
  AlertHistory history_{{past_, WallTime::max(), 1s}, live - Duration(1min)};
};

TEST_F(AlertsOfThePast, AnAlertFiresSinceItBegan) {
  fires(live + Duration(1min), live + Duration(1h));
  EXPECT_EQ(history_.at(live)->firing.size(), 0U);
  for (auto at = live; at <= live + 2min; at += 15s) ASSERT_TRUE(history_.at(at));
  const auto list = history_.at(live + Duration(2min + 15s));
  ASSERT_EQ(list->firing.size(), 1U);
  EXPECT_EQ(list->firing.begin()->starts_at, live + Duration(1min));
  EXPECT_EQ(list->firing.begin()->labels, (model::Labels{{"alertname", "Down"}}));
}

TEST_F(AlertsOfThePast, WhatFiredBeforeTheSwitchIsOlder) {
  fires(live - Duration(1h), live + Duration(1h));
  EXPECT_LT(history_.at(live)->firing.begin()->starts_at, live - Duration(1min));
}

TEST_F(AlertsOfThePast, WhatFiredBeforeTheSwitchBeganWhenTheServerSaysItBecameActive) {
  fires(live - Duration(1h), live + Duration(1h));
  const auto active = [this](WallTime since) {
    past_.worth["ALERTS_FOR_STATE"] = [=](WallTime) {
      return one(static_cast<double>(since.time_since_epoch() / 1s),
                 {{"__name__", "ALERTS_FOR_STATE"}, {"alertname", "Down"}});
    };
  };
  active(live - Duration(3h));
  EXPECT_EQ(history_.at(live)->firing.begin()->starts_at, live - Duration(3h));
  active(live + Duration(1min));
  AlertHistory other{{past_, WallTime::max(), 1s}, live - Duration(1min)};
  EXPECT_LT(other.at(live)->firing.begin()->starts_at, live - Duration(1min)) << "it fired then";
}

TEST_F(AlertsOfThePast, WhatFiresAgainBeganAgain) {
  fires(live - Duration(1h), live);
  ASSERT_TRUE(history_.at(live));
  fires(live + Duration(5min), live + Duration(1h));
  EXPECT_EQ(history_.at(live + Duration(5min))->firing.begin()->starts_at, live + Duration(5min));
}

TEST_F(AlertsOfThePast, WhereItWasAwayBeforeTheSwitchNobodyKnowsWhoseAlertsTheyAre) {
  fires(live - Duration(1h), live + Duration(1h));
  past_.worth["count(up)"] = [](WallTime at) { return at < live ? std::vector<model::Sample>{} : one(1); };
  EXPECT_FALSE(history_.at(live));
}

TEST_F(AlertsOfThePast, WhereTheServerWasAwayNobodyKnows) {
  past_.worth["count(up)"] = [](WallTime) { return std::vector<model::Sample>{}; };
  const auto list = history_.at(live);
  ASSERT_FALSE(list);
  EXPECT_THAT(list.error().message, testing::HasSubstr("no samples of that time"));
}

}  // namespace
}  // namespace guard::replay
