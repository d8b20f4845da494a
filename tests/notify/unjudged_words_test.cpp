// SPDX-License-Identifier: Apache-2.0
//
// What the guard says of a release that it cannot judge.
#include "tests/notify/own_alerts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(OwnAlerts, ARuleThatIsNotReadIsToldOf) {
  auto blind = release(Phase::watching);
  auto& rule = blind.rules[0];
  EXPECT_THAT(alerts_of({blind}), IsEmpty());
  rule.unread_since = noon - 1min;
  rule.read_at = noon - 15s;
  rule.reading_reason = model::Reason::query_failed;
  auto alerts = alerts_of({blind});
  ASSERT_THAT(names(alerts), ElementsAre("ReleaseGuardCannotJudge warning"));
  EXPECT_EQ(alerts[0].starts_at, noon - 1min);
  EXPECT_EQ(alerts[0].annotations.at("why"),
            "not read since 2026-01-31 11:59:00 UTC: error_rate: the question could not be answered");
  EXPECT_EQ(alerts, notify::own_alerts({blind}, {}, {}, noon + 15s))
      << "the time that passes is no change of what is told";
  rule.read_at.reset();
  alerts = alerts_of({blind});
  EXPECT_EQ(alerts[0].annotations.at("why"), "not read since 2026-01-31 11:59:00 UTC: error_rate: never asked yet");
  blind.phase = Phase::verifying;
  EXPECT_THAT(names(alerts_of({blind})), ElementsAre("ReleaseGuardCannotJudge warning"));
}

TEST(OwnAlerts, ARuleThatSeesTooLittleIsToldOf) {
  auto quiet = release(Phase::watching);
  quiet.rules[0].falls_short = "error_rate sees too few events";
  const auto alerts = alerts_of({quiet});
  ASSERT_THAT(names(alerts), ElementsAre("ReleaseGuardCannotJudge warning"));
  EXPECT_EQ(alerts[0].annotations.at("why"), "error_rate sees too few events");
  quiet.paused = true;
  EXPECT_THAT(alerts_of({quiet}), IsEmpty());
}

TEST(OwnAlerts, AReleaseThatNeverGoesLiveIsSaid) {
  auto stuck = release(Phase::deploying);
  EXPECT_THAT(alerts_of({stuck}), IsEmpty());
  stuck.needs_person = "announced at 10:00 and still not live";
  const auto alerts = alerts_of({stuck});
  ASSERT_THAT(names(alerts), ElementsAre("ReleaseGuardCannotJudge warning"));
  EXPECT_EQ(alerts[0].annotations.at("summary"), "shop v2 in production was announced and never went live.");
}

}  // namespace
}  // namespace guard::engine
