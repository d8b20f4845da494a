// SPDX-License-Identifier: Apache-2.0
#include "guard/base/printable.hpp"

#include <gtest/gtest.h>

namespace guard {
namespace {

TEST(Printable, TextStaysAsItIs) {
  for (const auto* text : {"", "v1.2.3", "für alle", "\u65e5\u672c", "\u00a0\u00ad"}) {
    EXPECT_TRUE(is_printable(text)) << text;
    EXPECT_EQ(printable(text), text);
  }
}

TEST(Printable, WhatATerminalObeysIsABlank) {
  EXPECT_EQ(printable("a\x1b]0;title\x07z\r\x7f"), "a ]0;title z  ");
  EXPECT_EQ(printable("a\u009b31mred\u0080"), "a 31mred ");
  for (const auto* text : {"\x1b", "\x7f", "\x01", "\u0085", "\u009b"}) EXPECT_FALSE(is_printable(text));
}

TEST(Printable, WhatHidesOtherTextIsABlank) {
  for (const auto* text : {"\u061c", "\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u202e", "\u2066", "\u2069"}) {
    EXPECT_FALSE(is_printable(text, Lines::many));
    EXPECT_EQ(printable(std::string("a") + text + "b", Lines::many), "a b");
  }
}

TEST(Printable, EndsOfLinesAndTabsAreTextWhereItHasManyLines) {
  EXPECT_EQ(printable("a\n\tb\r\n", Lines::many), "a\n\tb \n");
  EXPECT_EQ(printable("a\n\tb"), "a  b");
  EXPECT_TRUE(is_printable("a\n\tb", Lines::many));
  EXPECT_FALSE(is_printable("a\tb"));
}

TEST(Printable, BytesThatAreNoCharactersStay) {
  EXPECT_EQ(printable("\xc2"), "\xc2");
  EXPECT_EQ(printable("\xff\x9b"), "\xff\x9b");
}

}  // namespace
}  // namespace guard
