// SPDX-License-Identifier: Apache-2.0
//
// A process that commits is killed in the middle of it, again and again, and the power is cut at every write and sync:
// what was said to be durable is there afterwards.
#include "guard/store/sqlite_store.hpp"
#include "tests/store/faulty_disk.hpp"
#include "tests/store/sample.hpp"

#include <csignal>
#include <random>
#include <unistd.h>

#include <gtest/gtest.h>
#include <sys/wait.h>

namespace guard::store {
namespace {

constexpr int rounds = 20;

std::string name_of(int number) {
  return "r" + std::to_string(number);
}

// Commits release after release and writes one byte after each, until it is killed.
[[noreturn]] void commit_forever(const std::filesystem::path& folder, int first, int acknowledged) {
  auto journal = open_journal(folder);
  if (!journal) ::_exit(3);
  for (int number = first;; ++number) {
    const auto id = name_of(number);
    auto watch = test::random_watch(static_cast<std::uint64_t>(number));
    watch.spec.id = id;
    watch.announced_at = test::at(number);
    const std::string message(static_cast<std::size_t>(number % 7) * 3000, 'x');
    if (!(*journal)->commit({{watch}, {{id, test::at(number), model::Note{}, message}}, {}, test::at(number)}))
      ::_exit(4);
    if (::write(acknowledged, "+", 1) != 1) ::_exit(5);
  }
}

// Lets a child commit until it has said so `enough` times, kills it, and counts all it had said.
int acknowledged_before_kill(const std::filesystem::path& folder, int first, int enough) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  const auto child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    commit_forever(folder, first, ends[1]);
  }
  ::close(ends[1]);
  int count = 0;
  char byte = 0;
  while (::read(ends[0], &byte, 1) == 1)
    if (++count == enough) ::kill(child, SIGKILL);
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself, status " << status;
  return count;
}

TEST(JournalCrash, WhatWasAcknowledgedIsThereAndNothingIsTorn) {
  const test::Folder folder;
  std::mt19937 chance(20260131);
  int known = 0;
  for (int round = 0; round < rounds; ++round) {
    const int acknowledged = known + acknowledged_before_kill(folder.path(), known, 1 + static_cast<int>(chance() % 8));
    auto journal = open_journal(folder.path());
    ASSERT_TRUE(journal) << journal.error().message;
    const auto contents = (*journal)->load();
    ASSERT_TRUE(contents) << contents.error().message;
    known = static_cast<int>(contents->watches.size());
    ASSERT_GE(known, acknowledged);
    ASSERT_LE(known, acknowledged + 1) << "at most the commit that was under way";
    ASSERT_EQ(contents->alertmanager_heard_at, test::at(known - 1));
    for (int number = 0; number < known; ++number) {
      ASSERT_EQ(contents->watches[static_cast<std::size_t>(number)].spec.id, name_of(number));
      ASSERT_EQ((*journal)->timeline({name_of(number), 100})->events.size(), 1U) << "a batch is whole";
    }
  }
}

// Commits until the power fails or all is done, and says how many commits were acknowledged.
int commit_some(Store& journal, int how_many) {
  for (int number = 0; number < how_many; ++number) {
    const auto id = name_of(number);
    const TimelineEvent event{id, test::at(number), model::Note{}, std::string(9000, 'x')};
    if (!journal.commit({{test::open_watch(id, test::at(number))}, {event}, {}, test::at(number)})) return number;
  }
  return how_many;
}

// False once the power outlasted all commits and the closing of the journal.
bool cut_power_at(int operation, std::uint64_t seed) {
  const test::Folder folder;
  EXPECT_TRUE(open_journal(folder.path()));
  const test::FaultyDisk disk;
  int acknowledged = 0;
  {
    const auto journal = *open_journal(folder.path());
    disk.cut_power_after(operation);
    acknowledged = commit_some(*journal, 2);
  }
  const bool was_off = disk.power_is_off();
  disk.restore_power(seed);
  const auto journal = open_journal(folder.path());
  EXPECT_TRUE(journal) << journal.error().message;
  if (!journal) return was_off;
  const auto known = static_cast<int>((*journal)->load()->watches.size());
  EXPECT_GE(known, acknowledged);
  EXPECT_LE(known, acknowledged + 1) << "at most the commit that was under way";
  for (int number = 0; number < acknowledged + 1; ++number)
    EXPECT_EQ((*journal)->timeline({name_of(number), 100})->events.size(), number < known ? 1U : 0U)
        << "a batch is whole";
  return was_off;
}

TEST(JournalCrash, APowerCutAtAnyMomentLosesNothingAcknowledgedAndTearsNothing) {
  for (std::uint64_t seed = 0; seed < 2; ++seed) {
    int operation = 0;
    while (cut_power_at(operation, seed) && !testing::Test::HasFailure()) ++operation;
    EXPECT_GT(operation, 20) << "the cut is to fall into each of the commits";
    ASSERT_FALSE(testing::Test::HasFailure()) << "operation " << operation << ", seed " << seed;
  }
}

}  // namespace
}  // namespace guard::store
