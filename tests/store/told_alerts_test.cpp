// SPDX-License-Identifier: Apache-2.0
//
// What receivers were told, in the journal's file: also where the version before left one that knows nothing of it.
#include "guard/store/watch_json.hpp"
#include "tests/store/on_disk.hpp"

#include <gmock/gmock.h>

namespace guard::store {
namespace {

using alerts::ToldState;
using test::at;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ToldAlerts : public test::OnDisk {
 protected:
  static Batch with(ToldAlert told) {
    Batch batch;
    batch.told = {std::move(told)};
    return batch;
  }
};

TEST_F(ToldAlerts, AJournalOfTheVersionBeforeTakesThem) {
  const auto watch = test::random_watch(7);
  ASSERT_TRUE(open()->commit({{watch}, {}, {}, {}}));
  sql("DROP TABLE told");
  sql("PRAGMA user_version=5");
  const auto told = test::random_told(7);
  const auto journal = open();
  ASSERT_TRUE(journal->commit(with(told)));
  EXPECT_THAT(journal->load()->told, ElementsAre(told));
  EXPECT_TRUE(test::same(journal->load()->watches.at(0), watch));
}

TEST_F(ToldAlerts, WhatCannotBeReadIsNeverTakenForNothing) {
  auto told = test::random_told(7);
  told.receiver = "incidents";
  ASSERT_TRUE(open()->commit(with(told)));
  sql("UPDATE told SET body = replace(body, 'sending_end', 'sinking')");
  EXPECT_THAT(open()->load().error().message,
              HasSubstr("what was told to receiver \"incidents\" cannot be read: state is \"sinking\""));
}

TEST_F(ToldAlerts, OutliveThePruningOfReleases) {
  const auto told = test::random_told(7);
  const auto journal = open();
  ASSERT_TRUE(journal->commit(with(told)));
  ASSERT_TRUE(journal->forget({.before = at(1000000000)}));
  EXPECT_THAT(journal->load()->told, ElementsAre(told));
}

}  // namespace
}  // namespace guard::store
