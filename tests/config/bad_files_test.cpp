// SPDX-License-Identifier: Apache-2.0
//
// One bad file per fault; what the user reads about it is compared whole with the .txt beside it.
#include "guard/base/file.hpp"
#include "guard/config/client_file.hpp"
#include "guard/config/keys.hpp"
#include "guard/config/load.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::config {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const fs::path testdata = fs::path(TESTDATA_DIR) / "config";

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

std::set<fs::path> files_of(const fs::path& folder, const std::string& ending) {
  std::set<fs::path> out;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().string().ends_with(ending)) out.insert(entry.path());
  return out;
}

std::string expected_for(const fs::path& bad) {
  return read_file(replaced(bad.string(), ".bad.yml", ".bad.txt")).value_or("there is no .bad.txt beside it");
}

void expect_as_written(const fs::path& bad, const Diagnostics& diagnostics, bool usable) {
  SCOPED_TRACE(bad.filename().string());
  auto text = replaced(format(diagnostics), (bad.parent_path() / "").string(), "");
  text = replaced(std::move(text), bad.parent_path().string(), "HERE");
  text = replaced(std::move(text), testdata.string(), "TESTDATA");
  EXPECT_EQ(text, expected_for(bad));
  EXPECT_EQ(usable, !diagnostics.has_errors());
}

TEST(BadFiles, EachBadRuleFileIsAnsweredWithExactlyItsMessage) {
  const auto files = files_of(testdata / "rules", ".bad.yml");
  ASSERT_THAT(files, Not(IsEmpty()));
  for (const auto& file : files) {
    const auto loaded = parse_rules(*read_file(file), file.filename().string());
    expect_as_written(file, loaded.diagnostics, loaded.value.has_value());
  }
}

TEST(BadFiles, EachBadConfigurationFileIsAnsweredWithExactlyItsMessage) {
  const auto files = files_of(testdata / "settings", ".bad.yml");
  ASSERT_THAT(files, Not(IsEmpty()));
  for (const auto& file : files) {
    const auto loaded = load_settings(file);
    expect_as_written(file, loaded.diagnostics, loaded.value.has_value());
  }
}

TEST(BadFiles, EachBadWebFileIsAnsweredWithExactlyItsMessage) {
  const auto files = files_of(testdata / "web", ".bad.yml");
  ASSERT_THAT(files, Not(IsEmpty()));
  for (const auto& file : files) {
    const auto loaded = load_settings(testdata / "settings/alertmanager.yml", file);
    expect_as_written(file, loaded.diagnostics, loaded.value.has_value());
    EXPECT_THAT(format(loaded.diagnostics), Not(HasSubstr("hunter2hunter2"))) << file;
  }
}

TEST(BadFiles, EachBadClientFileIsAnsweredWithExactlyItsMessage) {
  const auto files = files_of(testdata / "client", ".bad.yml");
  ASSERT_THAT(files, Not(IsEmpty()));
  for (const auto& file : files) {
    const auto loaded = load_client_file(file);
    expect_as_written(file, loaded.diagnostics, loaded.value.has_value());
    EXPECT_THAT(format(loaded.diagnostics), Not(HasSubstr("hunter2hunter2"))) << file;
  }
}

TEST(BadFiles, EachMessageFileHasItsBadFile) {
  for (const auto* folder : {"rules", "settings", "web", "client"})
    for (const auto& text : files_of(testdata / folder, ".bad.txt"))
      EXPECT_TRUE(fs::exists(replaced(text.string(), ".bad.txt", ".bad.yml"))) << text;
}

// Every line of every message file.
std::vector<std::string> expected_lines() {
  std::vector<std::string> lines;
  for (const auto* folder : {"rules", "settings", "web", "client"}) {
    for (const auto& file : files_of(testdata / folder, ".bad.txt")) {
      std::istringstream text(*read_file(file));
      for (std::string line; std::getline(text, line);) lines.push_back(line);
    }
  }
  return lines;
}

TEST(BadFiles, EachKeyThatIsRefusedWithAdviceHasItsBadFile) {
  const auto lines = expected_lines();
  for (const auto* object : all_objects()) {
    for (const auto& [name, advice] : object->refused) {
      const auto refusal = fmt::format("`{}` is not supported in ", name);
      const auto ending = fmt::format(": {}", advice);
      EXPECT_TRUE(std::ranges::any_of(
          lines,
          [&](const std::string& line) { return line.find(refusal) != std::string::npos && line.ends_with(ending); }))
          << name << ": " << advice;
    }
  }
}

TEST(BadFiles, NoMessageShowsASecretOfTheConfigurationOrOfItsFiles) {
  for (const auto& file : files_of(testdata / "settings", ".bad.yml")) {
    const auto text = format(load_settings(file).diagnostics);
    EXPECT_THAT(text, Not(HasSubstr("hunter2hunter2"))) << file;
    for (const auto* secret : {"operator.token", "short.token", "blank.token", "short.secret", "bad_base64.secret"})
      EXPECT_THAT(text, Not(HasSubstr(read_secret(testdata / "settings/files" / secret)->reveal()))) << file;
  }
}

TEST(BadFiles, AMissingFileIsOneErrorThatNamesIt) {
  const std::vector<fs::path> files{"nowhere/rules.yml"};
  EXPECT_EQ(format(load_rule_files(files).diagnostics), "nowhere/rules.yml: cannot open: No such file or directory\n");
  EXPECT_EQ(format(load_settings("nowhere/guard.yml").diagnostics),
            "nowhere/guard.yml: cannot open: No such file or directory\n");
}

TEST(BadFiles, AnOversizedTextIsRefusedUnread) {
  const auto loaded = parse_rules(std::string((std::size_t{1} << 20U) + 1, '#'), "big.yml");
  EXPECT_EQ(format(loaded.diagnostics), "big.yml: larger than 1024 KiB; split it into several files\n");
  EXPECT_FALSE(loaded.value);
}

TEST(BadFiles, GroupsOfOneNameAreFoundAcrossRuleFiles) {
  const std::vector<fs::path> files{testdata / "settings/rules/shop.yml", testdata / "settings/rules/shop_again.yml"};
  const auto loaded = load_rule_files(files);
  EXPECT_FALSE(loaded.value);
  EXPECT_THAT(format(loaded.diagnostics), HasSubstr("shop_again.yml:2:11: another group is named \"shop\""));
}

}  // namespace
}  // namespace guard::config
