// SPDX-License-Identifier: Apache-2.0
#include "guard/model/matcher.hpp"

#include <regex>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace guard::model {
namespace {

Matcher parsed(std::string_view text) {
  auto matcher = Matcher::parse(text);
  EXPECT_TRUE(matcher) << text << ": " << (matcher ? "" : matcher.error().message);
  return *matcher;
}

TEST(Matcher, ReadsAlertmanagersSyntax) {
  struct Case {
    std::string_view text;
    std::string name;
    MatchOp op;
    std::string value;
  };
  for (const auto& [text, name, op, value] : {Case{"service=\"shop\"", "service", MatchOp::equal, "shop"},
                                              {"service=shop", "service", MatchOp::equal, "shop"},
                                              {"  a_1 !=  b c  ", "a_1", MatchOp::not_equal, "b c"},
                                              {"_x=~\"a|b\"", "_x", MatchOp::regex, "a|b"},
                                              {"x!~ab.", "x", MatchOp::not_regex, "ab."},
                                              {"x=", "x", MatchOp::equal, ""},
                                              {"x=\"\"", "x", MatchOp::equal, ""},
                                              {R"(x="say \"hi\"\\\n")", "x", MatchOp::equal, "say \"hi\"\\\n"},
                                              {R"(x="C:\dir")", "x", MatchOp::equal, R"(C:\dir)"},
                                              {"x=\"a,b{c}=d\"", "x", MatchOp::equal, "a,b{c}=d"},
                                              {"x==y", "x", MatchOp::equal, "=y"},
                                              {"x=\"grün\"", "x", MatchOp::equal, "grün"}}) {
    const auto matcher = parsed(text);
    EXPECT_EQ(matcher.name(), name) << text;
    EXPECT_EQ(matcher.op(), op) << text;
    EXPECT_EQ(matcher.value(), value) << text;
  }
}

TEST(Matcher, RefusesWhatAlertmanagerWouldNotRead) {
  for (const std::string_view text :
       {"", "x", "=y", "1x=y", "x-y=z", "x:y=z", "x ~ y", "x=\"y", "x=y\"", "x=\"y\" z", "x=\"a\"b\"", R"(x="y\")",
        "x=a,y=b", "{x=y}", "x=~\"(\"", "x!~\"a**\"", "x=\"\xff\"", "x=\"\xc0\xaf\""})
    EXPECT_FALSE(Matcher::parse(text)) << text;
}

TEST(Matcher, ErrorsSayWhatIsWrongAndWhatToWrite) {
  EXPECT_EQ(Matcher::parse("service").error(),
            (Error{ErrorCode::invalid,
                   "\"service\" is not a matcher: after the label name comes one of = != =~ !~; write for example "
                   "service=\"shop\""}));
  EXPECT_EQ(Matcher::parse("x=~\"(\"").error(),
            (Error{ErrorCode::invalid, "\"(\" is no regular expression (RE2): missing ): ^(?:()$"}));
}

TEST(Matcher, ComparesTheWholeValue) {
  EXPECT_TRUE(parsed("x=a").matches({{"x", "a"}}));
  EXPECT_FALSE(parsed("x=a").matches({{"x", "ab"}}));
  EXPECT_FALSE(parsed("x=a").matches({{"y", "a"}}));
  EXPECT_TRUE(parsed("x!=a").matches({{"x", "b"}}));
}

TEST(Matcher, RegularExpressionsAreAnchored) {
  EXPECT_TRUE(parsed("x=~a|bc").matches({{"x", "bc"}}));
  EXPECT_FALSE(parsed("x=~a|bc").matches({{"x", "abc"}}));
  EXPECT_FALSE(parsed("x=~b").matches({{"x", "a\nb"}})) << "a line is not the whole";
  EXPECT_FALSE(parsed("x!~a.*").matches({{"x", "abc"}}));
  EXPECT_TRUE(parsed("x!~a.*").matches({{"x", "cab"}}));
}

TEST(Matcher, AnAbsentLabelCountsAsEmpty) {
  EXPECT_TRUE(parsed("x=").matches({}));
  EXPECT_TRUE(parsed("x!=a").matches({}));
  EXPECT_TRUE(parsed("x=~.*").matches({}));
  EXPECT_FALSE(parsed("x=~.+").matches({}));
  EXPECT_TRUE(parsed("x!~a").matches({}));
}

TEST(Matcher, AHostileExpressionCostsLittle) {
  std::string large;  // within RE2's own bound, beyond ours
  for (int i = 0; i < 100; ++i) large += "[a-zé]{1000}";
  EXPECT_FALSE(Matcher::make("x", MatchOp::regex, large));
  EXPECT_FALSE(parsed("x=~\"(a|a)*b\"").matches({{"x", std::string(100'000, 'a')}}));
}

TEST(Matcher, Fault27AnEmptyListNeverMeansEverything) {
  EXPECT_FALSE(matches_all({}, {{"x", "a"}}));
  EXPECT_TRUE(matches_all({parsed("x=a"), parsed("y=b")}, {{"x", "a"}, {"y", "b"}}));
  EXPECT_FALSE(matches_all({parsed("x=a"), parsed("y=b")}, {{"x", "a"}}));
}

TEST(Matcher, AreEqualIfTheySayTheSame) {
  EXPECT_EQ(parsed("x=\"a\""), parsed(" x = a "));
  EXPECT_FALSE(parsed("x=a") == parsed("x=~a"));
  EXPECT_FALSE(parsed("x=a") == parsed("y=a"));
  EXPECT_FALSE(parsed("x=a") == parsed("x=b"));
}

RC_GTEST_PROP(MatcherProperty, WhatItWritesItReads, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127));
  const auto op = *rc::gen::element(MatchOp::equal, MatchOp::not_equal);
  const auto matcher = *Matcher::make("label", op, text);
  const auto again = Matcher::parse(matcher.to_string());
  RC_ASSERT(again.has_value());
  RC_ASSERT(*again == matcher);
}

RC_GTEST_PROP(MatcherProperty, RegularExpressionsAgreeWithTheStandardOnes, ()) {
  // Patterns both engines know; the subject is made of the same few letters, so that matches are common.
  const auto pattern =
      *rc::gen::element<std::string>("a*b", "(a|b)+", "a?b?c?", "[ab]c", "[^a]*", "a{2}", "", "(ab)*c", "a|bc|", ".b");
  const auto value = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("abc")));
  const auto matcher = *Matcher::make("x", MatchOp::regex, pattern);
  RC_ASSERT(matcher.matches({{"x", value}}) == std::regex_match(value, std::regex(pattern)));
}

RC_GTEST_PROP(MatcherProperty, ANegationIsTheOpposite, ()) {
  const auto letters = rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab|*")));
  const auto pattern = *letters;
  const Labels labels{{"x", *letters}};
  RC_ASSERT(Matcher::make("x", MatchOp::equal, pattern)->matches(labels) !=
            Matcher::make("x", MatchOp::not_equal, pattern)->matches(labels));
  const auto regex = Matcher::make("x", MatchOp::regex, pattern);
  RC_PRE(regex.has_value());
  RC_ASSERT(regex->matches(labels) != Matcher::make("x", MatchOp::not_regex, pattern)->matches(labels));
}

}  // namespace
}  // namespace guard::model
