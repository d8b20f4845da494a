// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/lexer.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace guard::promql {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Kind = TokenKind;

std::vector<std::string> texts(std::string_view text, Syntax syntax = Syntax::promql) {
  std::vector<std::string> out;
  for (const auto& token : lex(text, syntax)) out.emplace_back(token.text);
  return out;
}

std::vector<Kind> kinds(std::string_view text, Syntax syntax = Syntax::promql) {
  std::vector<Kind> out;
  for (const auto& token : lex(text, syntax)) out.push_back(token.kind);
  return out;
}

TEST(Lexer, KnowsEveryKindOfToken) {
  EXPECT_THAT(texts("rate(x{a=\"b\"}[5m]) >= 2 # why"),
              ElementsAre("rate", "(", "x", "{", "a", "=", "\"b\"", "}", "[", "5m", "]", ")", ">=", "2", "# why"));
  EXPECT_THAT(
      kinds("rate(x{a=\"b\"}[5m]) >= 2 # why"),
      ElementsAre(Kind::word, Kind::open, Kind::word, Kind::open, Kind::word, Kind::symbol, Kind::string, Kind::close,
                  Kind::open, Kind::duration, Kind::close, Kind::close, Kind::symbol, Kind::number, Kind::comment));
  EXPECT_THAT(lex(" \t\r\n", Syntax::promql), IsEmpty());
}

TEST(Lexer, TakesTheLongestOperator) {
  EXPECT_THAT(texts("a=~b!~c==d!=e<=f>=g</h>/i<j>k=l"),
              ElementsAre("a", "=~", "b", "!~", "c", "==", "d", "!=", "e", "<=", "f", ">=", "g", "</", "h", ">/", "i",
                          "<", "j", ">", "k", "=", "l"));
}

TEST(Lexer, KeepsTheOffsetsInBytes) {
  const auto tokens = lex("x{a=\"ü\"} + y", Syntax::promql);
  EXPECT_EQ(tokens[4].begin, 4U);
  EXPECT_EQ(tokens[4].end(), 8U);
  EXPECT_EQ(tokens.back().begin, 12U);
}

TEST(Lexer, AStringEndsAtItsOwnQuoteThatIsNotEscaped) {
  EXPECT_THAT(texts(R"("a'`\"b" 'c"\'d')"), ElementsAre(R"("a'`\"b")", R"('c"\'d')"));
  EXPECT_THAT(texts(R"("\\"x)"), ElementsAre(R"("\\")", "x"));
  EXPECT_THAT(texts(R"(`\`x)"), ElementsAre(R"(`\`)", "x")) << "no escapes between backquotes";
  EXPECT_THAT(texts("\"a\nb\"x"), ElementsAre("\"a\nb\"", "x"));
}

TEST(Lexer, AStringThatNeverEndsIsNotClosed) {
  for (const auto* text : {"\"", "'a", "`a\\", "\"a\\", "\"a\\\"", "'\""}) {
    const auto tokens = lex(text, Syntax::promql);
    ASSERT_EQ(tokens.size(), 1U) << text;
    EXPECT_EQ(tokens[0].text, text);
    EXPECT_FALSE(tokens[0].closed) << text;
  }
  EXPECT_TRUE(lex("\"\"", Syntax::promql)[0].closed);
}

TEST(Lexer, ACommentEndsWithItsLine) {
  EXPECT_THAT(texts("a # \"b' {\nc #"), ElementsAre("a", "# \"b' {", "c", "#"));
  EXPECT_THAT(texts("\"# no\" `# no`"), ElementsAre("\"# no\"", "`# no`"));
  EXPECT_EQ(lex_code("# a\nb # c", Syntax::promql).size(), 1U);
}

TEST(Lexer, AColonBelongsToANameExceptBetweenSquareBrackets) {
  EXPECT_THAT(texts("job:errors:rate5m + :a"), ElementsAre("job:errors:rate5m", "+", ":a"));
  EXPECT_THAT(texts("a:b[1h:5m] + c:d"), ElementsAre("a:b", "[", "1h", ":", "5m", "]", "+", "c:d"));
  EXPECT_THAT(texts("[(a):b]:c"), ElementsAre("[", "(", "a", ")", ":", "b", "]", ":c"));
}

