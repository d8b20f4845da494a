// SPDX-License-Identifier: Apache-2.0
#include "guard/api/report.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/json.hpp"
#include "tests/api/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::api {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Result<ReportFormat> format_for(const std::string& format, const std::string& accept) {
  Request request;
  if (!format.empty()) request.query["format"] = format;
  request.headers["accept"] = accept;
  return report_format(request);
}

std::string body(const engine::ReleaseView& view, ReportFormat format) {
  return make_report({view, test::some_timeline(), {}}, format).body;
}

engine::ReleaseView ended() {
  auto view = test::full_view();
  view.phase = core::Phase::rolled_back;
  view.ended_at = *parse_time("2026-01-31T12:30:00Z");
  return view;
}

TEST(ReportFormat, IsWhatIsAskedForThenWhatIsAcceptedThenMarkdown) {
  EXPECT_EQ(format_for("json", "text/html"), ReportFormat::json);
  EXPECT_EQ(format_for("", "text/html,application/xhtml+xml"), ReportFormat::html);
  EXPECT_EQ(format_for("", "application/json"), ReportFormat::json);
  EXPECT_EQ(format_for("", "*/*"), ReportFormat::md);
  EXPECT_EQ(format_for("pdf", "").error().message, "format must be json, md or html");
}

TEST(ReportFormat, AMisspeltParameterIsNotIgnored) {
  Request request;
  request.query["fromat"] = "json";
  EXPECT_EQ(report_format(request).error().message, "unknown query parameter \"fromat\", did you mean \"format\"?");
}

TEST(Report, SaysOutcomeValuesDecisionsOutputAndTimeline) {
  for (const auto format : {ReportFormat::md, ReportFormat::html})
    EXPECT_THAT(body(ended(), format),
                AllOf(HasSubstr("30m"), HasSubstr("20%"), HasSubstr("exit 75"), HasSubstr("after 1.5s"),
                      HasSubstr("is 20%, objective"), HasSubstr("never") /* was e2e read */));
}

TEST(Report, AReleaseThatIsNotOverHasNoOutcomeYet) {
  const auto open = *parse_json(body(test::full_view(), ReportFormat::json));
  EXPECT_TRUE(open.at("outcome").is_null());
  EXPECT_TRUE(open.at("duration_seconds").is_null());
  const auto over = *parse_json(body(ended(), ReportFormat::json));
  EXPECT_EQ(over.at("outcome"), "rolled_back");
  EXPECT_EQ(over.at("duration_seconds").to_number<double>(), 1800);
  EXPECT_EQ(over.at("timeline").as_array().size(), 2U);
}

TEST(Report, HostileTextStaysText) {
  auto view = ended();
  view.spec.version = "<img src=x onerror=alert(1)>";
  view.decisions[0].reason = "a | b ](http://evil)";
  view.decisions[0].attempts[1].output = "```\n# out\n</pre><script>";
  EXPECT_THAT(body(view, ReportFormat::html),
              AllOf(Not(HasSubstr("<img")), Not(HasSubstr("<script")), HasSubstr("&lt;/pre&gt;&lt;script&gt;")));
  EXPECT_THAT(body(view, ReportFormat::md),
              AllOf(HasSubstr("\\<img"), HasSubstr("a \\| b \\]\\(http://evil\\)"), HasSubstr("````\n```\n# out")));
}

TEST(Report, APageOfItMayLoadAndRunNothing) {
  const auto response = make_report({ended(), {}, {test::some_series()}}, ReportFormat::html);
  EXPECT_EQ(response.content_type, "text/html; charset=utf-8");
  EXPECT_EQ(response.headers.at("Content-Security-Policy"), "default-src 'none'; frame-ancestors 'none'");
  EXPECT_THAT(response.body, AllOf(HasSubstr("<svg"), Not(HasSubstr("style=")), Not(HasSubstr("<style")),
                                   Not(HasSubstr("href")), Not(HasSubstr("<script"))));
}

TEST(Report, SaysEachObjectiveInFiguresOverTheWatch) {
  for (const auto format : {ReportFormat::md, ReportFormat::html})
    EXPECT_THAT(make_report({ended(), {}, {test::some_series()}}, format).body,
                AllOf(HasSubstr("30% at 2026-01-31T12:02:00.000Z"), HasSubstr("66.667% of 3 points")));
  const auto parsed = *parse_json(make_report({ended(), {}, {test::some_series()}}, ReportFormat::json).body);
  const auto& found = parsed.at("figures").at(0);
  EXPECT_EQ(found.at("points").to_number<int>(), 3);
  EXPECT_EQ(found.at("worst").to_number<double>(), 0.3);
  EXPECT_EQ(found.at("median").to_number<double>(), 0.005);
  EXPECT_EQ(found.at("problem"), "");
}

TEST(Report, SaysWhyThereAreNoFigures) {
  auto failed = test::some_series();
  failed.points.clear();
  failed.problem = "Prometheus: connection <refused>";
  EXPECT_THAT(make_report({ended(), {}, {failed}}, ReportFormat::html).body,
              AllOf(HasSubstr("No figures: Prometheus: connection &lt;refused&gt;"), Not(HasSubstr("<svg")),
                    HasSubstr("is 20%, objective")));
  failed.points = test::some_series().points;
  EXPECT_THAT(make_report({ended(), {}, {failed}}, ReportFormat::md).body, HasSubstr("Some figures are missing: "));
}

TEST(Report, AReleaseThatNeverWentLiveHasNothingToMeasure) {
  auto view = ended();
  view.live_at.reset();
  EXPECT_THAT(body(view, ReportFormat::md), HasSubstr("it never went live, so there is nothing to measure"));
  EXPECT_TRUE(parse_json(body(view, ReportFormat::json))->at("figures").as_array().empty());
}

TEST(Report, OfTheTimelineAlertsStandByThemselves) {
  auto view = ended();
  view.rules[1].kind = core::RuleKind::alerts;
  const std::vector<journal::TimelineEvent> timeline{
      {"r", *view.live_at, "verdict", "e2e: ok -> breached (objective_broken): HighLatency fires"},
      {"r", *view.live_at, "verdict", "error_rate: ok -> pending (objective_broken): 20%"},
      {"r", *view.live_at, "operator", "e2e: looks odd"}};
  const auto alerts = parse_json(make_report({view, timeline, {}}, ReportFormat::json).body)->at("alerts").as_array();
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_EQ(std::string(alerts[0].at("message").get_string()), timeline[0].message);
  EXPECT_THAT(make_report({view, {}, {}}, ReportFormat::md).body, HasSubstr("## Alerts\n\nNone."));
}

TEST(Report, APersonIsCalledForByName) {
  auto view = ended();
  view.needs_person = "the outcome of the hook is unknown";
  EXPECT_THAT(body(view, ReportFormat::md), HasSubstr("- needs a person: the outcome of the hook is unknown"));
  EXPECT_THAT(body(ended(), ReportFormat::md), Not(HasSubstr("needs a person")));
}

}  // namespace
}  // namespace guard::api
