// SPDX-License-Identifier: Apache-2.0
#include "guard/receivers/markup.hpp"

#include "guard/base/text.hpp"

#include <gtest/gtest.h>

namespace guard::receivers {
namespace {

TEST(Markup, LeavesPlainTextAsItIs) {
  for (const auto escape : {as_it_is, slack_escape, discord_escape})
    EXPECT_EQ(fit("shop v2 in Köln, 20%", 100, escape), "shop v2 in Köln, 20%");
}

TEST(Markup, EscapesWhatEachServiceWouldRead) {
  EXPECT_EQ(fit("<@U1> & co", 100, slack_escape), "&lt;@U1&gt; &amp; co");
  EXPECT_EQ(fit("**v2** @here", 100, discord_escape), R"(\*\*v2\*\* \@here)");
}

TEST(Markup, ShowsNoControlCharactersAndKeepsToOneLine) {
  EXPECT_EQ(fit("a\nb\x1b[31m\u202Ec", 100, as_it_is), "a b [31m c");
  EXPECT_EQ(fit("a\xff", 100, as_it_is), "(no readable text)");
}

TEST(Markup, CutsBetweenCharactersAndNeverWithinAnEscape) {
  for (std::size_t most = 4; most < 40; ++most)
    for (const auto escape : {slack_escape, discord_escape}) {
      const auto cut = fit("&ü<*&ü<*&ü<*&ü<*", most, escape);
      EXPECT_LE(cut.size(), most);
      EXPECT_TRUE(is_utf8(cut)) << cut;
    }
  EXPECT_EQ(fit("&&&", 12, slack_escape), "&amp;…");
  EXPECT_EQ(fit("&&&", 15, slack_escape), "&amp;&amp;&amp;");
}

}  // namespace
}  // namespace guard::receivers
