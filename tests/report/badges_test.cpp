// SPDX-License-Identifier: Apache-2.0
//
// Reports and the page say the same: each name in the page's words, tones and icons, as its own modules have them.
#include "guard/report/badges.hpp"

#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::report {
namespace {

using testing::HasSubstr;

std::string module_of_page(const std::string& name) {
  std::ifstream in(SOURCE_DIR "/guard/web/src/" + name);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// From "const phases = {" to the end of that table.
std::string table_of_page(const std::string& name) {
  const auto words = module_of_page("words.js");
  const auto from = words.find("const " + name + " = {");
  return words.substr(from, words.find("\n};", from) - from);
}

template <class E>
void expect_same(const std::string& table) {
  const auto page = table_of_page(table);
  for (const auto& [value, name] : EnumNames<E>::table) {
    const auto badge = badge_of(value);
    if (badge.words.empty()) continue;  // nothing is shown of it
    EXPECT_THAT(page,
                HasSubstr(fmt::format("\n  {}: [\"{}\", \"{}\", \"{}\"],", name, badge.words, badge.tone, badge.icon)));
  }
}

TEST(ReportLooks, AreThoseOfThePage) {
  expect_same<model::Phase>("phases");
  expect_same<model::Verdict>("verdicts");
  expect_same<model::DecisionKind>("decisions");
  expect_same<model::CallState>("calls");
  expect_same<model::AttemptResult>("attempts");
}

TEST(ReportLooks, ABreachFromBeforeTheReleaseIsCalledSo) {
  const auto badge = badge_of(model::Verdict::breached, model::Reason::preexisting);
  EXPECT_THAT(module_of_page("words.js"), HasSubstr(fmt::format("{{ text: \"{}\", tone: \"{}\", icon: \"{}\" }}",
                                                                badge.words, badge.tone, badge.icon)));
  EXPECT_EQ(badge_of(model::Verdict::breached, model::Reason::breach_sustained).words, "Breached");
}

TEST(ReportLooks, EventsAndModesHaveThePagesWords) {
  for (const auto* kind : {"phase", "verdict", "decision", "attempt", "operator", "note", "signal", "gap"})
    EXPECT_THAT(table_of_page("events"), HasSubstr(fmt::format("\n  {}: \"{}\",", kind, event_word(kind))));
  EXPECT_EQ(event_word("of_tomorrow"), "of tomorrow");
  for (const auto& [mode, name] : EnumNames<model::Mode>::table)
    EXPECT_THAT(table_of_page("modes"), HasSubstr(fmt::format("\n  {}: \"{}\",", name, mode_words(mode))));
}

TEST(ReportLooks, IconsAreDrawnAsOnThePage) {
  const auto badge = module_of_page("badge.js");
  for (const auto* icon : {"clock", "eye", "hand", "back", "check", "cross", "question", "stop", "next"})
    EXPECT_THAT(badge, HasSubstr(fmt::format("\n  {}: \"{}\",", icon, icon_path(icon))));
}

}  // namespace
}  // namespace guard::report
