// SPDX-License-Identifier: Apache-2.0
//
// The timeline as an older version of the journal kept it.
#include "tests/store/on_disk.hpp"

#include <gmock/gmock.h>

namespace guard::store {
namespace {

using test::at;

class StoredTimeline : public test::OnDisk {};

TEST_F(StoredTimeline, ShowsTheTimelineOfAVersionThatStoredWordsAlone) {
  open();
  sql("ALTER TABLE timeline DROP COLUMN body");
  sql("ALTER TABLE watches DROP COLUMN group_digest");
  sql("DROP TABLE rule_groups");
  sql("DROP TABLE freezes");
  sql("DROP TABLE seen");
  sql("DROP TABLE told");
  sql("PRAGMA user_version=1");
  sql("INSERT INTO timeline(release, at, kind, message) VALUES('r1', 1, 'operator', 'paused by kim')");
  const auto journal = open();
  ASSERT_NE(journal, nullptr);
  const TimelineEvent fresh{"r1", at(2), model::Gap{}, "nobody looked for 1m"};
  ASSERT_TRUE(journal->commit({{}, {fresh}, {}, {}}));
  const auto events = journal->timeline({"r1", 100})->events;
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].what, model::Happening(model::Told{model::EventKind::ordered}));
  EXPECT_EQ(events[0].message, "paused by kim");
  EXPECT_EQ(events[1], fresh);
}

}  // namespace
}  // namespace guard::store
