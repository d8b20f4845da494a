// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/text_template.hpp"

#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace guard::promql {
namespace {

using core::shop;
using namespace std::chrono_literals;

std::string rendered(std::string_view text, TemplateKind kind, const Subject& subject) {
  const auto parsed = TextTemplate::parse(text, kind);
  if (!parsed) return "parse error: " + parsed.error().message;
  const auto out = parsed->render(subject);
  return out ? *out : "refused: " + out.error().message;
}

std::string promql(std::string_view text, const std::string& version = "2.0") {
  auto subject = shop();
  subject.version = version;
  return rendered(text, TemplateKind::promql, subject);
}

std::string argument(std::string_view text, const std::string& version = "2.0") {
  auto subject = shop();
  subject.version = version;
  return rendered(text, TemplateKind::argument, subject);
}

std::string at_age(std::string_view text, Duration age) {
  auto subject = shop();
  subject.age = age;
  return rendered(text, TemplateKind::promql, subject);
}

std::string error_of(std::string_view text, TemplateKind kind = TemplateKind::promql) {
  const auto parsed = TextTemplate::parse(text, kind);
  return parsed ? "parsed" : std::to_string(parsed.error().offset) + ": " + parsed.error().message;
}

TEST(TextTemplate, KnowsTheReleaseAndItsLabels) {
  EXPECT_EQ(rendered("{{service}} {{ environment }} {{  version}} {{previous_version  }} {{ labels.team }}",
                     TemplateKind::text, shop()),
            "shop production 2.0 1.9 web");
}

TEST(TextTemplate, TextWithoutFieldsStaysAsItIs) {
  const std::string text = "sum(rate(x{a=~\"5..\"}[5m])) # { } }} `\\`";
  EXPECT_EQ(promql(text), text);
  EXPECT_EQ(promql(""), "");
}

TEST(TextTemplate, AnnotationsAlsoSpeakOfTheReading) {
  auto subject = shop();
  subject.extra = {{"value", "12%"}, {"objective", "< 1%"}, {"slo", "error_rate"}};
  EXPECT_EQ(rendered("{{ slo }}: {{ value }} against {{ objective }}", TemplateKind::text, subject),
            "error_rate: 12% against < 1%");
  EXPECT_EQ(error_of("\"{{ value }}\""),
            "1: \"value\" is not known here; known are service, environment, version, previous_version and "
            "labels.<name>");
}

TEST(TextTemplate, AnUnknownNameIsToldWithTheNearest) {
  EXPECT_EQ(error_of("x=\"{{ verison }}\""),
            "3: \"verison\" is not known here, did you mean \"version\"?; known are service, environment, version, "
            "previous_version and labels.<name>");
}

TEST(TextTemplate, AFieldThatIsNotClosedIsToldWithItsPlace) {
  EXPECT_EQ(error_of("up{x=\"{{ version"), "6: \"{{\" is not closed by \"}}\"");
}

TEST(TextTemplate, ALabelTheReleaseDoesNotHaveIsRefused) {
  const auto out = TextTemplate::parse("x=\"{{ labels.tier }}\"", TemplateKind::promql)->render(shop());
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error(), (Error{ErrorCode::invalid, "{{ labels.tier }} is not given by this release"}));
}

TEST(TextTemplate, ValuesAreEscapedForTheirString) {
  const std::string value = "a\"b'c`d\\e\nf\tg";
  EXPECT_EQ(promql("x=\"{{ version }}\"", value), R"(x="a\"b'c`d\\e\nf\x09g")");
  EXPECT_EQ(promql("x='{{ version }}'", value), R"(x='a"b\'c`d\\e\nf\x09g')");
  EXPECT_EQ(promql("x=`{{ version }}`", "a\"b\\c"), "x=`a\"b\\c`");
  EXPECT_EQ(promql("x=`{{ version }}`", value),
            "refused: {{ version }} holds a backquote, which cannot stand between backquotes");
}

TEST(TextTemplate, ValuesInARegularExpressionStandForThemselves) {
  EXPECT_EQ(promql("x=~\"v{{ version }}.*\"", "1.2"), R"(x=~"v1\\.2.*")");
  EXPECT_EQ(promql("x!~ '{{ version }}'", "1|2"), R"(x!~ '1\\|2')");
  EXPECT_EQ(promql("x=~`{{ version }}`", "1.2"), R"(x=~`1\.2`)");
  EXPECT_EQ(promql("x=~\"a\", y=\"{{ version }}\"", "1.2"), R"(x=~"a", y="1.2")");
}

TEST(TextTemplate, WhatStandsBetweenOperatorAndStringChangesNothing) {
  EXPECT_EQ(promql("x=~\r\n\t \"{{ version }}\"", "1.2"), "x=~\r\n\t \"1\\\\.2\"");
  EXPECT_EQ(promql("x=~ # why \"\n\"{{ version }}\"", "1.2"), "x=~ # why \"\n\"1\\\\.2\"");
}

