// SPDX-License-Identifier: Apache-2.0
#include "guard/api/report.hpp"

#include "guard/api/report_words.hpp"
#include "guard/base/duration.hpp"
#include "guard/base/json.hpp"
#include "guard/engine/release_words.hpp"
#include "tests/api/harness.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

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

std::string style_of(const std::string& page) {
  const auto from = page.find("<style>") + 7;
  return page.substr(from, page.find("</style>") - from);
}

// As a Content-Security-Policy names it.
std::string hash_of(const std::string& text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 4 * (SHA256_DIGEST_LENGTH / 3 + 1) + 1> base64{};
  EVP_EncodeBlock(base64.data(), digest.data(), digest.size());
  return "sha256-" + std::string(reinterpret_cast<const char*>(base64.data()));
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
              AllOf(HasSubstr("\\<img"), HasSubstr("a \\| b \\]\\(http:\\//evil\\)"), HasSubstr("````\n```\n# out")));
}

TEST(Report, APageOfItMayLoadAndRunNothing) {
  const auto response = make_report({ended(), {}, {test::some_series()}}, ReportFormat::html);
  EXPECT_EQ(response.content_type, "text/html; charset=utf-8");
  EXPECT_EQ(response.headers.at("Content-Security-Policy"),
            "default-src 'none'; style-src '" + hash_of(style_of(response.body)) + "'; frame-ancestors 'none'");
  EXPECT_THAT(response.body, AllOf(HasSubstr("<svg"), Not(HasSubstr("style=")), Not(HasSubstr("url(")),
                                   Not(HasSubstr("href")), Not(HasSubstr("<script"))));
}

TEST(Report, SaysEachObjectiveInFiguresOverTheWatch) {
  for (const auto format : {ReportFormat::md, ReportFormat::html})
    EXPECT_THAT(make_report({ended(), {}, {test::some_series()}}, format).body,
                AllOf(HasSubstr("30% at 2026-01-31 12:02:00 UTC"), HasSubstr("66.7% of 3 points, one every 1m")));
  const auto parsed = *parse_json(make_report({ended(), {}, {test::some_series()}}, ReportFormat::json).body);
  const auto& found = parsed.at("figures").at(0);
  EXPECT_EQ(found.at("points").to_number<int>(), 3);
  EXPECT_EQ(found.at("step_seconds").to_number<double>(), 60);
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
      {"r", *view.live_at, "verdict", "e2e: breached, it was ok: HighLatency fires"},
      {"r", *view.live_at, "verdict", "error_rate: pending, it was ok: 20%"},
      {"r", *view.live_at, "operator", "e2e: looks odd"}};
  const auto alerts = parse_json(make_report({view, timeline, {}}, ReportFormat::json).body)->at("alerts").as_array();
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_EQ(std::string(alerts[0].at("message").get_string()), timeline[0].message);
  EXPECT_THAT(make_report({view, {}, {}}, ReportFormat::md).body, HasSubstr("## Alerts\n\nNone."));
}

TEST(Report, ThatNothingFiresIsNoNews) {
  auto view = ended();
  view.rules[1].kind = core::RuleKind::alerts;
  std::vector<journal::TimelineEvent> timeline;
  for (const auto* change : {"ok, it was unknown", "pending, it was ok", "breached, it was pending",
                             "ok, it was breached", "unknown, it was ok", "ok, it was unknown"})
    timeline.push_back({"r", *view.live_at, "verdict", "e2e: " + std::string(change) + ": HighLatency"});
  const auto alerts = parse_json(make_report({view, timeline, {}}, ReportFormat::json).body)->at("alerts").as_array();
  ASSERT_EQ(alerts.size(), 4U);
  EXPECT_EQ(std::string(alerts[0].at("message").get_string()), timeline[1].message);
  EXPECT_EQ(std::string(alerts[3].at("message").get_string()), timeline[4].message);
}

TEST(Report, OfARollbackItSaysWhatBroke) {
  const auto view = ended();
  EXPECT_THAT(body(view, ReportFormat::md), AllOf(HasSubstr("- outcome: rolled back: the hook is done"),
                                                  HasSubstr("- cause: error\\_rate is 20%, objective \\< 1%\n")));
  EXPECT_THAT(body(view, ReportFormat::html), HasSubstr("<dt>cause</dt><dd>error_rate is 20%, objective &lt; 1%</dd>"));
  EXPECT_EQ(parse_json(body(view, ReportFormat::json))->at("cause"), "error_rate is 20%, objective < 1%");
}

TEST(Report, TheCauseIsNoWordAboutTheWatch) {
  auto view = ended();
  auto last = view.decisions[0];
  last.trigger = core::Trigger::window;
  view.decisions.push_back(last);
  EXPECT_EQ(core::cause_of(view.decisions), &view.decisions[0]);
  view.decisions[0].kind = core::DecisionKind::abort;
  EXPECT_EQ(core::cause_of(view.decisions), nullptr);
  EXPECT_TRUE(parse_json(body(view, ReportFormat::json))->at("cause").is_null());
  EXPECT_THAT(body(view, ReportFormat::md), Not(HasSubstr("cause:")));
}

