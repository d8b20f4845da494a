// SPDX-License-Identifier: Apache-2.0
//
// The files of the journal while it is open: who else may read them, how large they get, and what happens when somebody
// takes them away.
#include "guard/store/sqlite_store.hpp"
#include "tests/store/sample.hpp"

#include <csignal>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>

namespace guard::store {
namespace {

namespace fs = std::filesystem;

using test::at;
using testing::HasSubstr;

class Storage : public testing::Test {
 protected:
  Storage() : folder_(parent_.path() / "data") {}

  std::unique_ptr<Store> open() {
    auto journal = open_journal(folder_);
    EXPECT_TRUE(journal) << (journal ? "" : journal.error().message);
    return journal ? std::move(*journal) : nullptr;
  }
  static Result<void> commit(Store& journal, const std::string& id) {
    return journal.commit({{test::open_watch(id, at(1))}, {}, {}, {}});
  }
  static std::vector<std::string> ids(Store& journal) {
    std::vector<std::string> out;
    const auto contents = journal.load();
    EXPECT_TRUE(contents) << (contents ? "" : contents.error().message);
    if (contents)
      for (const auto& watch : contents->watches) out.push_back(watch.spec.id);
    return out;
  }
  // The journal must take nothing from here on: what it says, and that it goes on saying so.
  static std::string end_of(Store& journal) {
    const auto failed = commit(journal, "after");
    if (failed) return "it was committed";
    EXPECT_EQ(failed.error().code, ErrorCode::broken) << "the guard must end";
    EXPECT_EQ(journal.probe(), failed);
    EXPECT_EQ(journal.forget({}), failed);
    return failed.error().message;
  }