TEST(TextTemplate, StringsEndWhereTheyEnd) {
  EXPECT_EQ(promql(R"(x="\"{{ version }}")", "1"), R"(x="\"1")");
  EXPECT_EQ(promql(R"(x="\\{{ version }}")", "1"), R"(x="\\1")");
  EXPECT_EQ(promql("x='\"' + \"{{ version }}\"", "a'\""), "x='\"' + \"a'\\\"\"");
  EXPECT_EQ(promql("# it's\nx=\"{{ version }}\"", "a'"), "# it's\nx=\"a'\"");
}

TEST(TextTemplate, ABackslashCannotTakeTheFirstCharacterOfAValue) {
  const std::string why = "the backslash before {{ version }} would change its value; take it out";
  EXPECT_EQ(error_of(R"(x="\{{ version }}")"), "4: " + why);
  EXPECT_EQ(error_of(R"(x=~"a\\{{ version }}")"), "7: " + why);
  EXPECT_EQ(error_of(R"(x=~`a\{{ version }}`)"), "6: " + why);
  EXPECT_EQ(error_of(R"(x=~"a\\\\{{ version }}")"), "parsed");
  EXPECT_EQ(error_of(R"(x=~`a\\{{ version }}`)"), "parsed");
}

TEST(TextTemplate, OutsideStringsOnlyTheWindowHasAPlace) {
  EXPECT_EQ(error_of("up{x={{ version }}}"), "5: put {{ version }} in quotes; only quoted values can be escaped");
  EXPECT_EQ(error_of("up # {{ version }}"), "5: a comment cannot hold a template; take it out");
  EXPECT_EQ(error_of("x=\"{{ window_since_live \"5m\" }}\""),
            "3: window_since_live stands outside quotes, as a range: [{{ window_since_live \"5m\" }}]");
}

TEST(TextTemplate, TheWindowIsNoLongerThanTheAgeOfTheRelease) {
  constexpr auto text = "rate(x[{{ window_since_live \"5m\" }}])";
  EXPECT_EQ(at_age(text, 1h), "rate(x[5m])");
  EXPECT_EQ(at_age(text, 90'999ms), "rate(x[1m30s])");
  EXPECT_EQ(at_age(text, 0s), "rate(x[10s])");
  EXPECT_EQ(at_age(text, -1h), "rate(x[10s])");
}

TEST(TextTemplate, TheWindowSaysWhatItNeeds) {
  EXPECT_EQ(error_of("[{{ window_since_live }}]"),
            "1: window_since_live takes the longest range in quotes: {{ window_since_live \"5m\" }}");
  EXPECT_EQ(error_of("[{{ window_since_live 5m }}]").substr(0, 20), "1: window_since_live");
  EXPECT_EQ(error_of("[{{ window_since_live \"5x\" }}]").substr(0, 29), "1: \"5x\" is not a duration: \"x");
  EXPECT_EQ(error_of("[{{ window_since_live \"5s\" }}]"), "1: window_since_live takes 10s or more");
  EXPECT_EQ(error_of("{{ window_since_live \"5m\" }}", TemplateKind::text),
            "0: window_since_live has a meaning in expressions only");
}

TEST(TextTemplate, AMatcherKnowsDoubleQuotesOnly) {
  EXPECT_EQ(error_of("x='{{ version }}'", TemplateKind::matcher).substr(0, 27), "3: put {{ version }} in quo");
  EXPECT_EQ(error_of("x=`{{ version }}`", TemplateKind::matcher).substr(0, 27), "3: put {{ version }} in quo");
  EXPECT_EQ(rendered("x#=\"{{ version }}\"", TemplateKind::matcher, shop()), "x#=\"2.0\"") << "# begins no comment";
  EXPECT_EQ(rendered("x=~\"{{ version }}\"", TemplateKind::matcher, shop()), R"(x=~"2\\.0")");
}

TEST(TextTemplate, AnArgumentIsTakenAsItIsOrRefused) {
  EXPECT_EQ(argument("{{ version }}", "v1 ;$(rm)|\"'"), "v1 ;$(rm)|\"'");
  EXPECT_EQ(argument("--to={{ version }}", "-1"), "--to=-1");
  EXPECT_EQ(argument("{{ version }}", ""), "refused: {{ version }} is empty, which cannot be an argument");
  EXPECT_EQ(argument("x{{ version }}", std::string("a\0b", 3)),
            "refused: {{ version }} holds a character that is not shown; it cannot stand in an argument");
  EXPECT_EQ(argument("{{ version }}", "a\nb"),
            "refused: {{ version }} holds a character that is not shown; it cannot stand in an argument");
  EXPECT_EQ(argument("{{ version }}", "\xff"), "refused: {{ version }} is not UTF-8");
}

TEST(TextTemplate, AValueNeverMakesAnArgumentAnOption) {
  const std::string why =
      "refused: {{ version }} is \"--force\": an argument that begins with '-' would be read as an option";
  EXPECT_EQ(argument("{{ version }}", "--force"), why);
  EXPECT_EQ(argument("{{ version }}-{{ service }}", "--force"), why);
  EXPECT_EQ(argument("{{ service }}{{ version }}", "--force"), "shop--force");
}

TEST(TextTemplate, TextForPeopleStaysOnItsLine) {
  auto subject = shop();
  subject.version = "1\n2\x1b[0m";
  EXPECT_EQ(rendered("is {{ version }}", TemplateKind::text, subject), "is 1 2 [0m");
}

TEST(TextTemplate, AreEqualIfTextAndKindAre) {
  EXPECT_EQ(*TextTemplate::parse("a", TemplateKind::text), *TextTemplate::parse("a", TemplateKind::text));
  EXPECT_FALSE(*TextTemplate::parse("a", TemplateKind::text) == *TextTemplate::parse("b", TemplateKind::text));
  EXPECT_FALSE(*TextTemplate::parse("a", TemplateKind::text) == *TextTemplate::parse("a", TemplateKind::argument));
}

}  // namespace
}  // namespace guard::promql
