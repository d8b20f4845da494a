// SPDX-License-Identifier: Apache-2.0
#include "guard/base/duration.hpp"
#include "guard/base/json.hpp"
#include "guard/notify/alert_words.hpp"
#include "guard/report/words.hpp"
#include "guard/report/written.hpp"
#include "tests/support/views.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

namespace guard::report {
namespace {

using model::Verdict;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

model::TimelineEvent verdict_changed(WallTime at, const std::string& slo, Verdict from, Verdict to) {
  return {"r", at, model::VerdictChanged{slo, from, to, model::Reason::not_read_yet},
          fmt::format("{}: {}, it was {}", slo, to_string(to), to_string(from))};
}

std::string body(const story::ReleaseView& view, Format format) {
  return written({view, test::some_timeline(), {}}, format).body;
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

story::ReleaseView ended() {
  auto view = test::full_view();
  view.phase = model::Phase::rolled_back;
  view.ended_at = *parse_time("2026-01-31T12:30:00Z");
  return view;
}

TEST(Report, SaysOutcomeValuesDecisionsOutputAndTimeline) {
  for (const auto format : {Format::md, Format::html})
    EXPECT_THAT(body(ended(), format),
                AllOf(HasSubstr("30m"), HasSubstr("20%"), HasSubstr("exit 75"), HasSubstr("Call 1, 250ms"),
                      HasSubstr("Call 2, 1s"), HasSubstr("is 20%, objective"), HasSubstr("never") /* was e2e read */));
}

TEST(Report, SaysWhomToCallWhereAPersonIsNeededAndEscapesIt) {
  auto view = ended();
  view.contacts.primary = "<b>Ada</b> [call](http://x)";
  EXPECT_THAT(body(view, Format::md), Not(HasSubstr("Whom to call")));
  view.needs_person = "look";
  EXPECT_THAT(body(view, Format::md), AllOf(HasSubstr("- Whom to call: primary on-call: "), Not(HasSubstr("<b>Ada")),
                                            Not(HasSubstr("[call](http"))));
  EXPECT_THAT(body(view, Format::html), HasSubstr("primary on-call: &lt;b&gt;Ada&lt;/b&gt;"));
}

TEST(Report, AReleaseThatIsNotOverHasNoOutcomeYet) {
  const auto open = *parse_json(body(test::full_view(), Format::json));
  EXPECT_TRUE(open.at("outcome").is_null());
  EXPECT_TRUE(open.at("duration_seconds").is_null());
  const auto over = *parse_json(body(ended(), Format::json));
  EXPECT_EQ(over.at("outcome"), "rolled_back");
  EXPECT_EQ(over.at("duration_seconds").to_number<double>(), 1800);
  EXPECT_EQ(over.at("timeline").as_array().size(), 2U);
}

TEST(Report, HostileTextStaysText) {
  auto view = ended();
  view.spec.version = "<img src=x onerror=alert(1)>";
  view.decisions[0].reason = "a | b ](http://evil)";
  view.decisions[0].attempts[1].output = "```\n# out\n</pre><script>";
  EXPECT_THAT(body(view, Format::html),
              AllOf(Not(HasSubstr("<img")), Not(HasSubstr("<script")), HasSubstr("&lt;/pre&gt;&lt;script&gt;")));
  EXPECT_THAT(body(view, Format::md),
              AllOf(HasSubstr("\\<img"), HasSubstr("a \\| b \\]\\(http:\\//evil\\)"), HasSubstr("````\n```\n# out")));
}

TEST(Report, APageOfItMayLoadAndRunNothing) {
  const auto response = written({ended(), {}, {test::some_series()}}, Format::html);
  EXPECT_EQ(response.content_type, "text/html; charset=utf-8");
  EXPECT_EQ(response.policy,
            "default-src 'none'; style-src '" + hash_of(style_of(response.body)) + "'; frame-ancestors 'none'");
  EXPECT_THAT(response.body, AllOf(HasSubstr("<svg"), Not(HasSubstr("style=")), Not(HasSubstr("url(")),
                                   Not(HasSubstr("href")), Not(HasSubstr("<script"))));
}

TEST(Report, SaysEachObjectiveInFiguresOverTheWatch) {
  for (const auto format : {Format::md, Format::html})
    EXPECT_THAT(written({ended(), {}, {test::some_series()}}, format).body,
                AllOf(HasSubstr("30% at 2026-01-31 12:02:00 UTC"), HasSubstr("66.7% of 3 points, one every 1m")));
  const auto parsed = *parse_json(written({ended(), {}, {test::some_series()}}, Format::json).body);
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
  EXPECT_THAT(written({ended(), {}, {failed}}, Format::html).body,
              AllOf(HasSubstr("No figures: Prometheus: connection &lt;refused&gt;"), Not(HasSubstr("class=\"chart\"")),
                    HasSubstr("is 20%, objective")));
  failed.points = test::some_series().points;
  EXPECT_THAT(written({ended(), {}, {failed}}, Format::md).body, HasSubstr("Some figures are missing: "));
}

TEST(Report, ASignalIsToldAndNotRead) {
  auto view = ended();
  view.rules[0].read_at.reset();
  view.rules[1].explanation = "not asked any more: its verdict was on the release";
  const auto body = written({view, {}, {}}, Format::md).body;
  EXPECT_THAT(body, HasSubstr("e2e: not asked any more"));
  EXPECT_THAT(body, Not(HasSubstr("e2e, last read never")));
  EXPECT_THAT(body, HasSubstr("last read never: ")) << "of what is measured it matters";
}

TEST(Report, AReleaseThatNeverWentLiveHasNothingToMeasure) {
  auto view = ended();
  view.live_at.reset();
  EXPECT_THAT(body(view, Format::md), HasSubstr("it never went live, so there is nothing to measure"));
  EXPECT_TRUE(parse_json(body(view, Format::json))->at("figures").as_array().empty());
}

TEST(Report, OfTheTimelineAlertsStandByThemselves) {
  auto view = ended();
  view.rules[1].kind = model::RuleKind::alerts;
  const std::vector<model::TimelineEvent> timeline{
      verdict_changed(*view.live_at, "e2e", Verdict::ok, Verdict::breached),
      verdict_changed(*view.live_at, "error_rate", Verdict::ok, Verdict::pending),
      {"r", *view.live_at, model::Ordered{}, "e2e: looks odd"}};
  const auto alerts = parse_json(written({view, timeline, {}}, Format::json).body)->at("alerts").as_array();
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_EQ(std::string(alerts[0].at("message").get_string()), timeline[0].message);
  EXPECT_THAT(written({view, {}, {}}, Format::md).body, HasSubstr("## Alerts\n\nNo alert that a rule reads fired."));
}

TEST(Report, ThatNothingFiresIsNoNews) {
  auto view = ended();
  view.rules[1].kind = model::RuleKind::alerts;
  std::vector<model::TimelineEvent> timeline;
  auto before = Verdict::unknown;
  for (const auto after :
       {Verdict::ok, Verdict::pending, Verdict::breached, Verdict::ok, Verdict::unknown, Verdict::ok}) {
    timeline.push_back(verdict_changed(*view.live_at, "e2e", before, after));
    before = after;
  }
  const auto alerts = parse_json(written({view, timeline, {}}, Format::json).body)->at("alerts").as_array();
  ASSERT_EQ(alerts.size(), 4U);
  EXPECT_EQ(std::string(alerts[0].at("message").get_string()), timeline[1].message);
  EXPECT_EQ(std::string(alerts[3].at("message").get_string()), timeline[4].message);
}

TEST(Report, OfARollbackItSaysWhatBroke) {
  const auto view = ended();
  EXPECT_THAT(body(view, Format::md), AllOf(HasSubstr("- Outcome: Rolled back: the hook is done"),
                                            HasSubstr("- Cause: error\\_rate is 20%, objective \\< 1%\n")));
  EXPECT_THAT(body(view, Format::html),
              HasSubstr("<dt>Cause</dt><dd dir=\"auto\">error_rate is 20%, objective &lt; 1%</dd>"));
  EXPECT_EQ(parse_json(body(view, Format::json))->at("cause"), "error_rate is 20%, objective < 1%");
}

TEST(Report, TheCauseIsNoWordAboutTheWatch) {
  auto view = ended();
  auto last = view.decisions[0];
  last.trigger = model::Trigger::window;
  view.decisions.push_back(last);
  EXPECT_EQ(model::cause_of(view.decisions), &view.decisions[0]);
  view.decisions[0].kind = model::DecisionKind::abort;
  EXPECT_EQ(model::cause_of(view.decisions), nullptr);
  EXPECT_TRUE(parse_json(body(view, Format::json))->at("cause").is_null());
  EXPECT_THAT(body(view, Format::md), Not(HasSubstr("Cause:")));
}

TEST(Report, AVerdictAfterARollbackIsNotTakenForTheOneThatLedToIt) {
  auto view = ended();
  view.rules[0].verdict = model::Verdict::ok;
  view.rules[0].reason = model::Reason::objective_met;
  view.rules[1].verdict = model::Verdict::ok;
  const std::vector<model::TimelineEvent> timeline{
      verdict_changed(*view.live_at, "error_rate", Verdict::pending, Verdict::breached),
      verdict_changed(*view.ended_at, "e2e", Verdict::ok, Verdict::breached)};
  EXPECT_THAT(
      written({view, timeline, {}}, Format::html).body,
      AllOf(HasSubstr(">Holds after the rollback; breached before it<"), HasSubstr(">Holds after the rollback<")));
  view.rules[0].verdict = model::Verdict::breached;
  EXPECT_THAT(written({view, timeline, {}}, Format::html).body,
              HasSubstr(">Breached after the rollback; breached before it<"));
  view.decisions.clear();
  EXPECT_THAT(written({view, timeline, {}}, Format::html).body, HasSubstr(">Holds<"));
}

TEST(Report, PeopleReadWordsAndProgramsReadNames) {
  auto view = ended();
  const std::vector<model::TimelineEvent> timeline{
      verdict_changed(*view.live_at, "error_rate", Verdict::pending, Verdict::breached),
      {"r", *view.live_at, model::PhaseChanged{}, "verifying: hook switch_back"},
      {"r", *view.live_at, model::PhaseChanged{}, "announced by my_ci: shop v1 -> v2 in production"},
      {"r", *view.live_at, model::Decided{}, "decision 1: hold (kill switch): error_rate is 20%"},
      {"r", *view.live_at, model::Ordered{}, "a_b: c"}};
  const auto page = written({view, timeline, {}}, Format::html).body;
  const auto event = [](const std::string& kind, const std::string& text) {
    return HasSubstr("<span class=\"kind\">" + kind + "</span> <span dir=\"auto\">" + text);
  };
  EXPECT_THAT(page, AllOf(event("Evidence", "error_rate: breached, it was pending"),
                          event("Phase", "verifying: hook switch_back"), event("Phase", "announced by my_ci: shop"),
                          event("Decision", "decision 1: hold (kill switch): error_rate is 20%"),
                          event("Person", "a_b: c"), HasSubstr("<span>Roll back</span>")));
  const auto told = *parse_json(written({view, timeline, {}}, Format::json).body);
  EXPECT_EQ(std::string(told.at("timeline").at(0).at("message").get_string()), timeline[0].message);
  EXPECT_EQ(told.at("rules").at(0).at("reason"), "breach_sustained");
}

TEST(Report, APageOfItIsAsNarrowAsAPhone) {
  const auto page = written({ended(), {}, {test::some_series()}}, Format::html).body;
  EXPECT_THAT(
      page, AllOf(HasSubstr("width=device-width"), HasSubstr("<div class=\"scroll\" tabindex=\"0\""),
                  HasSubstr(".chart{display:block;max-width:100%;height:auto}"), HasSubstr("viewBox=\"0 0 720 266\"")));
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
  EXPECT_THAT(body(view, Format::html),
              AllOf(HasSubstr("<pre dir=\"auto\">line 1\nline 2\n"), Not(HasSubstr("<details"))));
  output = numbered_lines(900);
  EXPECT_THAT(
      body(view, Format::html),
      AllOf(
          HasSubstr("<p>Its last 20 lines:</p>\n<pre dir=\"auto\">line 881\n"),
          HasSubstr("\nline 900</pre>\n<details><summary>all 900 lines</summary>\n<pre dir=\"auto\">line 1\nline 2\n"),
          HasSubstr("\nline 900</pre>\n</details>\n")));
  EXPECT_THAT(body(view, Format::md), HasSubstr("line 1\nline 2\n"));
  EXPECT_THAT(body(view, Format::json), HasSubstr("line 1\\nline 2\\n"));
}

TEST(Report, ALongOutputOfEmptyLinesOrMarksStaysText) {
  auto view = ended();
  auto& output = view.decisions[0].attempts[1].output;
  output = std::string(100, '\n');
  EXPECT_THAT(body(view, Format::html), HasSubstr("<summary>all 100 lines</summary>"));
  output = numbered_lines(30) + "</pre></details><b>";
  EXPECT_THAT(body(view, Format::html), AllOf(HasSubstr("&lt;/pre&gt;&lt;/details&gt;&lt;b&gt;"), Not(HasSubstr("<b>")),
                                              HasSubstr("all 31 lines")));
}

TEST(Report, NamesFromOutsideStandByThemselves) {
  auto view = ended();
  view.spec.service = "shop\u202Eevil";
  view.spec.environment = "\u05D0\u05D1";
  view.decisions[0].attempts[1].output = "\x1b[31m\u05D0 done\u202E";
  const auto page = body(view, Format::html);
  EXPECT_THAT(
      page,
      AllOf(HasSubstr("<h1>Report: <bdi>shop evil</bdi><span class=\"in\"> in </span><bdi>\u05D0\u05D1</bdi></h1>"),
            HasSubstr("<pre dir=\"auto\"> [31m\u05D0 done </pre>"), Not(HasSubstr("\u202E"))));
}

TEST(Report, EachOutcomeHasItsWordsAndItsColour) {
  auto view = ended();
  EXPECT_THAT(body(view, Format::html), HasSubstr("<span class=\"badge big warn\">"));
  view.phase = model::Phase::rollback_failed;
  EXPECT_THAT(body(view, Format::html),
              AllOf(HasSubstr("<span class=\"badge big bad\">"), HasSubstr("<span>Rollback failed</span>")));
  EXPECT_THAT(body(view, Format::md), HasSubstr("- Outcome: Rollback failed: "));
}

TEST(Report, RolledBackHasNotTheColourOfPassed) {
  auto view = ended();
  EXPECT_THAT(body(view, Format::html), Not(HasSubstr("badge big good")));
  view.phase = model::Phase::passed;
  EXPECT_THAT(body(view, Format::html), HasSubstr("<span class=\"badge big good\">"));
}

TEST(Report, DecisionsAndTimelineBeginWithTheNewest) {
  auto view = ended();
  view.decisions.push_back(view.decisions[0]);
  view.decisions[1].number = 2;
  const auto page = written({view, test::some_timeline(), {}}, Format::html).body;
  EXPECT_LT(page.find("<h3>Decision 2</h3>"), page.find("<h3>Decision 1</h3>"));
  const auto timeline = page.substr(page.find("<h2>Timeline</h2>"));
  EXPECT_LT(timeline.find(test::some_timeline()[1].message.substr(0, 10)),
            timeline.find(test::some_timeline()[0].message.substr(0, 10)));
}

TEST(Report, LinksLeadOutAndTellNothingOfThisPage) {
  auto view = ended();
  view.spec.labels = {{"run", "https://ci.example/7?a=1&b=\"2"}, {"bad", "javascript:alert(1)"}};
  const story::Outside outside{"https://prometheus.example", "", {}};
  const auto page = written({view, {}, {test::some_series()}, {}, outside}, Format::html).body;
  EXPECT_THAT(
      page,
      AllOf(HasSubstr(
                "<a href=\"https://ci.example/7?a=1&amp;b=&quot;2\" rel=\"noopener noreferrer\"><bdi>run</bdi></a>"),
            HasSubstr("<a href=\"https://prometheus.example/graph?"), Not(HasSubstr("href=\"javascript"))));
  EXPECT_THAT(written({view, {}, {}, {}, outside}, Format::md).body, HasSubstr("- [run](https://ci.example/7"));
}

TEST(Report, NothingInAnAddressEndsALinkOfMarkdown) {
  auto view = ended();
  view.spec.labels = {{"run", "https://ci.example/a)[b](http://evil)<i>"}};
  EXPECT_THAT(body(view, Format::md), HasSubstr("- [run](https://ci.example/a%29%5Bb%5D%28http://evil%29%3Ci%3E)\n"));
}

TEST(Report, APersonIsCalledForByName) {
  auto view = ended();
  view.needs_person = "the outcome of the hook is unknown";
  EXPECT_THAT(body(view, Format::md), HasSubstr("- A person is needed: the outcome of the hook is unknown"));
  EXPECT_THAT(body(ended(), Format::md), Not(HasSubstr("A person is needed")));
}

}  // namespace
}  // namespace guard::report
