// SPDX-License-Identifier: Apache-2.0
//
// Rule groups in the journal: stored once, shared by all that started with them, dropped with the last of these; and
// how they came out of the watches of the version before.
#include "guard/store/stored_groups.hpp"

#include "guard/base/json.hpp"
#include "guard/store/group_json.hpp"
#include "guard/store/stored_json.hpp"
#include "guard/store/watch_json.hpp"
#include "tests/store/faulty_disk.hpp"
#include "tests/store/on_disk.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace guard::store {
namespace {

using test::at;
using testing::HasSubstr;

model::RuleGroupPtr group_of(const std::string& name) {
  model::RuleGroup group;
  group.name = name;
  return std::make_shared<const model::RuleGroup>(group);
}

class StoredGroups : public test::OnDisk {
 protected:
  static model::Watch started_with(const std::string& id, const model::RuleGroupPtr& group) {
    auto watch = test::open_watch(id, at(1));
    watch.group = group;
    return watch;
  }
  std::string stored(const std::string& statement) const {
    auto database = Database::open(file(), false);
    return database->text(statement).value_or("nothing");
  }
  std::string count() const { return stored("SELECT CAST(count(*) AS TEXT) FROM rule_groups"); }
  // The journal as the version before left it: each watch with its rules inside.
  void put_back_to_schema_4(const std::vector<model::Watch>& watches) {
    open();
    sql("ALTER TABLE watches DROP COLUMN group_digest");
    sql("DROP TABLE rule_groups");
    sql("DROP TABLE told");
    sql("PRAGMA user_version=4");
    auto database = Database::open(file(), false);
    for (const auto& watch : watches) {
      auto body = *parse_stored(encode(watch));
      body.as_object()["group"] = *parse_stored(encode(*watch.group));
      ASSERT_TRUE(
          database->run("INSERT INTO watches(id, service, environment, phase, final, announced_at, body) "
                        "VALUES(?1, 'shop', 'production', 'watching', 0, ?2, ?3)",
                        {watch.spec.id, watch.announced_at.time_since_epoch().count(), json::serialize(body)}));
    }
  }
};

TEST_F(StoredGroups, OneGroupIsStoredOnceForAllThatStartedWithIt) {
  const auto shop = group_of("shop");
  const auto journal = open();
  ASSERT_TRUE(journal->commit(
      {{started_with("a", shop), started_with("b", shop), started_with("c", group_of("till"))}, {}, {}, {}}));
  ASSERT_TRUE(journal->commit({{started_with("a", shop), started_with("d", group_of("shop"))}, {}, {}, {}}));
  EXPECT_EQ(count(), "2") << "also where it was read anew";
  EXPECT_EQ(stored("SELECT CAST(count(*) AS TEXT) FROM watches WHERE body LIKE '%serves_within%'"), "0");
}

TEST_F(StoredGroups, WatchesOfOneGroupShareItAfterAnotherStart) {
  const auto shop = group_of("shop");
  ASSERT_TRUE(open()->commit({{started_with("a", shop), started_with("b", shop)}, {}, {}, {}}));
  const auto watches = open()->load()->watches;
  EXPECT_EQ(watches.at(0).group, watches.at(1).group);
  EXPECT_EQ(watches.at(0).group->name, "shop");
}

TEST_F(StoredGroups, OneThatNoWatchNamesAnyMoreIsPrunedAndMayComeBack) {
  const auto shop = group_of("shop");
  auto ended = started_with("a", shop);
  ended.phase = model::Phase::passed;
  ended.ended_at = at(10);
  const auto journal = open();
  ASSERT_TRUE(journal->commit({{ended, started_with("b", group_of("till"))}, {}, {}, {}}));
  ASSERT_TRUE(journal->forget({}));
  EXPECT_EQ(count(), "2");
  ASSERT_TRUE(journal->forget({.releases = {ended.spec.id}}));
  EXPECT_EQ(count(), "1");
  ASSERT_TRUE(journal->commit({{started_with("c", shop)}, {}, {}, {}}));
  EXPECT_EQ(journal->load()->watches.size(), 2U);
}

TEST_F(StoredGroups, WhatACommitThatFailedWroteIsWrittenByTheNext) {
  const test::FaultyDisk disk;
  const auto shop = group_of("shop");
  const auto journal = open();
  disk.fill();
  ASSERT_FALSE(journal->commit({{started_with("a", shop)}, {}, {}, {}}));
  disk.repair();
  ASSERT_TRUE(journal->commit({{started_with("a", shop)}, {}, {}, {}}));
  EXPECT_EQ(journal->load()->watches.at(0).group->name, "shop");
}

TEST_F(StoredGroups, NoWatchIsLoadedWithoutTheRulesItStartedWith) {
  ASSERT_TRUE(open()->commit({{started_with("a", group_of("shop"))}, {}, {}, {}}));
  sql("UPDATE rule_groups SET body = replace(body, 'window', 'winter')");
  EXPECT_THAT(open()->load().error().message, HasSubstr("cannot be read: window is missing. Restore the file"));
  sql("DELETE FROM rule_groups");
  EXPECT_THAT(open()->load().error().message,
              HasSubstr("release \"a\" cannot be read: the rules it started with are not stored. Restore the file"));
}

TEST_F(StoredGroups, TakesTheRulesOutOfTheWatchesOfTheVersionBefore) {
  const auto random = test::random_watch(7);
  const auto shop = group_of("shop");
  put_back_to_schema_4({random, started_with("a", shop), started_with("b", shop)});
  const auto journal = open();
  ASSERT_NE(journal, nullptr);
  const auto contents = journal->load();
  ASSERT_TRUE(contents) << contents.error().message;
  ASSERT_EQ(contents->watches.size(), 3U);
  for (const auto& watch : contents->watches)
    EXPECT_TRUE(watch.spec.id == random.spec.id ? test::same(watch, random) : watch.group->name == "shop");
  EXPECT_EQ(count(), "2");
  ASSERT_TRUE(journal->commit({{started_with("a", shop)}, {}, {}, {}}));
  EXPECT_EQ(count(), "2") << "what it wrote is what the version before had";
}

TEST_F(StoredGroups, LeavesAJournalOfTheVersionBeforeAsItIsWhereAWatchHasNoRules) {
  put_back_to_schema_4({started_with("a", group_of("shop"))});
  sql("UPDATE watches SET body = replace(body, '\"group\"', '\"party\"')");
  EXPECT_THAT(refusal(), HasSubstr("release \"a\" cannot be read: it has no rules. Nothing was changed."));
  EXPECT_EQ(Database::open(file(), false)->integer("PRAGMA user_version"), 4);
}

}  // namespace
}  // namespace guard::store
