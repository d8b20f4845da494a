// SPDX-License-Identifier: Apache-2.0
#include "guard/hooks/output_tail.hpp"

#include "guard/base/text.hpp"

#include <gtest/gtest.h>

namespace guard::hooks {
namespace {

TEST(OutputTail, WhatFitsIsWhole) {
  OutputTail tail(5);
  tail.add("ab");
  tail.add("cde");
  EXPECT_EQ(tail.text(), "abcde");
}

TEST(OutputTail, OfMoreTheEndIsKeptAndTheRestIsCounted) {
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 26U}) {
    OutputTail tail(5);
    const std::string_view all = "abcdefghijklmnopqrstuvwxyz";
    for (std::size_t at = 0; at < all.size(); at += piece) tail.add(all.substr(at, piece));
    EXPECT_EQ(tail.text(), "[21 bytes before this are left out]\nvwxyz") << piece;
  }
}

TEST(OutputTail, ACutThroughACharacterIsStillText) {
  OutputTail tail(3);
  tail.add("gr\xC3\xBC\xC3\x9F");
  EXPECT_EQ(tail.text(), "[3 bytes before this are left out]\n?\xC3\x9F");
}

TEST(OutputTail, NothingIsNothing) {
  EXPECT_EQ(OutputTail(5).text(), "");
}

TEST(AsUtf8, ReplacesWhatIsNoCharacterAndNothingElse) {
  EXPECT_EQ(as_utf8("\xF0\x9F\x9A\x80 \xF0\x9F\x9A \xED\xA0\x80 \x80z"), "\xF0\x9F\x9A\x80 ??? ??? ?z");
  EXPECT_TRUE(is_utf8(as_utf8("\xFF\xFE\xC0\x80\xF5")));
}

}  // namespace
}  // namespace guard::hooks
