// SPDX-License-Identifier: Apache-2.0
#include "guard/report/chapters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::report {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Chapters document() {
  Chapter chapter;
  chapter.title = "shop v2";
  chapter.badge = badge_of(model::Phase::rolled_back);
  chapter.words = "In words.";
  chapter.facts = {{"Live", "never"}, {"Outcome", "as *it* is"}};
  chapter.head = {"Objective", "Worst"};
  chapter.rows = {{"error_rate", "20%"}, {"größe", ""}};
  chapter.lines = {"one | two"};
  chapter.tasks = {{"Review", "all held", true}, {"Plan", "", false}};
  Chapter inner;
  inner.title = "Alerts";
  inner.inner = true;
  inner.words = "None.";
  return {"Releases in 1d", {chapter, inner}};
}

TEST(Chapters, AreMarkdown) {
  EXPECT_EQ(as_markdown(document()), R"(# Releases in 1d

## shop v2: Rolled back

In words.

- Live: never
- Outcome: as \*it\* is

| Objective | Worst |
| --- | --- |
| `error_rate` | `20%` |
| `größe` |  |

- one \| two
- [x] Review: all held
- [ ] Plan

### Alerts

None.
)");
}

TEST(Chapters, ArePlainTextWithAlignedColumns) {
  EXPECT_EQ(as_text(document()), R"(Releases in 1d

== shop v2: Rolled back

  In words.

  Live     never
  Outcome  as *it* is

  Objective   Worst
  error_rate  20%
  größe       -

  - one | two
  [x] Review: all held
  [ ] Plan

Alerts

  None.
)");
}

TEST(Chapters, AreAPageThatRunsNothing) {
  auto hostile = document();
  hostile.title = hostile.all[0].title = hostile.all[0].words = "<script>alert(1)</script>";
  hostile.all[0].facts[0].second = hostile.all[0].rows[0][1] = hostile.all[0].lines[0] = "<img src=x>";
  hostile.all[0].tasks[0].words = "<b>";
  const auto page = as_page(hostile);
  EXPECT_THAT(page, AllOf(Not(HasSubstr("<script>")), Not(HasSubstr("<img")), Not(HasSubstr("<b>"))));
  EXPECT_THAT(as_page(document()),
              AllOf(HasSubstr("<th scope=\"row\"><bdi>error_rate</bdi></th>"), HasSubstr("data-name=\"Worst\""),
                    HasSubstr("☑ Review: all held"), HasSubstr("☐ Plan"),
                    HasSubstr("<dt>Live</dt><dd dir=\"auto\">never</dd>"), HasSubstr("<h4><bdi>Alerts</bdi></h4>")));
}

TEST(Chapters, WhatATerminalWouldObeyIsNotWritten) {
  auto hostile = document();
  hostile.all[0].lines[0] = "\x1b[31mred\nnext";
  EXPECT_THAT(as_text(hostile), AllOf(Not(HasSubstr("\x1b")), HasSubstr("  -  [31mred next\n")));
}

}  // namespace
}  // namespace guard::report
