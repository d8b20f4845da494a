// SPDX-License-Identifier: Apache-2.0
#include "guard/story/links.hpp"

#include "guard/base/duration.hpp"
#include "tests/support/views.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::story {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

auto link(const std::string& name, const testing::Matcher<const std::string&>& url) {
  return AllOf(Field(&story::Link::name, name), Field(&story::Link::url, url));
}

const story::Outside everywhere{
    "https://prometheus.example/prom", "https://alerts.example", {"", "https://grafana.example/d/x?orgId=1", ""}};

story::RuleView alerts_rule() {
  story::RuleView rule;
  rule.kind = model::RuleKind::alerts;
  rule.alerts = {"Down", "Slow \"x\""};
  rule.alert_urls = {"http://prometheus:9090/graph?g0.expr=up", "javascript:alert(1)"};
  return rule;
}

TEST(Links, OfAReleaseAreItsDashboardAndTheLabelsThatAreAddresses) {
  auto view = test::full_view();
  view.spec.labels = {{"run", "https://ci.example/run/7?a=b"},
                      {"team", "web"},
                      {"bad", "javascript:alert(1)"},
                      {"file", "file:///etc/passwd"},
                      {"data", "data:text/html,x"},
                      {"user", "https://a:b@c.example/"}};
  EXPECT_THAT(
      story::links_of(view, everywhere),
      ElementsAre(link("Dashboard", "https://grafana.example/d/x?orgId=1&var-service=shop&var-environment=production"),
                  link("run", "https://ci.example/run/7?a=b")));
}

TEST(Links, WhatIsNotConfiguredHasNone) {
  EXPECT_THAT(story::links_of(test::full_view(), {}), IsEmpty());
  EXPECT_THAT(story::links_of(test::full_view().rules[0], test::full_view(), {}), IsEmpty());
  auto rule = alerts_rule();
  rule.alert_urls.clear();
  EXPECT_THAT(story::links_of(rule, test::full_view(), {}), IsEmpty());
}

TEST(Links, AnExpressionIsOpenedInPrometheus) {
  auto view = test::full_view();
  EXPECT_THAT(
      story::links_of(view.rules[0], view, everywhere),
      ElementsAre(link(
          "Prometheus",
          AllOf(HasSubstr("https://prometheus.example/prom/graph?g0.expr=sum%28rate%28errors%5B5m%5D%29%29&g0.tab=0"),
                Not(HasSubstr("end_input"))))));
  view.ended_at = *parse_time("2026-01-31T12:30:00Z");
  EXPECT_THAT(story::links_of(view.rules[0], view, everywhere)[0].url,
              AllOf(HasSubstr("g0.end_input=2026-01-31%2012%3A40%3A00"), HasSubstr("g0.range_input=51m")));
}

TEST(Links, WhatCannotBeAskedIsNotLinked) {
  auto view = test::full_view();
  view.rules[0].is_askable = false;
  EXPECT_THAT(story::links_of(view.rules[0], view, everywhere), IsEmpty());
  EXPECT_THAT(story::links_of(view.rules[1], view, everywhere), IsEmpty()) << "a signal";
}

TEST(Links, AnAlertIsShownWhereItCameFromAndInAlertmanager) {
  EXPECT_THAT(
      story::links_of(alerts_rule(), test::full_view(), everywhere),
      ElementsAre(
          link("Down", "http://prometheus:9090/graph?g0.expr=up"),
          link("Down in Alertmanager", "https://alerts.example/#/alerts?filter=%7Balertname%3D%22Down%22%7D"),
          link("Slow \"x\" in Alertmanager", HasSubstr("filter=%7Balertname%3D%22Slow%20%5C%22x%5C%22%22%7D"))));
  auto rule = alerts_rule();
  rule.alerts.clear();
  EXPECT_THAT(story::links_of(rule, test::full_view(), everywhere),
              ElementsAre(link("Alertmanager", "https://alerts.example/#/alerts")));
}

}  // namespace
}  // namespace guard::story
