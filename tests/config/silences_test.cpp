// SPDX-License-Identifier: Apache-2.0
//
// Comments in a rule file that silence warnings.
#include "guard/config/load.hpp"

#include <gmock/gmock.h>

namespace guard::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A rule file whose `for` is shorter than its interval: `above` stands above the rule, `beside` beside its `for`.
std::string rules(const std::string& above, const std::string& beside = "") {
  return "groups:\n"
         "  - name: shop\n"
         "    match: ['service=\"shop\"']\n"
         "    window: 1h\n"
         "    rollback: { mode: observe }\n"
         "    rules:\n" +
         above +
         "      - slo: queue\n"
         "        expr: max(queue)\n"
         "        objective: \"< 10\"\n"
         "        for: 10s" +
         beside +
         "\n"
         "        on_no_data: hold\n"
         "        on_error: hold\n";
}

std::vector<std::string> names(const std::string& text) {
  std::vector<std::string> out;
  for (const auto& item : parse_rules(text, "a.yml").diagnostics.items)
    out.emplace_back(model::info_of(item.finding).name);
  return out;
}

TEST(Silences, AWarningThatNoCommentSilencesIsTold) {
  EXPECT_THAT(names(rules("")), ElementsAre("for-under-interval"));
}

TEST(Silences, ACommentHoldsForItsOwnLine) {
  EXPECT_THAT(names(rules("", "  # release-guard: ignore for-under-interval: two readings are enough")), IsEmpty());
}

TEST(Silences, ACommentAloneHoldsForTheNextLine) {
  EXPECT_THAT(names(rules("", "\n        # release-guard: ignore for-under-interval: below\n        action: warn")),
              ElementsAre("for-under-interval", "ignore-unused"));
}

TEST(Silences, ACommentAboveARuleHoldsForAllOfIt) {
  EXPECT_THAT(names(rules("      # release-guard: ignore for-under-interval: two readings are enough\n")), IsEmpty());
  EXPECT_THAT(names(rules("      # release-guard: ignore for-under-interval: enough\n\n      # the queue\n")),
              IsEmpty())
      << "other comments may stand between";
}

TEST(Silences, AnotherWarningIsNotSilencedAndTheCommentIsTold) {
  const auto loaded = parse_rules(rules("", "  # release-guard: ignore for-under-range: why not"), "a.yml");
  ASSERT_TRUE(loaded.value);
  EXPECT_THAT(format(loaded.diagnostics),
              HasSubstr("a.yml:10:19: warning: nothing is found here that is `for-under-range`; delete the comment "
                        "[ignore-unused]\n          for: 10s  # release-guard: ignore for-under-range: why not\n"
                        "                    ^\n"));
  EXPECT_EQ(loaded.diagnostics.items.size(), 2U);
}

TEST(Silences, WithoutAReasonItSilencesNothing) {
  for (const auto* comment :
       {"  # release-guard: ignore for-under-interval", "  # release-guard: ignore for-under-interval: "})
    EXPECT_THAT(names(rules("", comment)), ElementsAre("for-under-interval", "ignore-without-reason")) << comment;
}

TEST(Silences, AnUnknownNameIsTold) {
  EXPECT_THAT(names(rules("", "  # release-guard: ignore for-under: why")),
              ElementsAre("for-under-interval", "ignore-unknown"));
}

TEST(Silences, AnErrorCannotBeSilenced) {
  auto text = rules("      # release-guard: ignore threshold-in-expr: we like it so\n");
  text.replace(text.find("max(queue)"), 10, "max(queue) > 1");
  EXPECT_THAT(names(text), ElementsAre("ignore-unknown", "threshold-in-expr", "for-under-interval"));
}

TEST(Silences, WhatOnlyAServerCanShowIsNotCalledUnusedWithoutOne) {
  Silences silences;
  Diagnostics diagnostics;
  const Source source("a.yml", "x: 1  # release-guard: ignore unused-hook: why\n");
  silences.read(Report(source, diagnostics));
  silences.report_unused(diagnostics, true);
  EXPECT_THAT(diagnostics.items, IsEmpty());
  silences.report_unused(diagnostics, false);
  EXPECT_EQ(diagnostics.items.size(), 1U);
}

TEST(Silences, OtherWordsAreOrdinaryComments) {
  EXPECT_THAT(names(rules("      # release-guard: ignored by nobody\n      #release-guard reads this\n",
                          " # for-under-interval")),
              ElementsAre("for-under-interval"));
}

}  // namespace
}  // namespace guard::config
