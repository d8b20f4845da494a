// SPDX-License-Identifier: Apache-2.0
//
// Expressions of the kinds that public rule files have yield a working rule or a finding with the right name. The files
// say themselves what is expected, above each rule.
#include "guard/base/file.hpp"
#include "guard/config/load.hpp"

#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

namespace guard::config {
namespace {

namespace fs = std::filesystem;

struct Expected {
  std::string rule;  // its line
  std::string found;
};

// By the line of the rule: the comment above it.
std::map<int, Expected> expected_of(const std::string& text) {
  std::map<int, Expected> out;
  std::istringstream lines(text);
  std::string before;
  int number = 0;
  for (std::string line; std::getline(lines, line); before = line) {
    ++number;
    const auto comment = before.find("# ");
    if (line.find("- { slo:") != std::string::npos) out[number] = {line, before.substr(comment + 2)};
  }
  return out;
}

// By the line of the rule: the names of what was found, or "works".
std::map<int, std::string> found_in(const std::string& text) {
  std::map<int, std::set<std::string_view>> names;
  for (const auto& item : parse_rules(text, "a.yml").diagnostics.items)
    names[item.line].insert(item.finding == model::Finding::none ? std::string_view(item.message)
                                                                 : model::info_of(item.finding).name);
  std::map<int, std::string> out;
  for (const auto& [line, all] : names)
    for (const auto name : all) out[line] += (out[line].empty() ? "" : ", ") + std::string(name);
  return out;
}

TEST(Expressions, OfPublicRuleFilesWorkOrHaveAFinding) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(TESTDATA_DIR "/expressions")) {
    const auto text = *read_file(entry.path());
    auto found = found_in(text);
    for (const auto& [line, expected] : expected_of(text)) {
      ++count;
      const auto said = found.contains(line) ? found.at(line) : "works";
      EXPECT_EQ(said, expected.found) << entry.path().filename() << ":" << line << ": " << expected.rule;
    }
  }
  EXPECT_GE(count, 100U);
}

}  // namespace
}  // namespace guard::config
