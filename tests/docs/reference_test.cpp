// SPDX-License-Identifier: Apache-2.0
//
// docs/reference.md holds one table for each object of the guard's files, and one of the findings. The parsers take
// their keys and names from the same place as this test, so the reference cannot go stale.
#include "guard/base/file.hpp"
#include "guard/config/keys.hpp"
#include "guard/model/finding.hpp"

#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using config::KeyInfo;
using config::Need;
using config::ObjectInfo;

// A cell of a Markdown table.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

std::string presence(const KeyInfo& key) {
  switch (key.need) {
    case Need::required:
      return "required";
    case Need::inherited:
      return "required, here or in `defaults`";
    case Need::optional:
      return key.fallback.empty() ? "" : fmt::format("`{}`", key.fallback);
  }
  return "";
}

std::string row(const KeyInfo& key) {
  const auto only = key.only_for.empty() ? "" : fmt::format(" (for {})", key.only_for);
  return fmt::format("| `{}` | {} | {} | {}{} |\n", key.name, cell(config::text_of(key.type)), presence(key),
                     cell(key.meaning), only);
}

std::string table(const ObjectInfo& object) {
  auto out =
      fmt::format("<!-- keys of {} -->\n| key | value | default | meaning |\n| --- | --- | --- | --- |\n", object.name);
  for (const auto& key : object.keys) out += row(key);
  return out + "<!-- end -->\n";
}

TEST(Reference, ShowsEveryKeyOfEveryObjectAsTheParsersKnowIt) {
  const auto text = read_file(SOURCE_DIR "/docs/reference.md");
  ASSERT_TRUE(text) << text.error().message;
  for (const auto* object : config::all_objects()) EXPECT_THAT(*text, testing::HasSubstr(table(*object)));
}

std::string_view shown_by(model::FoundBy found_by) {
  switch (found_by) {
    case model::FoundBy::text:
      return "the text";
    case model::FoundBy::server:
      return "a server";
    case model::FoundBy::either:
      return "the text, a server";
  }
  return "";
}

std::string table_of_findings() {
  std::string out =
      "<!-- findings -->\n| name | kind | found in | what it is | way out |\n| --- | --- | --- | --- | --- |\n";
  for (const auto& info : model::all_findings())
    out += fmt::format("| `{}` | {} | {} | {} | {} |\n", info.name, info.error ? "error" : "warning",
                       shown_by(info.found_by), cell(info.what), cell(info.fix));
  return out + "<!-- end -->\n";
}

TEST(Reference, ShowsEveryFinding) {
  EXPECT_THAT(*read_file(SOURCE_DIR "/docs/reference.md"), testing::HasSubstr(table_of_findings()));
}

TEST(Reference, ShowsNoOtherObject) {
  const auto text = read_file(SOURCE_DIR "/docs/reference.md");
  ASSERT_TRUE(text);
  std::size_t tables = 0;
  for (auto at = text->find("<!-- keys of "); at != std::string::npos; at = text->find("<!-- keys of ", at + 1))
    ++tables;
  EXPECT_EQ(tables, config::all_objects().size());
}

}  // namespace
}  // namespace guard::test
