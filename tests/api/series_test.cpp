// SPDX-License-Identifier: Apache-2.0
#include "tests/api/harness.hpp"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using config::Role;

class Series : public testing::Test {
 protected:
  Answer ask(const std::string& target, const std::string& name = "reader") {
    return Client(host).ask(get(target, name));
  }

  Host host{{{}, {token("reader", Role::read), token("alertmanager", Role::alerts)}, {}}};
};

TEST_F(Series, AreColumnsWithNullWhereNothingIsKnown) {
  story::SeriesView view;
  view.release = "r1";
  view.slo = "error_rate";
  view.objective = "< 1%";
  view.unit = model::Unit::ratio;
  view.step = std::chrono::milliseconds(1500);
  view.points = {{0.5, 0.01, std::nullopt}, {std::nullopt, 0.01, 0.25}};
  host.guard.chart = view;
  const auto answer = ask("/api/v1/releases/r1/series?slo=error_rate");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"release":"r1","slo":"error_rate","objective":"< 1%","comparison":"<","unit":"ratio",)"
                         R"("from":null,"step_seconds":1.5E0,"values":[5E-1,null],"bounds":[1E-2,1E-2],)"
                         R"("baselines":[null,2.5E-1],"problem":""})"
                         "\n");
  ASSERT_EQ(host.guard.drawn.size(), 1U);
  EXPECT_EQ(host.guard.drawn[0].release, "r1");
  EXPECT_EQ(host.guard.drawn[0].slo, "error_rate");
}

TEST_F(Series, TakeTheNameOfAnObjectiveAndNothingElse) {
  EXPECT_EQ(ask("/api/v1/releases/r1/series").error(), "name the objective to draw: ?slo=…");
  EXPECT_EQ(ask("/api/v1/releases/r1/series?slo=a&query=up").error(), "unknown query parameter \"query\"");
  EXPECT_TRUE(host.guard.drawn.empty());
}

TEST_F(Series, NeedRoleRead) {
  EXPECT_EQ(ask("/api/v1/releases/r1/series?slo=a", "").status, 401);
  EXPECT_EQ(ask("/api/v1/releases/r1/series?slo=a", "alertmanager").status, 403);
}

TEST_F(Series, TellWhyThereAreNone) {
  host.guard.chart = fail(ErrorCode::unavailable, "no Prometheus is configured, so there is nothing to draw");
  const auto answer = ask("/api/v1/releases/r1/series?slo=a");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.error(), "no Prometheus is configured, so there is nothing to draw");
}

}  // namespace
}  // namespace guard::test
