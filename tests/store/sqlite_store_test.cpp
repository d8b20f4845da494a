// SPDX-License-Identifier: Apache-2.0
#include "guard/store/sqlite_store.hpp"

#include "tests/store/faulty_disk.hpp"
#include "tests/store/on_disk.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::store {
namespace {

using test::at;
using testing::HasSubstr;

class SqliteStore : public test::OnDisk {};

std::vector<std::string> ids(const Contents& contents) {
  std::vector<std::string> out;
  for (const auto& watch : contents.watches) out.push_back(watch.spec.id);
  return out;
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
  sql("PRAGMA user_version=7");
  EXPECT_EQ(refusal(), file().string() +
                           ": written by a newer release guard (schema 7, this one knows up to 6); start that version, "
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
    EXPECT_FALSE(journal->forget({.before = at(9)}));
  }
  const auto journal = open();
  EXPECT_THAT(ids(*journal->load()), testing::ElementsAre("before"));
  EXPECT_TRUE(journal->commit({{test::open_watch("after", at(3))}, {}, {}, {}}));
}

}  // namespace
}  // namespace guard::store
