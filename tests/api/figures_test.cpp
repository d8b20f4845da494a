// SPDX-License-Identifier: Apache-2.0
#include "guard/base/duration.hpp"
#include "guard/base/json.hpp"
#include "tests/api/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

story::DeliveryView delivery() {
  story::DeliveryView out;
  out.from = *parse_time("2026-01-01T12:00:00Z");
  out.to = *parse_time("2026-01-31T13:00:00Z");
  out.all.deployments = 3;
  return out;
}

TEST(FiguresApi, CountsOver30DaysUnlessItIsToldOtherwise) {
  Host host;
  Client client(host);
  host.guard.delivery = delivery();
  const auto answer = client.ask(get("/api/v1/figures"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(parse_json(answer.body)->at("all").at("deployments"), 3);
  EXPECT_EQ(host.guard.figured.at(0).since, 30 * 24h);
  EXPECT_EQ(client.ask(get("/api/v1/figures?since=12h&service=shop&environment=production")).status, 200);
  EXPECT_EQ(host.guard.figured.at(1).since, 12h);
  EXPECT_EQ(host.guard.figured.at(1).places.service, "shop");
  EXPECT_EQ(host.guard.figured.at(1).places.environment, "production");
}

TEST(FiguresApi, KnowsItsParameters) {
  Host host;
  Client client(host);
  for (const auto* query : {"since=soon", "since=0s", "since=367d", "sicne=1h"})
    EXPECT_EQ(client.ask(get("/api/v1/figures?" + std::string(query))).status, 400) << query;
  EXPECT_THAT(client.ask(get("/api/v1/report?since=soon")).error(), HasSubstr("since must be a duration up to 366d"));
  EXPECT_THAT(client.ask(get("/api/v1/report?format=pdf")).error(), HasSubstr("text, md, html or json"));
  EXPECT_EQ(client.ask(get("/api/v1/report?format=md&since=1h&servcie=x")).status, 400);
}

class ReportApi : public testing::Test {
 protected:
  ReportApi() {
    host.guard.delivery = delivery();
    host.guard.chart = some_series();
  }
  Answer report(const std::string& query) { return client.ask(get("/api/v1/report" + query)); }

  Host host;
  Client client{host};
};

TEST_F(ReportApi, IsWrittenInEachFormat) {
  EXPECT_THAT(report("").body, HasSubstr("# Releases in 30d1h"));
  EXPECT_EQ(report("?format=md").headers.at("content-type"), "text/markdown; charset=utf-8");
  EXPECT_EQ(report("?format=text").headers.at("content-type"), "text/plain; charset=utf-8");
  const auto page = report("?format=html");
  EXPECT_EQ(page.headers.at("content-type"), "text/html; charset=utf-8");
  EXPECT_THAT(page.headers.at("content-security-policy"), HasSubstr("default-src 'none'"));
  EXPECT_EQ(parse_json(report("?format=json").body)->at("releases").as_array().size(), 3U);
}

TEST_F(ReportApi, HasTimelineFiguresAndFailureOfEachRelease) {
  host.guard.delivery.failures = {{"release-with-a-long-id-0001",
                                   "shop",
                                   "production",
                                   "v2",
                                   delivery().to,
                                   delivery().to + 90s,
                                   delivery().to + 10min,
                                   {}}};
  const auto text = report("?format=text").body;
  EXPECT_THAT(text, AllOf(HasSubstr("shop v2 in production"), HasSubstr("1m30s after it went live"),
                          HasSubstr("by its rollback"), HasSubstr("30% at")));
  EXPECT_EQ(host.guard.timelines.size(), 3U);
  EXPECT_EQ(host.guard.drawn.size(), 3U) << "of the one rule of each that has numbers";
}

TEST_F(ReportApi, LeavesOutWhatEndedBefore) {
  host.guard.view->final = true;
  host.guard.delivery.from = delivery().to + 24h;
  host.guard.delivery.to = delivery().to + 48h;
  EXPECT_THAT(report("?format=text").body, HasSubstr("No release in this time."));
}

TEST_F(ReportApi, IsWrittenWhateverBecomesOfPrometheus) {
  host.guard.chart = fail(ErrorCode::unavailable, "Prometheus does not answer");
  EXPECT_THAT(report("?format=md").body, HasSubstr("Prometheus does not answer"));
}

}  // namespace
}  // namespace guard::test
