// SPDX-License-Identifier: Apache-2.0
#include "guard/report/escape.hpp"

#include <gtest/gtest.h>

namespace guard::report {
namespace {

TEST(Escape, NothingEndsHtmlTextOrAnAttribute) {
  EXPECT_EQ(escape_html("<script>alert('x') && \"y\"</script>"),
            "&lt;script&gt;alert(&#39;x&#39;) &amp;&amp; &quot;y&quot;&lt;/script&gt;");
  EXPECT_EQ(escape_html("v1.2 größer"), "v1.2 größer");
}

TEST(Escape, NothingBeginsOrEndsInALineOfMarkdown) {
  EXPECT_EQ(escape_markdown("a|b\n# c [x](http) `d` <i> *e* \\"),
            "a\\|b \\# c \\[x\\]\\(http\\) \\`d\\` \\<i\\> \\*e\\* \\\\");
}

TEST(Escape, ControlCharactersReachNoTerminalThatPrintsAReport) {
  EXPECT_EQ(escape_markdown("a\x1b[2Jb\x7f"), "a \\[2Jb ");
  EXPECT_EQ(markdown_block("a\x1b[2Jb\tc\r\nd\x7f\n"), "```\na [2Jb\tc \nd \n```\n");
}

TEST(Escape, WhatHidesTextIsNotInAPage) {
  EXPECT_EQ(escape_html("a\x1b[2J\u009b1m\u202eb\n\tc"), "a [2J 1m b\n\tc");
}

TEST(Escape, NothingThatWasPostedBecomesALink) {
  EXPECT_EQ(escape_markdown("see https://evil.example or www.evil.example or a@evil.example"),
            "see https:\\//evil.example or www\\.evil.example or a\\@evil.example");
}

TEST(Escape, CodeIsFencedLongerThanAnyTickInItAndKeepsATableWhole) {
  EXPECT_EQ(markdown_code("< 1%"), "`< 1%`");
  EXPECT_EQ(markdown_code("a`b``c"), "```a`b``c```");
  EXPECT_EQ(markdown_code("`a"), "`` `a ``");
  EXPECT_EQ(markdown_code("a|b\nc"), "`a\\|b c`");
  EXPECT_EQ(markdown_code(""), "");
}

TEST(Escape, ABlockIsFencedLongerThanAnyFenceInIt) {
  EXPECT_EQ(markdown_block("plain"), "```\nplain\n```\n");
  EXPECT_EQ(markdown_block("````\nout of the block\n"), "`````\n````\nout of the block\n`````\n");
}

}  // namespace
}  // namespace guard::report
