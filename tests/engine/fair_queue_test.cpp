// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/fair_queue.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace guard::engine {
namespace {

using namespace std::chrono_literals;

constexpr FairQueue::Limits limits{8, 2, 3};

FairQueue::Line line(std::size_t questions, int read_at = 0, bool slow = false) {
  return {MonoTime(std::chrono::seconds(read_at)), slow, questions};
}

// Whose turns there are now.
std::vector<std::string> turns(FairQueue& queue, std::vector<FairQueue::Turn>* taken = nullptr) {
  std::vector<std::string> names;
  while (const auto turn = queue.next()) {
    names.push_back(turn->name);
    if (taken != nullptr) taken->push_back(*turn);
  }
  return names;
}

TEST(FairQueue, Fault63TheReleaseReadTheLongestAgoGoesFirst) {
  FairQueue queue({2, 1, 0});
  queue.join("a", line(1, 30));
  queue.join("b", line(1, 10));
  queue.join("c", line(1, 20));
  EXPECT_EQ(turns(queue), (std::vector<std::string>{"b", "c"}));
}

TEST(FairQueue, NoReleaseTakesMoreThanItsShare) {
  FairQueue queue(limits);
  queue.join("greedy", line(100, 1));
  queue.join("late", line(1, 99));
  EXPECT_EQ(turns(queue), (std::vector<std::string>{"greedy", "greedy", "late"}));
}

TEST(FairQueue, OneThatHasBegunGoesBeforeThoseThatHaveNot) {
  FairQueue queue({1, 1, 0});
  queue.join("a", line(2, 20));
  const auto turn = queue.next();
  ASSERT_TRUE(turn);
  queue.join("b", line(1, 10));
  queue.done(*turn);
  EXPECT_EQ(turns(queue), std::vector<std::string>{"a"}) << "its time is running";
}

TEST(FairQueue, SlowReleasesLeavePlacesToTheQuick) {
  FairQueue queue(limits);
  for (const auto* name : {"s1", "s2", "s3", "s4"}) queue.join(name, line(9, 1, true));
  std::vector<FairQueue::Turn> slow;
  EXPECT_EQ(turns(queue, &slow).size(), 5U) << "8 places, 3 of them kept";
  queue.join("quick", line(2, 99));
  EXPECT_EQ(turns(queue), (std::vector<std::string>{"quick", "quick"}));
  queue.done(slow.front());
  EXPECT_EQ(turns(queue).size(), 1U) << "a place that is given back goes to the next of the slow";
}

TEST(FairQueue, WhatRunsCountsAlsoAfterItsRoundIsOver) {
  FairQueue queue(limits);
  queue.join("hangs", line(2));
  std::vector<FairQueue::Turn> taken;
  turns(queue, &taken);
  queue.leave("hangs");
  queue.join("hangs", line(2));
  EXPECT_TRUE(turns(queue).empty());
  queue.done(taken[0]);
  EXPECT_EQ(turns(queue).size(), 1U);
}

TEST(FairQueue, WhoLeavesHasNoTurn) {
  FairQueue queue(limits);
  queue.join("a", line(2));
  queue.leave("a");
  queue.leave("nobody");
  queue.join("none", line(0));
  EXPECT_FALSE(queue.next());
}

}  // namespace
}  // namespace guard::engine
