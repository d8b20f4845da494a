// SPDX-License-Identifier: Apache-2.0
//
// tests/FAULTS.md maps the numbered faults to tests that carry the number in their name; the map stays whole.
#include "guard/base/file.hpp"

#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard {
namespace {

namespace fs = std::filesystem;

constexpr int last_fault = 67;
const fs::path tests = fs::path(SOURCE_DIR) / "tests";

std::string text_of(const fs::path& file) {
  return read_file(file).value_or("");
}

// The matches of `expression`, as its groups joined by a dot.
std::vector<std::string> all(const std::string& text, const std::string& expression) {
  const std::regex regex(expression);
  std::vector<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), regex), end; it != end; ++it)
    found.push_back(it->size() == 3 ? (*it)[1].str() + "." + (*it)[2].str() : (*it)[1].str());
  return found;
}

// Every test of the sources whose name holds "Fault<number>" or "fault_<number>", as FAULTS.md names it.
std::set<std::string> numbered_tests() {
  std::set<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(tests)) {
    const auto room = entry.path().parent_path().filename().string();
    const auto file = entry.path().stem().string();
    if (entry.path().extension() == ".cpp")
      for (const auto& name : all(text_of(entry.path()), R"(TEST(?:_F|_P)?\((\w+), (Fault\d+\w*)\))"))
        names.insert(fmt::format("{}.{}", room, name));
    if (entry.path().extension() == ".py" && file.starts_with("test_"))
      for (const auto& name : all(text_of(entry.path()), R"(def (test_fault_\d+_\w+)\()"))
        names.insert(fmt::format("{}.{}.{}", room, file.substr(5), name));
  }
  return names;
}

// The tests of each row of the table: | 17 | promql.Suite.Fault17Name |
std::multimap<int, std::string> mapped() {
  std::multimap<int, std::string> rows;
  const auto text = text_of(tests / "FAULTS.md");
  const std::regex row(R"(\| (\d+) \| (\S+) \|)");
  for (std::sregex_iterator it(text.begin(), text.end(), row), end; it != end; ++it)
    rows.emplace(std::stoi((*it)[1].str()), (*it)[2].str());
  return rows;
}

TEST(Faults, EachOneHasATestUnlessTheMapSaysWhyNot) {
  const std::set<int> without_test{53, 54};  // FAULTS.md says why
  const auto rows = mapped();
  for (int fault = 1; fault <= last_fault; ++fault)
    EXPECT_EQ(rows.contains(fault), !without_test.contains(fault)) << fault;
}

TEST(Faults, TheMapNamesTheTestsThatThereAre) {
  const auto known = numbered_tests();
  std::set<std::string> listed;
  for (const auto& [fault, test] : mapped()) {
    EXPECT_TRUE(known.contains(test)) << fault << ": there is no test " << test;
    EXPECT_THAT(test, testing::ContainsRegex(fmt::format("(Fault{0}[^0-9]|fault_{0}_)", fault)));
    listed.insert(test);
  }
  for (const auto& test : known) EXPECT_TRUE(listed.contains(test)) << test << " is not in tests/FAULTS.md";
}

}  // namespace
}  // namespace guard
