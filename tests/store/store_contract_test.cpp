// SPDX-License-Identifier: Apache-2.0
//
// What every store does, whatever is behind it. A new one joins the list at the end of this file; what only the file of
// SQLite can get into stands in sqlite_store_test.cpp.
#include "guard/store/sqlite_store.hpp"
#include "tests/store/sample.hpp"
#include "tests/support/memory_store.hpp"

#include <functional>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::store {
namespace {

using alerts::AlertStatus;
using test::at;

// Something that keeps what is committed, and can be opened again and again.
class Kept {
 public:
  virtual ~Kept() = default;
  virtual std::unique_ptr<Store> open() = 0;
};

class KeptInMemory final : public Kept {
 public:
  std::unique_ptr<Store> open() override { return std::make_unique<guard::test::MemoryStore>(disk_); }

 private:
  guard::test::Disk disk_;
};

class KeptInSqlite final : public Kept {
 public:
  std::unique_ptr<Store> open() override {
    auto journal = open_journal(folder_.path());
    EXPECT_TRUE(journal) << (journal ? "" : journal.error().message);
    return journal ? std::move(*journal) : nullptr;
  }

 private:
  test::Folder folder_;
};

struct Kind {
  std::string name;
  std::function<std::unique_ptr<Kept>()> make;
};

class StoreContract : public testing::TestWithParam<Kind> {
 protected:
  std::unique_ptr<Store> open() { return kept_->open(); }

