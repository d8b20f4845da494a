// SPDX-License-Identifier: Apache-2.0
//
// Each room includes only what lies under it, read from the sources themselves: ARCHITECTURE.md says the same in words.
#include "guard/base/file.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <re2/re2.h>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard {
namespace {

namespace fs = std::filesystem;

using Rooms = std::map<std::string, std::set<std::string>>;

// Nouns lie under decisions, decisions under the loop, words beside it.
const Rooms may_include = {
    {"base", {}},
    {"promql", {"base"}},
    {"model", {"base", "promql"}},
    {"core", {"base", "promql", "model"}},
    {"http", {"base"}},
    {"config", {"base", "promql", "model", "http"}},
    {"importing", {"base", "promql", "model", "config"}},
    {"metrics", {"base", "model", "http"}},
    {"replay", {"base", "promql", "model", "core", "metrics"}},
    {"alerts", {"base", "model", "http"}},
    {"receivers", {"base", "model", "http", "config", "alerts"}},
    {"hooks", {"base", "promql", "model", "http", "config"}},
    {"preflight",
     {"base", "promql", "model", "core", "http", "config", "metrics", "replay", "alerts", "receivers", "hooks"}},
    {"store", {"base", "promql", "model", "alerts"}},
    {"story", {"base", "promql", "model", "core", "http", "config", "metrics"}},
    {"report", {"base", "model", "core", "replay", "story"}},
    {"engine",
     {"base", "promql", "model", "core", "http", "config", "metrics", "replay", "alerts", "receivers", "hooks",
      "preflight", "store", "story"}},
    {"notify", {"base", "model", "core", "http", "config", "alerts", "receivers", "story", "engine"}},
    {"web", {}},
    {"api", {"base", "model", "core", "http", "config", "alerts", "store", "story", "report", "engine", "web"}},
    {"exporters", {"base", "model", "core", "receivers", "story", "engine"}},
    {"serve",
     {"base", "promql", "model", "http", "config", "core", "metrics", "alerts", "receivers", "hooks", "store", "story",
      "engine", "notify", "api", "exporters"}},
    {"client", {"base", "http", "story"}},
    {"trial", {"base", "promql", "model", "core", "http", "config", "metrics", "replay", "story", "report"}},
    {"cli",
     {"base", "model", "http", "config", "importing", "metrics", "replay", "report", "serve", "client", "trial"}},
};

std::set<std::string> included_by(const fs::path& folder) {
  static const re2::RE2 include(R"re(#include "(?:guard/)?(\w+)/)re");
  std::set<std::string> rooms;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto kind = entry.path().extension();
    if (kind != ".cpp" && kind != ".hpp") continue;
    const auto text = *read_file(entry.path());
    re2::StringPiece rest(text);
    for (std::string room; re2::RE2::FindAndConsume(&rest, include, &room);)
      if (room != folder.filename()) rooms.insert(room);
  }
  return rooms;
}

TEST(Rooms, NoneIncludesWhatLiesAboveIt) {
  for (const auto& [room, below] : may_include) {
    const auto folder = fs::path(SOURCE_DIR) / (room == "exporters" ? "" : "guard") / room;
    for (const auto& other : included_by(folder)) EXPECT_THAT(below, testing::Contains(other)) << room;
  }
}

TEST(Rooms, EachIsNamedHere) {
  for (const auto& entry : fs::directory_iterator(fs::path(SOURCE_DIR) / "guard")) {
    if (entry.is_directory()) {
      EXPECT_TRUE(may_include.contains(entry.path().filename())) << entry.path();
    }
  }
}

TEST(Rooms, NoTwoMayIncludeEachOther) {
  for (const auto& [room, below] : may_include)
    for (const auto& other : below) EXPECT_FALSE(may_include.at(other).contains(room)) << room << " and " << other;
}

// For each source of the room, header and implementation together, the others that it includes.
std::map<std::string, std::set<std::string>> sources_of(const fs::path& folder) {
  const re2::RE2 include("#include \"guard/" + folder.filename().string() + "/(\\w+)\\.hpp\"");
  std::map<std::string, std::set<std::string>> sources;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto kind = entry.path().extension();
    if (kind != ".cpp" && kind != ".hpp") continue;
    const auto text = *read_file(entry.path());
    auto& mine = sources[entry.path().stem()];
    re2::StringPiece rest(text);
    for (std::string other; re2::RE2::FindAndConsume(&rest, include, &other);)
      if (other != entry.path().stem()) mine.insert(other);
  }
  return sources;
}

// Takes away all that lean on none of the others, again and again: what is left lies in a circle, or leans on one.
TEST(Rooms, NoSourcesOfARoomLeanOnEachOther) {
  for (const auto& [room, below] : may_include) {
    auto sources = sources_of(fs::path(SOURCE_DIR) / (room == "exporters" ? "" : "guard") / room);
    const auto leans_on_none = [&](const auto& source) {
      return std::ranges::none_of(source.second, [&](const auto& other) { return sources.count(other) > 0; });
    };
    for (auto found = std::ranges::find_if(sources, leans_on_none); found != sources.end();
         found = std::ranges::find_if(sources, leans_on_none))
      sources.erase(found);
    for (const auto& [source, others] : sources)
      ADD_FAILURE() << room << "/" << source << " is in a circle, or leans on one";
  }
}

TEST(Rooms, EachSourceOfTheDecisionsAndTheLoopHasATestOfItsName) {
  const auto root = fs::path(SOURCE_DIR);
  for (const auto* room : {"core", "engine"})
    for (const auto& entry : fs::directory_iterator(root / "guard" / room)) {
      if (entry.path().extension() != ".cpp") continue;
      const auto name = room + ("/" + entry.path().stem().string());
      EXPECT_TRUE(fs::exists(root / "tests" / (name + "_test.cpp"))) << name;
    }
}

// A folder whose name another test can choose too is a test that fails whenever the two run beside each other.
TEST(Rooms, TestsTakeTheirFoldersFromOnePlace) {
  const re2::RE2 own_choice("temp_directory_path|TempDir|mkdtemp");
  for (const auto& room : fs::directory_iterator(fs::path(SOURCE_DIR) / "tests")) {
    if (!room.is_directory() || room.path().filename() == "support") continue;
    for (const auto& entry : fs::directory_iterator(room)) {
      const auto kind = entry.path().extension();
      if (entry.path() == __FILE__ || (kind != ".cpp" && kind != ".hpp")) continue;
      EXPECT_FALSE(re2::RE2::PartialMatch(*read_file(entry.path()), own_choice))
          << entry.path() << ": support/folder.hpp";
    }
  }
}

}  // namespace
}  // namespace guard
