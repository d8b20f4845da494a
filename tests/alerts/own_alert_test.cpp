// SPDX-License-Identifier: Apache-2.0
#include "guard/alerts/own_alert.hpp"

#include "guard/base/json.hpp"

#include <gtest/gtest.h>

namespace guard::alerts {
namespace {

using namespace std::chrono_literals;

constexpr WallTime noon{std::chrono::sys_days{std::chrono::year{2026} / 1 / 31} + 12h};

OwnAlert failed_rollback() {
  return {{{"alertname", "ReleaseGuardRollbackFailed"}, own_mark, {"service", "shop"}},
          {{"summary", "The rollback failed \"here\"."}},
          noon,
          "https://guard.example.org/#/releases/r1"};
}

TEST(OwnAlert, IsKnownByItsMarkAlone) {
  EXPECT_TRUE(is_own(failed_rollback().labels));
  EXPECT_FALSE(is_own({{"alertname", "ReleaseGuardRollbackFailed"}}));
  EXPECT_TRUE(is_own({{"alertname", proof_name}, {proof_label, "id1"}}));
  EXPECT_EQ(proof_of({{"alertname", "Down"}, {proof_label, "id1"}}), "");
  EXPECT_FALSE(is_own({{"alertname", "HighErrorRate"}, {"source", "prometheus"}}));
}

TEST(OwnAlert, IsPushedAsAlertmanagersApiHasIt) {
  const auto body = parse_json(push_body({{failed_rollback(), noon + 4min}}));
  ASSERT_TRUE(body);
  EXPECT_EQ(*body, *parse_json(R"([{
    "labels": {"alertname": "ReleaseGuardRollbackFailed", "service": "shop", "source": "release-guard"},
    "annotations": {"summary": "The rollback failed \"here\"."},
    "startsAt": "2026-01-31T12:00:00.000Z",
    "endsAt": "2026-01-31T12:04:00.000Z",
    "generatorURL": "https://guard.example.org/#/releases/r1"}])"));
}

TEST(OwnAlert, NothingToSayIsAnEmptyList) {
  EXPECT_EQ(push_body({}), "[]");
}

TEST(OwnAlert, WithoutALinkHasNone) {
  auto alert = failed_rollback();
  alert.generator_url.clear();
  EXPECT_EQ(push_body({{alert, noon + 4min}}).find("generatorURL"), std::string::npos);
}

TEST(OwnAlert, NeverEndsBeforeItStartsWhateverTheClockDid) {
  const auto body = push_body({{failed_rollback(), noon - 1min}});
  EXPECT_NE(body.find(R"("startsAt":"2026-01-31T11:59:00.000Z","endsAt":"2026-01-31T11:59:00.000Z")"),
            std::string::npos);
}

}  // namespace
}  // namespace guard::alerts
