// SPDX-License-Identifier: Apache-2.0
//
// The executor of the real program with its real threads. What is counted here without a lock is what one thread alone
// may touch: the sanitizers see it if that is not so.
#include "guard/engine/asio_executor.hpp"

#include "guard/base/file.hpp"

#include <algorithm>
#include <filesystem>
#include <future>
#include <map>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::engine {
namespace {

// The names in the braces of `enum class Lane`.
std::size_t lanes_declared() {
  const auto text = read_file(std::filesystem::path(SOURCE_DIR) / "guard/engine/executor.hpp").value_or("");
  const auto begin = text.find("enum class Lane {");
  const auto names = text.substr(begin, text.find('}', begin) - begin);
  return static_cast<std::size_t>(std::ranges::count(names, ',')) + 1;
}

class AsioExecutorTest : public testing::Test {
 protected:
  // Runs the loop until `count` results have come back to it.
  void run_until(int count) {
    auto stay = boost::asio::make_work_guard(loop_);
    while (back_ < count) loop_.run_one();
  }

  boost::asio::io_context loop_{1};
  AsioExecutor executor_{loop_};
  int back_ = 0;  // results the loop has taken
};

TEST_F(AsioExecutorTest, EveryLaneHasThreads) {
  std::set<Lane> listed;
  for (const auto& lane : all_lanes) listed.insert(lane.lane);
  EXPECT_EQ(listed.size(), all_lanes.size()) << "each once";
  EXPECT_EQ(listed.size(), lanes_declared());
}

TEST_F(AsioExecutorTest, WorkIsDoneElsewhereAndItsResultComesToTheLoop) {
  const auto loop = std::this_thread::get_id();
  for (const auto& [lane, threads, awaited] : all_lanes)
    run_blocking(
        executor_, lane, [] { return std::this_thread::get_id(); },
        [&](std::thread::id worker) {
          EXPECT_NE(worker, loop);
          EXPECT_EQ(std::this_thread::get_id(), loop);
          ++back_;
        });
  run_until(static_cast<int>(all_lanes.size()));
}

TEST_F(AsioExecutorTest, TheJournalIsWrittenByOneThreadInOrder) {
  std::vector<int> written;  // by the lane's thread
  std::vector<int> told;     // by the loop
  for (int number = 0; number < 500; ++number)
    run_blocking(
        executor_, Lane::journal, [&written, number] { return written.push_back(number), number; },
        [&](int done) {
          told.push_back(done);
          ++back_;
        });
  run_until(500);
  executor_.stop();
  EXPECT_EQ(told, written);
  EXPECT_TRUE(std::is_sorted(written.begin(), written.end()));
}

TEST_F(AsioExecutorTest, ManyLanesAtOnceShareNothingButTheLoop) {
  std::map<Lane, int> results;
  for (int round = 0; round < 200; ++round)
    for (const auto& [lane, threads, awaited] : all_lanes)
      run_blocking(
          executor_, lane, [lane] { return std::make_unique<Lane>(lane); },
          [&](const std::unique_ptr<Lane>& done) {
            ++results[*done];
            ++back_;
          });
  run_until(200 * static_cast<int>(all_lanes.size()));
  for (const auto& [lane, threads, awaited] : all_lanes) EXPECT_EQ(results[lane], 200);
}

TEST_F(AsioExecutorTest, AHookThatHangsHoldsUpNoQueryAndNotTheEnd) {
  std::promise<void> answered;
  const auto answer = answered.get_future().share();
  for (int hook = 0; hook < 4; ++hook)
    run_blocking(executor_, Lane::hook, [answer] { return answer.wait(), 0; }, [](int) {});
  run_blocking(executor_, Lane::query, [] { return 0; }, [&](int) { ++back_; });
  run_until(1);
  executor_.stop();
  answered.set_value();
}

}  // namespace
}  // namespace guard::engine
