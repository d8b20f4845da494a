// SPDX-License-Identifier: Apache-2.0
#include "guard/base/text.hpp"

#include <array>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace guard {
namespace {

constexpr std::array<std::string_view, 4> keys{"objective", "on_error", "expr", "for"};

TEST(NearestName, IsASlipOfThePenAway) {
  EXPECT_EQ(nearest_name("objektive", keys), "objective");
  EXPECT_EQ(nearest_name("on_eror", keys), "on_error");
  EXPECT_EQ(nearest_name("exp", keys), "expr");
  EXPECT_EQ(nearest_name("fxx", keys), std::nullopt) << "two slips in three letters are another word";
}

TEST(NearestName, CountsLettersThatChangedPlacesOnce) {
  constexpr std::array<std::string_view, 2> verbs{"start", "status"};
  EXPECT_EQ(nearest_name("stauts", verbs), "status");
  EXPECT_EQ(nearest_name("fro", keys), "for");
}

TEST(NearestName, IsNothingIfNothingIsNear) {
  EXPECT_EQ(nearest_name("threshold", keys), std::nullopt);
  EXPECT_EQ(nearest_name("", keys), std::nullopt);
  EXPECT_EQ(nearest_name("x", {}), std::nullopt);
}

TEST(Utf8, IsWellFormedOrNot) {
  for (const std::string_view text :
       {"", "a", "é", "€", "😀", "\x7f", "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(is_utf8(text)) << text;
  EXPECT_TRUE(is_utf8(std::string_view("\0", 1)));
  for (const std::string_view text :
       {"\x80", "\xc3", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xe2\x82", "\xed\xa0\x80", "\xf0\x80\x80\x80",
        "\xf0\x9f\x98", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
        "a\xc3"
        "a"})
    EXPECT_FALSE(is_utf8(text)) << testing::PrintToString(text);
  // Wherever it stands in what is seen eight bytes at once.
  for (std::size_t before = 0; before < 20; ++before) {
    const auto ascii = std::string(before, 'a');
    EXPECT_TRUE(is_utf8(ascii + "\xC3\xA4" + ascii)) << before;
    EXPECT_FALSE(is_utf8(ascii + "\xC3" + ascii)) << before;
  }
}

TEST(Shorten, CutsAtACharacterAndSaysSo) {
  EXPECT_EQ(shorten("abc", 3), "abc");
  EXPECT_EQ(shorten("abcd", 3), "abc…");
  EXPECT_EQ(shorten("aé", 2), "a…");
  EXPECT_EQ(shorten("😀", 3), "…");
  EXPECT_EQ(shorten("abc", 0), "…");
}

RC_GTEST_PROP(ShortenProperty, KeepsTextWellFormedAndShort, ()) {
  std::string text;
  for (const auto& part :
       *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>("a", "é", "€", "😀", "\n")))
    text += part;
  const auto max = *rc::gen::inRange<std::size_t>(0, 20);
  const auto cut = shorten(text, max);
  RC_ASSERT(is_utf8(cut));
  RC_ASSERT(cut == text || cut.size() <= max + std::string_view("…").size());
}

TEST(Trim, TakesWhiteSpaceFromBothEnds) {
  EXPECT_EQ(trim(" \t\r\na b\n "), "a b");
  EXPECT_EQ(trim("a"), "a");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(trim(""), "");
}

}  // namespace
}  // namespace guard