 private:
  std::unique_ptr<Kept> kept_ = GetParam().make();
};

std::vector<std::string> ids(const Contents& contents) {
  std::vector<std::string> out;
  for (const auto& watch : contents.watches) out.push_back(watch.spec.id);
  return out;
}

TEST_P(StoreContract, IsEmptyWhenNew) {
  const auto contents = open()->load();
  ASSERT_TRUE(contents);
  EXPECT_TRUE(contents->watches.empty());
  EXPECT_TRUE(contents->alerts.empty());
  EXPECT_FALSE(contents->alertmanager_heard_at);
}

TEST_P(StoreContract, GivesBackWhatItTookAfterAnotherStart) {
  const auto watch = test::random_watch(7);
  const auto alert = test::random_alert(7);
  const TimelineEvent event{watch.spec.id, at(5), model::Note{}, std::string("a\0b\xff\"", 5)};
  ASSERT_TRUE(open()->commit({{watch}, {event}, {alert}, at(9)}));
  const auto journal = open();
  const auto contents = journal->load();
  ASSERT_TRUE(contents) << contents.error().message;
  ASSERT_EQ(contents->watches.size(), 1U);
  EXPECT_TRUE(test::same(contents->watches[0], watch));
  EXPECT_THAT(contents->alerts, testing::ElementsAre(alert));
  EXPECT_EQ(contents->alertmanager_heard_at, at(9));
  EXPECT_EQ(journal->timeline({watch.spec.id, 100})->events, std::vector<TimelineEvent>{event});
}

TEST_P(StoreContract, KeepsTheLatestOfAWatchAndTheOrderOfAnnouncement) {
  const auto journal = open();
  auto first = test::open_watch("first", at(1));
  ASSERT_TRUE(journal->commit({{test::open_watch("third", at(3)), first}, {}, {}, {}}));
  ASSERT_TRUE(journal->commit({{test::open_watch("second", at(1))}, {}, {}, {}}));
  first.phase = model::Phase::passed;
  ASSERT_TRUE(journal->commit({{first}, {}, {}, {}}));
  const auto contents = journal->load();
  ASSERT_TRUE(contents);
  EXPECT_THAT(ids(*contents), testing::ElementsAre("first", "second", "third"));
  EXPECT_EQ(contents->watches[0].phase, model::Phase::passed);
}

TEST_P(StoreContract, KeepsTheLatestOfAnAlertWhateverItIsUntilItIsLetGo) {
  auto journal = open();
  const auto newer = test::alert_of("a", AlertStatus::resolved, at(9), at(9));
  const auto older = test::alert_of("a", AlertStatus::firing, at(1), at(1));
  const auto other = test::alert_of("b", AlertStatus::firing, at(1), at(5));
  ASSERT_TRUE(journal->commit({{}, {}, {newer, other}, {}}));
  ASSERT_TRUE(journal->commit({{}, {}, {older}, {}}));
  EXPECT_THAT(journal->load()->alerts, testing::UnorderedElementsAre(older, other))
      << "which news wins is not its matter";
  Batch batch;
  batch.evicted = {"a", "unknown"};
  ASSERT_TRUE(journal->commit(batch));
  EXPECT_THAT(journal->load()->alerts, testing::ElementsAre(other));
}

TEST_P(StoreContract, RemembersWhichGroupsWereCutShortUntilOneIsWholeAgain) {
  const auto hear = [&](std::vector<GroupHeard> groups) {
    EXPECT_TRUE(open()->commit({{}, {}, {}, {}, std::move(groups)}));
    const auto contents = open()->load();
    std::vector<std::string> cut;
    for (const auto& group : contents->cut_short) cut.push_back(group.key);
    return cut;
  };
  EXPECT_THAT(hear({{"a", true, at(1)}, {"b", true, at(1)}, {"c", false, at(1)}}), testing::ElementsAre("a", "b"));
  EXPECT_THAT(hear({{"a", true, at(2)}}), testing::ElementsAre("a", "b"));
  EXPECT_THAT(hear({{"b", false, at(3)}}), testing::ElementsAre("a"));
  EXPECT_THAT(hear({{"a", false, at(4)}, {"a", true, at(4)}}), testing::ElementsAre("a")) << "the later one counts";
}

TEST_P(StoreContract, KeepsTheLatestOfEachFreezeUntilItIsForgotten) {
  auto freeze = test::random_freeze(7);
  const auto other = test::random_freeze(8);
  Batch batch;
  batch.freezes = {freeze, other};
  freeze.span.until = at(10);
  batch.freezes.push_back(freeze);
  ASSERT_TRUE(open()->commit(batch));
  const auto journal = open();
  EXPECT_THAT(journal->load()->freezes, testing::UnorderedElementsAre(freeze, other));
  ASSERT_TRUE(journal->forget({.freezes = {freeze.id, "unknown"}}));
  EXPECT_EQ(journal->load()->freezes, std::vector{other});
}

TEST_P(StoreContract, KeepsWhatWasLastSeenInEachPlace) {
  const model::SeenVersion shop{{"shop", "production"}, "v2", at(2)};
  const model::SeenVersion till{{"till", "production"}, "v7", at(1)};
  Batch batch;
  batch.seen = {{shop.place, "v1", at(1)}, till};
  ASSERT_TRUE(open()->commit(batch));
  batch.seen = {shop};
  ASSERT_TRUE(open()->commit(batch));
  EXPECT_THAT(open()->load()->seen, testing::UnorderedElementsAre(shop, till));
}

TEST_P(StoreContract, KeepsWhatEachReceiverWasToldOfAnAlertUntilItIsToldNoLonger) {
  auto told = test::random_told(7);
  told.state = alerts::ToldState::sending;
  auto other = told;
  other.receiver += "'s other";
  Batch batch;
  batch.told = {told, other};
  ASSERT_TRUE(open()->commit(batch));
  told.state = alerts::ToldState::sent;
  told.alert.annotations["summary"] = "as it is now";
  batch.told = {told};
  ASSERT_TRUE(open()->commit(batch));
  EXPECT_THAT(open()->load()->told, testing::UnorderedElementsAre(told, other));
  batch.told = {};
  batch.untold = {{other.receiver, other.alert.labels}};
  ASSERT_TRUE(open()->commit(batch));
  EXPECT_THAT(open()->load()->told, testing::ElementsAre(told));
}

TEST_P(StoreContract, ForgetsWhatItIsToldAndNothingElse) {
  const auto journal = open();
  const auto old = test::open_watch("old", at(1));
  const auto recent = test::open_watch("recent", at(1));
  const std::vector<TimelineEvent> events{{"old", at(30), model::Note{}, "x"},
                                          {"recent", at(1), model::Note{}, "x"},
                                          {"open", at(1), model::Note{}, "x"},
                                          {"gone", at(1), model::Note{}, "x"},
                                          {"gone", at(30), model::Note{}, "x"}};
  const auto fresh_alert = test::alert_of("fresh", AlertStatus::firing, at(1), at(15));
  ASSERT_TRUE(journal->commit({{old, recent, test::open_watch("open", at(1))},
                               events,
                               {test::alert_of("stale", AlertStatus::firing, at(1), at(14)), fresh_alert},
                               {},
                               {{"stale", true, at(14)}, {"fresh", true, at(15)}}}));
  ASSERT_TRUE(journal->forget({.releases = {"old", "unknown"}, .before = at(15)}));
  const auto contents = journal->load();
  ASSERT_TRUE(contents);
  EXPECT_THAT(ids(*contents), testing::ElementsAre("recent", "open"));
  EXPECT_EQ(contents->alerts, std::vector{fresh_alert});
  EXPECT_THAT(contents->cut_short, testing::ElementsAre(GroupHeard{"fresh", true, at(15)}));
  EXPECT_EQ(journal->timeline({"old", 100})->events.size(), 0U);
  EXPECT_EQ(journal->timeline({"recent", 100})->events.size(), 1U);
  EXPECT_EQ(journal->timeline({"open", 100})->events.size(), 1U);
  EXPECT_EQ(journal->timeline({"gone", 100})->events.size(), 1U) << "nobody's, but young";
}

TEST_P(StoreContract, TellsATimelineInTheOrderItWasWritten) {
  const auto journal = open();
  const TimelineEvent late{"r1", at(9), model::Note{}, "written first"};
  const TimelineEvent early{"r1", at(1), model::Note{}, "written second"};
  ASSERT_TRUE(journal->commit({{}, {late, {"r2", at(5), model::Note{}, "of another release"}}, {}, {}}));
  ASSERT_TRUE(journal->commit({{}, {early}, {}, {}}));
  EXPECT_EQ(journal->timeline({"r1", 100})->events, (std::vector<TimelineEvent>{late, early}));
}

TEST_P(StoreContract, TellsATimelineInPartsOfWhichEachLeadsToTheOneBefore) {
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

TEST_P(StoreContract, KeepsAsManyEntriesOfAKindAsItIsTold) {
  const auto journal = open();
  std::vector<TimelineEvent> events{{"r1", at(0), model::PhaseChanged{}, "watching"},
                                    {"r2", at(0), model::Signalled{}, "of another"}};
  for (int i = 0; i < 5; ++i) events.push_back({"r1", at(i), model::Signalled{}, std::to_string(i)});
  Batch batch;
  batch.events = events;
  ASSERT_TRUE(journal->commit(batch));
  EXPECT_EQ(journal->timeline({"r1", 10})->events.size(), 6U) << "what is not asked for is not done";
  batch.events = {{"r1", at(5), model::Signalled{}, "5"}};
  batch.newest = {{"r1", model::EventKind::signal, 3}};
  ASSERT_TRUE(journal->commit(batch));
  const auto kept = journal->timeline({"r1", 10})->events;
  ASSERT_EQ(kept.size(), 4U);
  EXPECT_EQ(model::kind_of(kept.at(0).what), model::EventKind::phase) << "only signals are let go";
  EXPECT_EQ(kept.at(1).message, "3");
  EXPECT_EQ(kept.back().message, "5") << "what came with it is in the timeline first";
  EXPECT_EQ(journal->timeline({"r2", 10})->events.size(), 1U);
}

TEST_P(StoreContract, AnEmptyBatchAndAProbeChangeNothing) {
  const auto journal = open();
  ASSERT_TRUE(journal->commit({{test::open_watch("r1", at(1))}, {}, {}, {}}));
  EXPECT_TRUE(journal->commit({}));
  EXPECT_TRUE(journal->probe());
  EXPECT_THAT(ids(*journal->load()), testing::ElementsAre("r1"));
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract,
                         testing::Values(Kind{"Memory", [] { return std::make_unique<KeptInMemory>(); }},
                                         Kind{"Sqlite", [] { return std::make_unique<KeptInSqlite>(); }}),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace guard::store
