// SPDX-License-Identifier: Apache-2.0
//
// `release-guard figures` and `release-guard report`: what they ask, and what they show.
#include "tests/cli/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using testing::HasSubstr;

const std::string counted =
    R"({"deployments":12,"deployments_per_week":2.8,"judged":11,"failed":2,"change_failure_rate":0.18,"unrestored":1,)"
    R"("time_to_detect_median_seconds":90,"time_to_detect_p90_seconds":120,"time_to_restore_median_seconds":600,)"
    R"("time_to_restore_p90_seconds":600})";

std::string figures_json(const std::string& places) {
  return R"({"from":"2026-01-01T12:00:00Z","to":"2026-01-31T12:00:00Z","all":)" + counted + R"(,"places":[)" + places +
         R"(],"days":[],"failures":[],"notes":["lead time is not known"]})";
}

TEST(Figures, AreShownByPlace) {
  CommandLine line;
  line.guard = answers(
      {answer(200, figures_json(R"({"service":"shop","environment":"production","figures":)" + counted + "}"))});
  EXPECT_EQ(line.run({"figures"}), 0);
  EXPECT_EQ(line.requests.at(0).path, "/api/v1/figures?since=30d");
  EXPECT_EQ(
      line.out(),
      "releases from 2026-01-01 12:00:00 UTC to 2026-01-31 12:00:00 UTC\n"
      "  SERVICE  ENVIRONMENT  DEPLOYMENTS            FAILED                                TIME TO DETECT          "
      "     TIME TO RESTORE\n"
      "  shop     production   12 in 30d, 2.8 a week  2 of 11 that were judged failed, 18%  median 1m30s, 90% "
      "within 2m  median 10m, 90% within 10m; 1 not seen restored\n"
      "note: lead time is not known\n");
}

TEST(Figures, OfSeveralPlacesHaveALineForAll) {
  CommandLine line;
  line.guard = answers({answer(200, figures_json(""))});
  EXPECT_EQ(line.run({"figures", "--since", "7d", "--service", "shop", "--environment", "a b"}), 0);
  EXPECT_EQ(line.requests.at(0).path, "/api/v1/figures?since=1w&service=shop&environment=a%20b");
  EXPECT_THAT(line.out(), HasSubstr("\n  all "));
}

TEST(Figures, PassTheGuardsJsonOn) {
  CommandLine line;
  line.guard = answers({answer(200, figures_json(""))});
  EXPECT_EQ(line.run({"figures", "--json"}), 0);
  EXPECT_EQ(line.out(), figures_json("") + "\n");
}

TEST(Figures, ExitCodesTellARefusalFromAWrongUse) {
  CommandLine refused;
  refused.guard = answers({answer(403, R"({"error":"no","code":"forbidden"})")});
  EXPECT_EQ(refused.run({"figures"}), 1);
  CommandLine wrong;
  EXPECT_EQ(wrong.run({"figures", "--since", "soon"}), 2);
  CommandLine strange;
  strange.guard = answers({answer(200, "{}")});
  EXPECT_EQ(strange.run({"figures"}), 1);
}

TEST(ReportOverTime, IsPrintedAsItCame) {
  CommandLine line;
  line.guard = answers({answer(200, "Releases in 1d\n")});
  EXPECT_EQ(line.run({"report"}), 0);
  EXPECT_EQ(line.requests.at(0).path, "/api/v1/report?since=1d&format=text");
  EXPECT_EQ(line.out(), "Releases in 1d\n");
  CommandLine more;
  more.guard = answers({answer(200, "# Releases in 2d\n")});
  EXPECT_EQ(more.run({"report", "--since", "48h", "--service", "shop", "--format", "md"}), 0);
  EXPECT_EQ(more.requests.at(0).path, "/api/v1/report?since=2d&service=shop&format=md");
}

TEST(ReportOverTime, ExitCodesTellARefusalFromAWrongUse) {
  CommandLine away;
  away.guard = answers({nobody_answers()});
  EXPECT_EQ(away.run({"report"}), 1);
  CommandLine wrong;
  EXPECT_EQ(wrong.run({"report", "--format", "pdf"}), 2);
}

}  // namespace
}  // namespace guard::test