TEST(Report, AVerdictAfterARollbackIsNotTakenForTheOneThatLedToIt) {
  auto view = ended();
  view.rules[0].verdict = core::Verdict::ok;
  view.rules[0].reason = core::Reason::objective_met;
  view.rules[1].verdict = core::Verdict::ok;
  const std::vector<journal::TimelineEvent> timeline{
      {"r", *view.live_at, "verdict", "error_rate: breached, it was pending: 20% (of 12)"},
      {"r", *view.ended_at, "verdict", "e2e: breached, it was ok: after the rollback"}};
  EXPECT_THAT(make_report({view, timeline, {}}, ReportFormat::html).body,
              AllOf(HasSubstr(">breached, ok after the rollback</td>"), HasSubstr(">ok after the rollback</td>")));
  view.rules[0].verdict = core::Verdict::breached;
  EXPECT_THAT(make_report({view, timeline, {}}, ReportFormat::html).body,
              HasSubstr(">still breached after the rollback</td>"));
  view.decisions.clear();
  EXPECT_THAT(make_report({view, timeline, {}}, ReportFormat::html).body, HasSubstr(">ok</td>"));
}

TEST(Report, PeopleReadWordsAndProgramsReadNames) {
  auto view = ended();
  const std::vector<journal::TimelineEvent> timeline{
      {"r", *view.live_at, "verdict", "error_rate: breached, it was pending: 20% (of 12)"},
      {"r", *view.live_at, "phase", "verifying: hook switch_back"},
      {"r", *view.live_at, "phase", "announced by my_ci: shop v1 -> v2 in production"},
      {"r", *view.live_at, "decision", "decision 1: hold (kill switch): error_rate is 20%"},
      {"r", *view.live_at, "operator", "a_b: c"}};
  const auto page = make_report({view, timeline, {}}, ReportFormat::html).body;
  EXPECT_THAT(page, AllOf(HasSubstr("verdict: error_rate: breached, it was pending: 20% (of 12)"),
                          HasSubstr("phase: verifying: hook switch_back"), HasSubstr("phase: announced by my_ci: shop"),
                          HasSubstr("decision: decision 1: hold (kill switch): error_rate is 20%"),
                          HasSubstr("operator: a_b: c"), HasSubstr("rollback because of an objective")));
  const auto told = *parse_json(make_report({view, timeline, {}}, ReportFormat::json).body);
  EXPECT_EQ(std::string(told.at("timeline").at(0).at("message").get_string()), timeline[0].message);
  EXPECT_EQ(told.at("rules").at(0).at("reason"), "breach_sustained");
}

TEST(Report, APageOfItIsAsNarrowAsAPhone) {
  const auto page = make_report({ended(), {}, {test::some_series()}}, ReportFormat::html).body;
  EXPECT_THAT(page,
              AllOf(HasSubstr("width=device-width"), HasSubstr("<div class=\"scroll\" tabindex=\"0\""),
                    HasSubstr("svg{display:block;max-width:100%;height:auto}"), HasSubstr("viewBox=\"0 0 720 248\"")));
}

// The lines "line 1" to "line N" and the end of a line after each.
std::string numbered_lines(int count) {
  std::string out;
  for (int i = 1; i <= count; ++i) out += "line " + std::to_string(i) + "\n";
  return out;
}

TEST(Report, OfALongOutputTheEndIsShownAndTheWholeOneClickAway) {
  auto view = ended();
  auto& output = view.decisions[0].attempts[1].output;
  output = numbered_lines(20);
  EXPECT_THAT(body(view, ReportFormat::html), AllOf(HasSubstr("<pre>line 1\nline 2\n"), Not(HasSubstr("<details"))));
  output = numbered_lines(900);
  EXPECT_THAT(body(view, ReportFormat::html),
              AllOf(HasSubstr("<p>Its last 20 lines:</p>\n<pre>line 881\n"),
                    HasSubstr("\nline 900</pre>\n<details><summary>all 900 lines</summary>\n<pre>line 1\nline 2\n"),
                    HasSubstr("\nline 900</pre>\n</details>\n")));
  EXPECT_THAT(body(view, ReportFormat::md), HasSubstr("line 1\nline 2\n"));
  EXPECT_THAT(body(view, ReportFormat::json), HasSubstr("line 1\\nline 2\\n"));
}

TEST(Report, ALongOutputOfEmptyLinesOrMarksStaysText) {
  auto view = ended();
  auto& output = view.decisions[0].attempts[1].output;
  output = std::string(100, '\n');
  EXPECT_THAT(body(view, ReportFormat::html), HasSubstr("<summary>all 100 lines</summary>"));
  output = numbered_lines(30) + "</pre></details><b>";
  EXPECT_THAT(body(view, ReportFormat::html), AllOf(HasSubstr("&lt;/pre&gt;&lt;/details&gt;&lt;b&gt;"),
                                                    Not(HasSubstr("<b>")), HasSubstr("all 31 lines")));
}

TEST(Report, APersonIsCalledForByName) {
  auto view = ended();
  view.needs_person = "the outcome of the hook is unknown";
  EXPECT_THAT(body(view, ReportFormat::md), HasSubstr("- needs a person: the outcome of the hook is unknown"));
  EXPECT_THAT(body(ended(), ReportFormat::md), Not(HasSubstr("needs a person")));
}

}  // namespace
}  // namespace guard::api