TEST(Lexer, TellsDurationsFromNumbers) {
  for (const auto* text : {"0", "12", "0x1F", "1e-3", "1E+3", ".5", "5.", "1.5h", "30m1h", "5x"})
    EXPECT_THAT(kinds(text), ElementsAre(Kind::number)) << text;
  for (const auto* text : {"5m", "1h30m", "1y2w3d4h5m6s7ms"})
    EXPECT_THAT(kinds(text), ElementsAre(Kind::duration)) << text;
  EXPECT_THAT(texts("1e-3-2"), ElementsAre("1e-3", "-", "2"));
  EXPECT_THAT(texts("0x1e-x"), ElementsAre("0x1e", "-", "x")) << "e is a digit there";
}

TEST(Lexer, NamesMayHoldDotsAndLettersBeyondAscii) {
  EXPECT_THAT(texts("http.requests + température_ü"), ElementsAre("http.requests", "+", "température_ü"));
  EXPECT_THAT(texts("a or.5"), ElementsAre("a", "or", ".5"));
}

TEST(Lexer, AKeywordIsAWordInAnyCase) {
  const auto tokens = lex("OffSet \"offset\" offset_", Syntax::promql);
  EXPECT_TRUE(tokens[0].is_word("offset"));
  EXPECT_FALSE(tokens[1].is_word("offset"));
  EXPECT_FALSE(tokens[2].is_word("offset"));
}

TEST(Lexer, AFieldIsATokenOutsideStringsAndAPartOfThem) {
  EXPECT_THAT(texts("x[{{ w \"5m\" }}]", Syntax::promql_template), ElementsAre("x", "[", "{{ w \"5m\" }}", "]"));
  EXPECT_THAT(texts("\"{{ a\"b }}\"c", Syntax::promql_template), ElementsAre("\"{{ a\"b }}\"", "c"));
  EXPECT_THAT(texts("`{{ a`b }}`c", Syntax::promql_template), ElementsAre("`{{ a`b }}`", "c"));
  EXPECT_THAT(kinds("{{ a }}", Syntax::promql_template), ElementsAre(Kind::field));
}

TEST(Lexer, WhatIsNoFieldIsTwoBrackets) {
  EXPECT_THAT(texts("{{ a", Syntax::promql_template), ElementsAre("{", "{", "a"));
  EXPECT_THAT(texts("\"{{\" }", Syntax::promql_template), ElementsAre("\"{{\"", "}"));
  EXPECT_THAT(texts("{{a}}"), ElementsAre("{", "{", "a", "}", "}")) << "a server knows no fields";
  EXPECT_THAT(texts("\"{{\"}}\""), ElementsAre("\"{{\"", "}", "}", "\""));
}

TEST(Lexer, AMatcherKnowsDoubleQuotesOnlyAndNoComments) {
  const auto tokens = lex("x#='a`=~\"{{ b }}'\"", Syntax::matcher_template);
  EXPECT_EQ(tokens.back().text, "\"{{ b }}'\"");
  EXPECT_TRUE(tokens[tokens.size() - 2].is("=~"));
}

RC_GTEST_PROP(LexerProperty, TheTokensOfAnyTextHoldAllOfItButBlanks, ()) {
  const auto parts = *rc::gen::container<std::vector<std::string>>(rc::gen::weightedOneOf<std::string>(
      {{4, rc::gen::element<std::string>("{{", "}}", "\"", "'", "`", "\\", "#", "\n", " ", "[", "]", "(", ":", "=~",
                                         "0x", "1e-", ".", "5m", "a", "ü", "\xff")},
       {1, rc::gen::arbitrary<std::string>()}}));
  std::string text;
  for (const auto& part : parts) text += part;
  for (const auto syntax : {Syntax::promql, Syntax::promql_template, Syntax::matcher_template}) {
    std::size_t end = 0;
    const auto only_blanks = [&](std::size_t to) {
      return text.substr(end, to - end).find_first_not_of(" \t\n\r\v\f") == std::string::npos;
    };
    for (const auto& token : lex(text, syntax)) {
      RC_ASSERT(!token.text.empty() && token.begin >= end && only_blanks(token.begin));
      RC_ASSERT(token.text == std::string_view(text).substr(token.begin, token.text.size()));
      end = token.end();
    }
    RC_ASSERT(only_blanks(text.size()));
  }
}

}  // namespace
}  // namespace guard::promql
