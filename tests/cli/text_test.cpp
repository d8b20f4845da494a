// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/text_table.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace guard::cli {
namespace {

TEST(TextTable, AlignsByCharactersNotBytes) {
  EXPECT_EQ(format_table({{{"größe"}, {"1"}}, {{"a"}, {"2"}}}, {2}), "  größe  1\n  a      2\n");
}

TEST(TextTable, LeavesNoBlanksAtTheEndOfALine) {
  EXPECT_EQ(format_table({{{"a"}, {""}}, {{"b"}, {"c"}}, {}}, {}), "a\nb  c\n\n");
}

TEST(TextTable, ColoursDoNotCountAsWidth) {
  EXPECT_EQ(format_table({{{"ok", Style::good}, {"x"}}, {{"longer"}, {"y"}}}, {0, true}),
            "\x1b[32mok\x1b[0m      x\nlonger  y\n");
}

TEST(TextTable, PaintsNothingWithoutColour) {
  EXPECT_EQ(paint("bad", Style::bad, false), "bad");
  EXPECT_EQ(paint("bad", Style::bad, true), "\x1b[1;31mbad\x1b[0m");
}

TEST(TextTable, TheLastCellGoesOnBelowItself) {
  EXPECT_EQ(format_table({{{"when"}, {"what happened there and then"}}}, {2, false, 32}),
            "  when  what happened there and\n        then\n");
}

TEST(Wrapped, BreaksAtBlanksAndLeavesLongWordsWhole) {
  EXPECT_EQ(wrapped("a release that broke its objective", 0, 2, 26), "a release that broke its\n  objective");
  EXPECT_EQ(wrapped("see https://runbooks.example/a/long/way/down now", 0, 0, 24),
            "see\nhttps://runbooks.example/a/long/way/down\nnow");
  EXPECT_EQ(wrapped("where there is no room for words", 0, 20, 30), "where there is no room for words");
  EXPECT_EQ(wrapped("not at all", 0, 0, 0), "not at all");
}

RC_GTEST_PROP(Wrapped, LosesNothingButBlanks, (const std::string& text)) {
  auto without = [](std::string of) {
    std::erase_if(of, [](char c) { return c == ' ' || c == '\n'; });
    return of;
  };
  RC_ASSERT(without(wrapped(text, 3, 2, *rc::gen::inRange<std::size_t>(0, 60))) == without(text));
}

TEST(Fit, CutsAtACharacter) {
  EXPECT_EQ(fit("abc", 3), "abc");
  EXPECT_EQ(fit("abcd", 3), "ab…");
  EXPECT_EQ(fit("äöüß", 3), "äö…");
  EXPECT_EQ(fit("ab", 1), "…");
}

RC_GTEST_PROP(Fit, IsNeverWiderThanAsked, (const std::string& text)) {
  const auto columns = *rc::gen::inRange<std::size_t>(1, 20);
  RC_ASSERT(width(fit(text, columns)) <= columns);
}

}  // namespace
}  // namespace guard::cli
