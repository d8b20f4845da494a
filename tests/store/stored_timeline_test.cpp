// SPDX-License-Identifier: Apache-2.0
//
// The timeline as the journal keeps it: in order, in parts, bounded, and of older versions.
#include "tests/store/on_disk.hpp"

#include <gmock/gmock.h>

namespace guard::store {
namespace {

using test::at;

class StoredTimeline : public test::OnDisk {};

TEST_F(StoredTimeline, TellsATimelineInTheOrderItWasWritten) {
  const auto journal = open();
  const TimelineEvent late{"r1", at(9), model::Note{}, "written first"};
  const TimelineEvent early{"r1", at(1), model::Note{}, "written second"};
  ASSERT_TRUE(journal->commit({{}, {late, {"r2", at(5), model::Note{}, "of another release"}}, {}, {}}));
  ASSERT_TRUE(journal->commit({{}, {early}, {}, {}}));
  EXPECT_EQ(journal->timeline({"r1", 100})->events, (std::vector<TimelineEvent>{late, early}));
}

TEST_F(StoredTimeline, TellsATimelineInPartsOfWhichEachLeadsToTheOneBefore) {
  const auto journal = open();
  std::vector<TimelineEvent> events;
  for (int i = 0; i < 5; ++i) events.push_back({"r1", at(i), model::Note{}, std::to_string(i)});
  ASSERT_TRUE(journal->commit({{}, events, {}, {}}));
  std::vector<std::size_t> sizes;
  std::vector<TimelineEvent> read;
  std::optional<std::int64_t> before;
  do {
    const auto page = journal->timeline({"r1", 2, before});
    ASSERT_TRUE(page);
    sizes.push_back(page->events.size());
    read.insert(read.begin(), page->events.begin(), page->events.end());
    before = page->before;
  } while (before);
  EXPECT_EQ(read, events);
  EXPECT_THAT(sizes, testing::ElementsAre(2U, 2U, 1U));
  EXPECT_FALSE(journal->timeline({"r1", 5})->before) << "that is all";
}

TEST_F(StoredTimeline, KeepsTheNewestSignalsOfARelease) {
  const auto journal = open();
  std::vector<TimelineEvent> events{{"r1", at(0), model::PhaseChanged{}, "watching"},
                                    {"r2", at(0), model::Signalled{}, "of another"}};
  for (int i = 0; i < 1200; ++i) events.push_back({"r1", at(i), model::Signalled{}, std::to_string(i)});
  ASSERT_TRUE(journal->commit({{}, events, {}, {}}));
  const auto kept = journal->timeline({"r1", 2000})->events;
  ASSERT_EQ(kept.size(), 1001U);
  EXPECT_EQ(model::kind_of(kept.at(0).what), model::EventKind::phase) << "only signals are let go";
  EXPECT_EQ(kept.at(1).message, "200");
  EXPECT_EQ(kept.back().message, "1199");
  EXPECT_EQ(journal->timeline({"r2", 10})->events.size(), 1U);
}

TEST_F(StoredTimeline, ShowsTheTimelineOfAVersionThatStoredWordsAlone) {
  open();
  sql("ALTER TABLE timeline DROP COLUMN body");
  sql("ALTER TABLE watches DROP COLUMN group_digest");
  sql("DROP TABLE rule_groups");
  sql("DROP TABLE freezes");
  sql("DROP TABLE seen");
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
