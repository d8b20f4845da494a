// SPDX-License-Identifier: Apache-2.0
#include "guard/config/diagnostics.hpp"

#include "guard/config/load.hpp"
#include "guard/config/source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::config {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

std::string error_at(const std::string& text, std::size_t offset) {
  Diagnostics diagnostics;
  const Source source("a.yml", text);
  Report(source, diagnostics).error(offset, "no");
  return format(diagnostics);
}

TEST(Diagnostics, ColumnsCountCharactersAndTheCaretStandsUnderThem) {
  EXPECT_EQ(error_at("x\näöü: y\n", 9), "a.yml:2:5: no\n  äöü: y\n      ^\n");
}

TEST(Diagnostics, TheEndOfTheTextIsAPlaceToo) {
  EXPECT_EQ(error_at("ab", 99), "a.yml:1:3: no\n  ab\n    ^\n");
}

TEST(Diagnostics, ALongLineIsCutToAWindowWithTheCaretInIt) {
  const auto text = error_at(std::string(500, 'a') + "X" + std::string(500, 'b'), 500);
  const auto snippet = text.substr(text.find('\n') + 1);
  EXPECT_LT(snippet.size(), 300U);
  EXPECT_THAT(text, HasSubstr("a.yml:1:501: no"));
  const auto first = snippet.substr(2, snippet.find('\n') - 2);
  const auto caret = snippet.substr(snippet.find('\n') + 3).find('^');
  // The ellipsis before the window is one character of three bytes.
  EXPECT_EQ(first[caret + 2], 'X');
}

TEST(Diagnostics, ControlCharactersOfTheFileNeverReachTheTerminal) {
  EXPECT_THAT(error_at("a\x1b[31mb", 0), Not(HasSubstr("\x1b")));
}

TEST(Diagnostics, WindowsLineEndsAndByteOrderMarksDoNotMoveColumns) {
  EXPECT_EQ(error_at("\xEF\xBB\xBFone\r\ntwo\r\n", 5), "a.yml:2:1: no\n  two\n  ^\n");
}

TEST(Diagnostics, WarningsSayThatTheyAreOne) {
  Diagnostics diagnostics;
  const Source source("a.yml", "x");
  Report(source, diagnostics).about("cpu", 0).remark(0, {model::Finding::for_under_range, "hm", "wait"});
  EXPECT_EQ(format(diagnostics), "a.yml:1:1: warning: rule \"cpu\": hm; wait [for-under-range]\n  x\n  ^\n");
  EXPECT_FALSE(diagnostics.has_errors());
}

TEST(Diagnostics, TheyAreSortedByPlace) {
  const auto loaded = parse_rules("groups:\n  - name: a\n    zzz: 1\n    aaa: 2\n", "a.yml");
  for (std::size_t i = 1; i < loaded.diagnostics.items.size(); ++i)
    EXPECT_LE(loaded.diagnostics.items[i - 1].line, loaded.diagnostics.items[i].line);
}

TEST(Diagnostics, AFloodOfProblemsEndsInOneLineThatSaysSo) {
  std::string text = "groups:\n";
  for (int i = 0; i < 5000; ++i) text += "  - nothing\n";
  const auto loaded = parse_rules(text, "a.yml");
  EXPECT_FALSE(loaded.value);
  EXPECT_THAT(loaded.diagnostics.items, SizeIs(most_diagnostics + 1));
  EXPECT_THAT(format(loaded.diagnostics), HasSubstr("there are more problems than the 100 shown"));
}

TEST(Diagnostics, SecretsThatStandInTheFileAreStarredOutOfTheSnippet) {
  EXPECT_THAT(error_at("basic_auth: { password: 'hunter2' }", 0), EndsWith("password: ***********\n  ^\n"));
  EXPECT_THAT(error_at("url: http://me:hunter2@host/", 0), HasSubstr("http://**********@host/"));
  EXPECT_THAT(error_at("password_file: ok.txt", 0), HasSubstr("ok.txt"));
}

TEST(Diagnostics, ASecretUnderAMisspeltKeyIsStarredOutToo) {
  for (const auto* line : {"pasword: hunter2", "{ username: guard, passwrd: 'hunter2' }", "\"credentails\":hunter2",
                           "tokn: hunter2", "my_secret: hunter2"})
    EXPECT_THAT(error_at(line, 0), Not(HasSubstr("hunter2"))) << line;
  for (const auto* line : {"breaker: 3", "tokens: 3", "secret_fil: 3", "passwort_datei: 3", "url: http://h:3"})
    EXPECT_THAT(error_at(line, 0), HasSubstr("3\n")) << line;
}

}  // namespace
}  // namespace guard::config
