// SPDX-License-Identifier: Apache-2.0
#include "guard/store/sqlite_store.hpp"

#include "tests/store/faulty_disk.hpp"
#include "tests/store/on_disk.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::store {
namespace {

using alerts::AlertStatus;
using test::at;
using testing::HasSubstr;

class SqliteStore : public test::OnDisk {};

std::vector<std::string> ids(const Contents& contents) {
  std::vector<std::string> out;
  for (const auto& watch : contents.watches) out.push_back(watch.spec.id);
  return out;
}

TEST_F(SqliteStore, IsEmptyWhenNew) {
  const auto contents = open()->load();
  ASSERT_TRUE(contents);
  EXPECT_TRUE(contents->watches.empty());
  EXPECT_TRUE(contents->alerts.empty());
  EXPECT_FALSE(contents->alertmanager_heard_at);
}

TEST_F(SqliteStore, GivesBackWhatItTookAfterAnotherStart) {
  const auto watch = test::random_watch(7);
  const auto alert = test::random_alert(7);
  const TimelineEvent event{watch.spec.id, at(5), model::Note{}, std::string("a\0b\xff\"", 5)};
  ASSERT_TRUE(open()->commit({{watch}, {event}, {alert}, at(9)}));
  const auto journal = open();
  const auto contents = journal->load();
  ASSERT_TRUE(contents) << contents.error().message;
  ASSERT_EQ(contents->watches.size(), 1U);
  EXPECT_TRUE(test::same(contents->watches[0], watch));
  EXPECT_EQ(contents->alerts, std::vector{alert});
  EXPECT_EQ(contents->alertmanager_heard_at, at(9));
  EXPECT_EQ(journal->timeline({watch.spec.id, 100})->events, std::vector<TimelineEvent>{event});
}

TEST_F(SqliteStore, KeepsTheLatestOfAWatchAndTheOrderOfAnnouncement) {
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

TEST_F(SqliteStore, ForgetsAnAlertThatIsLetGoButNotWhatWasHeardOfItSince) {
  const auto journal = open();
  Batch batch;
  batch.alerts = {test::alert_of("a", AlertStatus::firing, at(1), at(1)),
                  test::alert_of("b", AlertStatus::firing, at(1), at(5))};
  batch.let_go = {{"a", at(1)}, {"b", at(4)}, {"unknown", at(9)}};
  ASSERT_TRUE(journal->commit(batch));
  const auto alerts = journal->load()->alerts;
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_EQ(alerts[0].alert.fingerprint, "b");
}

TEST_F(SqliteStore, OnlyNewerNewsOfAnAlertReplaceIt) {
  const auto journal = open();
  const auto after = [&](AlertStatus status, int starts_at, int received_at) {
    EXPECT_TRUE(journal->commit({{}, {}, {test::alert_of("f", status, at(starts_at), at(received_at))}, {}}));
    const auto kept = journal->load()->alerts.at(0);
    return std::tuple(kept.alert.status, kept.alert.starts_at, kept.received_at);
  };
  EXPECT_EQ(after(AlertStatus::firing, 10, 1), std::tuple(AlertStatus::firing, at(10), at(1)));
  EXPECT_EQ(after(AlertStatus::firing, 10, 2), std::tuple(AlertStatus::firing, at(10), at(2))) << "heard of again";
  EXPECT_EQ(after(AlertStatus::resolved, 9, 3), std::tuple(AlertStatus::firing, at(10), at(2))) << "of an older one";
  EXPECT_EQ(after(AlertStatus::resolved, 10, 4), std::tuple(AlertStatus::resolved, at(10), at(4)));
  EXPECT_EQ(after(AlertStatus::firing, 10, 5), std::tuple(AlertStatus::resolved, at(10), at(4))) << "out of order";
  EXPECT_EQ(after(AlertStatus::firing, 10, 34), std::tuple(AlertStatus::firing, at(10), at(34))) << "it fires again";
  EXPECT_EQ(after(AlertStatus::firing, 11, 35), std::tuple(AlertStatus::firing, at(11), at(35)));
}

TEST_F(SqliteStore, RemembersWhichGroupsWereCutShortUntilOneIsWholeAgain) {
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

TEST_F(SqliteStore, KeepsTheLatestOfEachFreezeUntilItIsLongOver) {
  auto freeze = test::random_freeze(7);
  freeze.span.until = at(20);
  auto other = test::random_freeze(8);
  other.span.until = at(30);
  Batch batch;
  batch.freezes = {freeze, other};
  freeze.span.until = at(10);
  batch.freezes.push_back(freeze);
  ASSERT_TRUE(open()->commit(batch));
  const auto journal = open();
  EXPECT_EQ(journal->load()->freezes, (std::vector{freeze, other}));
  ASSERT_TRUE(journal->prune(at(11)));
  EXPECT_EQ(journal->load()->freezes, std::vector{other});
}

TEST_F(SqliteStore, KeepsWhatWasLastSeenInEachPlace) {
  const model::SeenVersion shop{{"shop", "production"}, "v2", at(2)};
  const model::SeenVersion till{{"till", "production"}, "v7", at(1)};
  Batch batch;
  batch.seen = {{shop.place, "v1", at(1)}, till};
  ASSERT_TRUE(open()->commit(batch));
  batch.seen = {shop};
  ASSERT_TRUE(open()->commit(batch));
  EXPECT_THAT(open()->load()->seen, testing::UnorderedElementsAre(shop, till));
}

TEST_F(SqliteStore, PrunesWhatEndedLongAgoAndNothingElse) {
  const auto journal = open();
  auto old = test::open_watch("old", at(1));
  old.phase = model::Phase::passed;
  old.ended_at = at(10);
  auto recent = old;
  recent.spec.id = "recent";
  recent.ended_at = at(20);
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
  ASSERT_TRUE(journal->prune(at(15)));
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

TEST_F(SqliteStore, Fault52RefusesASecondGuardAndNamesTheFirst) {
  auto first = open();
  const auto second = open_journal(folder_.path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::conflict);
  EXPECT_EQ(second.error().message, "another release guard (process " + std::to_string(::getpid()) +
                                        ") uses the storage " + folder_.path().string() +
                                        "; stop it, or give this one a --storage.path of its own");
  first.reset();
  EXPECT_NE(open(), nullptr);
}

TEST_F(SqliteStore, Fault51RefusesASchemaFromTheFuture) {
  open();
  sql("PRAGMA user_version=6");
  EXPECT_EQ(refusal(), file().string() +
                           ": written by a newer release guard (schema 6, this one knows up to 5); start that version, "
                           "or a newer one");
}

TEST_F(SqliteStore, RefusesTheFileOfAnotherProgram) {
  sql("CREATE TABLE theirs(x)");
  EXPECT_THAT(refusal(), HasSubstr("journal.db: this is not a journal of the release guard. Nothing was changed."));
}

TEST_F(SqliteStore, RefusesAFileThatIsNoDatabaseAndLeavesItAsItIs) {
  std::ofstream(file()) << std::string(4096, 'x');
  EXPECT_THAT(refusal(), HasSubstr("Restore it from a backup"));
  EXPECT_EQ(std::filesystem::file_size(file()), 4096U);
}

TEST_F(SqliteStore, Fault50NeverTakesAnEmptiedFileForANewOne) {
  open();
  std::filesystem::resize_file(file(), 0);
  EXPECT_THAT(refusal(), HasSubstr("the journal is damaged: the file is empty"));
}

TEST_F(SqliteStore, Fault50RefusesADamagedPage) {
  {
    const auto journal = open();
    for (int i = 0; i < 50; ++i)
      ASSERT_TRUE(journal->commit({{test::random_watch(static_cast<std::uint64_t>(i))}, {}, {}, {}}));
  }
  std::fstream disk(file(), std::ios::in | std::ios::out | std::ios::binary);
  for (std::streamoff page = 8; page < 40; ++page) disk.seekp(page * 4096).write("\xff\xff\xff\xff\xff\xff\xff\xff", 8);
  disk.close();
  EXPECT_THAT(refusal(), HasSubstr("the journal is damaged: "));
}

TEST_F(SqliteStore, RefusesALostFileWhoseUnfinishedCommitIsStillThere) {
  open();
  std::ofstream(file().string() + "-journal") << "x";
  std::filesystem::remove(file());
  EXPECT_THAT(refusal(), HasSubstr("journal.db-journal: it belongs to journal.db, which is gone"));
}

TEST_F(SqliteStore, SaysWhichReleaseCannotBeReadAndLoadsNothing) {
  ASSERT_TRUE(open()->commit({{test::open_watch("good", at(1)), test::open_watch("bad", at(2))}, {}, {}, {}}));
  sql("UPDATE watches SET body = replace(body, 'watching', 'dreaming') WHERE id = 'bad'");
  const auto contents = open()->load();
  ASSERT_FALSE(contents);
  EXPECT_THAT(contents.error().message,
              HasSubstr("release \"bad\" cannot be read: phase is \"dreaming\", which has no meaning here"));
}

TEST_F(SqliteStore, NeedsAFolderItCanMake) {
  std::ofstream(folder_.path() / "taken") << "x";
  const auto journal = open_journal(folder_.path() / "taken");
  ASSERT_FALSE(journal);
  EXPECT_THAT(journal.error().message, HasSubstr("--storage.path"));
}

TEST_F(SqliteStore, MakesAllOfAFolderThatIsMissing) {
  EXPECT_TRUE(open_journal(folder_.path() / "a" / "b" / ""));
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "a" / "b" / "journal.db"));
}

TEST_F(SqliteStore, DoesNotCallAFileDamagedThatAnotherProgramHolds) {
  open();
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(file().c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_THAT(refusal(), testing::AllOf(HasSubstr("database is locked"), HasSubstr("no other program may have it open"),
                                        testing::Not(HasSubstr("backup"))));
  sqlite3_close(other);
  EXPECT_NE(open(), nullptr);
}

TEST_F(SqliteStore, KeepsItsFilesToItself) {
  const auto journal = open();
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
    EXPECT_EQ(entry.status().permissions() & std::filesystem::perms(077), std::filesystem::perms::none) << entry.path();
}

TEST_F(SqliteStore, Fault48AFullDiskFailsTheCommitAndNothingElse) {
  const test::FaultyDisk disk;
  const auto journal = open();
  ASSERT_TRUE(journal->commit({{test::open_watch("before", at(1))}, {}, {}, {}}));
  disk.fill();
  const auto failed =
      journal->commit({{test::open_watch("during", at(2))}, {{"during", at(2), model::Note{}, "x"}}, {}, {}});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::internal);
  EXPECT_THAT(failed.error().message, HasSubstr("database or disk is full"));
  EXPECT_THAT(ids(*journal->load()), testing::ElementsAre("before"));
  disk.repair();
  ASSERT_TRUE(journal->commit({{test::open_watch("after", at(3))}, {}, {}, {}}));
  EXPECT_THAT(ids(*journal->load()), testing::ElementsAre("before", "after"));
}

TEST_F(SqliteStore, AfterAFailedWriteNothingIsTakenEither) {
  const test::FaultyDisk disk;
  const auto journal = open();
  disk.cut_power_after(0);
  ASSERT_FALSE(journal->commit({{test::open_watch("during", at(1))}, {}, {}, {}}));
  disk.repair();
  const auto refused = journal->commit({{test::open_watch("after", at(2))}, {}, {}, {}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::broken);
  EXPECT_THAT(refused.error().message, HasSubstr("restart the guard"));
}

TEST_F(SqliteStore, Fault49AfterAFailedSyncNothingIsTakenUntilItIsOpenedAnew) {
  const test::FaultyDisk disk;
  {
    const auto journal = open();
    ASSERT_TRUE(journal->commit({{test::open_watch("before", at(1))}, {}, {}, {}}));
    disk.fail_sync();
    const auto failed = journal->commit({{test::open_watch("during", at(2))}, {}, {}, {}});
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, ErrorCode::broken) << "the guard must end, not try again: the next sync may lie";
    disk.repair();
    const auto refused = journal->commit({{test::open_watch("after", at(3))}, {}, {}, {}});
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("check the disk, then restart the guard"));
    EXPECT_FALSE(journal->prune(at(9)));
  }
  const auto journal = open();
  EXPECT_THAT(ids(*journal->load()), testing::ElementsAre("before"));
  EXPECT_TRUE(journal->commit({{test::open_watch("after", at(3))}, {}, {}, {}}));
}

}  // namespace
}  // namespace guard::store