  test::Folder parent_;
  fs::path folder_;
};

TEST_F(Storage, ABackupIsMadeWhileTheGuardGoesOn) {
  const auto journal = open();
  ASSERT_TRUE(commit(*journal, "before"));
  const auto copy = parent_.path() / "copy.db";
  sqlite3* from = nullptr;
  sqlite3* to = nullptr;
  ASSERT_EQ(sqlite3_open((folder_ / "journal.db").c_str(), &from), SQLITE_OK);
  ASSERT_EQ(sqlite3_open(copy.c_str(), &to), SQLITE_OK);
  auto* backup = sqlite3_backup_init(to, "main", from, "main");
  ASSERT_NE(backup, nullptr);
  EXPECT_EQ(sqlite3_backup_step(backup, 1), SQLITE_OK);
  EXPECT_TRUE(commit(*journal, "meanwhile"));
  EXPECT_EQ(sqlite3_backup_step(backup, -1), SQLITE_DONE);
  EXPECT_EQ(sqlite3_backup_finish(backup), SQLITE_OK);
  sqlite3_close(from);
  sqlite3_close(to);
  const auto restored = parent_.path() / "restored";
  fs::create_directory(restored);
  fs::rename(copy, restored / "journal.db");
  EXPECT_THAT(ids(**open_journal(restored)), testing::ElementsAre("before", "meanwhile"));
}

TEST_F(Storage, WhoReadsForTooLongIsNamedAndCommitsGoOnWhenHeIsGone) {
  const auto journal = open();
  sqlite3* reader = nullptr;
  ASSERT_EQ(sqlite3_open((folder_ / "journal.db").c_str(), &reader), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM watches", nullptr, nullptr, nullptr), SQLITE_OK);
  const auto failed = commit(*journal, "r1");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::internal);
  EXPECT_THAT(failed.error().message, HasSubstr("another program holds the file: end it"));
  EXPECT_FALSE(journal->probe()) << "and the guard is not ready while it lasts";
  sqlite3_close(reader);
  EXPECT_TRUE(journal->probe());
  EXPECT_TRUE(commit(*journal, "r1"));
  EXPECT_THAT(ids(*journal), testing::ElementsAre("r1"));
}

TEST_F(Storage, TheRollbackFileDoesNotKeepTheSizeOfTheLargestPrune) {
  const auto journal = open();
  for (int i = 0; i < 8; ++i) {
    std::vector<TimelineEvent> events(100, {"gone", at(1), model::Note{}, std::string(4000, 'x')});
    ASSERT_TRUE(journal->commit({{}, std::move(events), {}, {}}));
  }
  ASSERT_TRUE(journal->forget({.before = at(9)}));
  EXPECT_LE(fs::file_size(folder_ / "journal.db-journal"), fs::file_size(folder_ / "journal.db") / 2);
  EXPECT_LE(fs::file_size(folder_ / "journal.db-journal"), 1U << 20U);
}

TEST_F(Storage, WhatAnEndedCommitLeftBehindIsNoObstacleToBeginningAnew) {
  ASSERT_TRUE(commit(*open(), "old"));
  ASSERT_TRUE(fs::exists(folder_ / "journal.db-journal"));
  fs::rename(folder_ / "journal.db", folder_ / "old.db");
  const auto journal = open();
  ASSERT_NE(journal, nullptr);
  EXPECT_THAT(ids(*journal), testing::IsEmpty());
}

TEST_F(Storage, Fault52AJournalThatWasRemovedTakesNothingMore) {
  const auto journal = open();
  ASSERT_TRUE(commit(*journal, "before"));
  fs::remove(folder_ / "journal.db");
  EXPECT_THAT(end_of(*journal), HasSubstr("journal.db was removed or replaced while the guard ran"));
}

TEST_F(Storage, Fault52ARemovedFolderIsFoundByTheProbe) {
  const auto journal = open();
  fs::remove_all(folder_);
  const auto probed = journal->probe();
  ASSERT_FALSE(probed);
  EXPECT_EQ(probed.error().code, ErrorCode::broken);
  EXPECT_THAT(end_of(*journal), HasSubstr("lock was removed or replaced while the guard ran"));
  EXPECT_FALSE(fs::exists(folder_));
}

TEST_F(Storage, Fault52OfTwoGuardsOnOnePathOnlyTheLaterActs) {
  const auto first = open();
  ASSERT_TRUE(commit(*first, "before"));
  fs::rename(folder_, parent_.path() / "moved");
  const auto second = open();
  ASSERT_NE(second, nullptr) << "it cannot know of the first";
  EXPECT_THAT(end_of(*first), HasSubstr("another guard may be using the storage"));
  EXPECT_TRUE(commit(*second, "its own"));
  EXPECT_THAT(ids(*second), testing::ElementsAre("its own"));
}

TEST_F(Storage, Fault52ALockThatWasReplacedKeepsNobodyOutSoItIsFound) {
  const auto first = open();
  fs::remove(folder_ / "lock");
  const auto second = open();
  ASSERT_NE(second, nullptr);
  EXPECT_THAT(end_of(*first), HasSubstr("lock was removed or replaced"));
  EXPECT_TRUE(commit(*second, "its own"));
}

TEST_F(Storage, AStorageThatWasBackForAMomentIsNotReliedOn) {
  const auto journal = open();
  const auto moved = parent_.path() / "moved";
  fs::rename(folder_, moved);
  ASSERT_FALSE(journal->probe());
  fs::rename(moved, folder_);
  EXPECT_THAT(end_of(*journal), HasSubstr("was removed or replaced"));
}

// Files cannot grow beyond `bytes` while it lives, as on a full disk.
class SmallFiles {
 public:
  explicit SmallFiles(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallFiles() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  SmallFiles(const SmallFiles&) = delete;
  SmallFiles& operator=(const SmallFiles&) = delete;

 private:
  rlimit before_{};
};

TEST_F(Storage, Fault48TheProbeFindsThatThereIsNoRoomForALargeCommit) {
  const auto journal = open();
  EXPECT_TRUE(journal->probe());
  {
    const SmallFiles full(64U << 10U);
    const auto probed = journal->probe();
    ASSERT_FALSE(probed);
    EXPECT_EQ(probed.error().code, ErrorCode::internal) << "there may be room again";
    EXPECT_THAT(probed.error().message, HasSubstr("no room for 128 KiB more"));
  }
  EXPECT_TRUE(journal->probe());
  for (const auto& entry : fs::directory_iterator(folder_))
    EXPECT_NE(entry.path().filename(), "room") << "it leaves nothing behind";
}

}  // namespace
}  // namespace guard::store
