// SPDX-License-Identifier: Apache-2.0
#include "guard/metrics/coalescing_source.hpp"

#include <atomic>
#include <latch>
#include <thread>

#include <gtest/gtest.h>

namespace guard::metrics {
namespace {

using model::Reason;
using model::Sample;
using model::Samples;
using model::SourceError;

// Answers with the number of the question, once it is let to.
class Counting final : public MetricsSource {
 public:
  Samples query(const InstantQuery& query) override {
    const auto number = ++asked;
    if (gate != nullptr) gate->wait();
    if (query.expr == "bad") return std::unexpected(SourceError{Reason::query_failed, "no", true});
    return std::vector<Sample>(size, Sample{{}, static_cast<double>(number), query.at});
  }
  Samples query_raw(const InstantQuery& query) override { return this->query(query); }
  Samples query_range(const RangeQuery& query) override { return this->query({query.expr, query.to, query.deadline}); }

  std::atomic<int> asked = 0;
  std::latch* gate = nullptr;
  std::size_t size = 1;
};

InstantQuery question(std::string expr, int second = 0, Duration deadline = std::chrono::seconds(20)) {
  return {std::move(expr), WallTime(std::chrono::seconds(1'700'000'000 + second)), deadline};
}

class Coalescing : public testing::Test {
 protected:
  std::shared_ptr<Counting> source_ = std::make_shared<Counting>();
  CoalescingSource coalescing_{source_};
};

TEST_F(Coalescing, EqualQuestionsOfOneMomentAreAskedOnce) {
  const auto first = coalescing_.query(question("x"));
  const auto second = coalescing_.query(question("x"));
  ASSERT_TRUE(first && second);
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(source_->asked, 1);
}

TEST_F(Coalescing, AnotherQuestionOrAnotherMomentIsAskedAnew) {
  coalescing_.query(question("x"));
  coalescing_.query(question("y"));
  coalescing_.query(question("x", 1));
  EXPECT_EQ(source_->asked, 3);
}

TEST_F(Coalescing, AFailureIsSharedToo) {
  const auto first = coalescing_.query(question("bad"));
  const auto second = coalescing_.query(question("bad"));
  ASSERT_FALSE(second);
  EXPECT_EQ(first.error(), second.error());
  EXPECT_EQ(source_->asked, 1);
}

RangeQuery span(std::string expr, int from, int to, Duration step = std::chrono::seconds(15)) {
  const WallTime zero(std::chrono::seconds(1'700'000'000));
  return {std::move(expr), zero + std::chrono::seconds(from), zero + std::chrono::seconds(to), step,
          std::chrono::seconds(20)};
}

TEST_F(Coalescing, EqualSpansAreAskedOnce) {
  const auto first = coalescing_.query_range(span("x", 0, 60));
  const auto second = coalescing_.query_range(span("x", 0, 60));
  ASSERT_TRUE(first && second);
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(source_->asked, 1);
}

TEST_F(Coalescing, OtherSpansAndMomentsAreAskedAnew) {
  coalescing_.query_range(span("x", 0, 60));
  coalescing_.query_range(span("x", 15, 60));
  coalescing_.query_range(span("x", 0, 75));
  coalescing_.query_range(span("x", 0, 60, std::chrono::seconds(30)));
  coalescing_.query_range(span("y", 0, 60));
  coalescing_.query(question("x", 60));
  EXPECT_EQ(source_->asked, 6);
}

TEST_F(Coalescing, ASpanThatCouldNotBeReadIsAskedForAgain) {
  coalescing_.query_range(span("bad", 0, 60));
  EXPECT_FALSE(coalescing_.query_range(span("bad", 0, 60)));
  EXPECT_EQ(source_->asked, 2) << "its past does not change, so a failure would be remembered for ever";
}

TEST_F(Coalescing, WhoWaitsForASpanThatCannotBeReadIsToldSo) {
  std::latch gate(1);
  source_->gate = &gate;
  std::thread first([&] { coalescing_.query_range(span("bad", 0, 60)); });
  while (source_->asked == 0) std::this_thread::yield();
  std::atomic<int> failed = 0;
  std::thread second([&] { failed = coalescing_.query_range(span("bad", 0, 60)) ? 0 : 1; });
  gate.count_down();
  first.join();
  second.join();
  EXPECT_EQ(failed, 1);
}

TEST_F(Coalescing, ManyThreadsWaitForOneAnswer) {
  std::latch gate(1);
  source_->gate = &gate;
  std::atomic<int> same = 0;
  std::latch started(8);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      started.count_down();
      const auto answer = coalescing_.query(question("x"));
      if (answer && answer->front().value == 1) ++same;
    });
  started.wait();
  gate.count_down();
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(same, 8);
  EXPECT_EQ(source_->asked, 1);
}

TEST_F(Coalescing, DifferentQuestionsDoNotWaitForEachOther) {
  std::latch both(2);
  class Meeting final : public MetricsSource {
   public:
    explicit Meeting(std::latch& latch) : latch_(latch) {}
    Samples query(const InstantQuery&) override {
      latch_.arrive_and_wait();
      return {};
    }
    Samples query_raw(const InstantQuery&) override { return {}; }
    Samples query_range(const RangeQuery&) override { return {}; }

   private:
    std::latch& latch_;
  };
  CoalescingSource source(std::make_shared<Meeting>(both));
  std::thread other([&] { source.query(question("x")); });
  EXPECT_TRUE(source.query(question("y")));
  other.join();
}

TEST_F(Coalescing, NobodyWaitsForAnotherLongerThanItsOwnDeadline) {
  std::latch gate(1);
  source_->gate = &gate;
  std::thread first([&] { coalescing_.query(question("x")); });
  while (source_->asked == 0) std::this_thread::yield();
  const auto answer = coalescing_.query(question("x", 0, Duration{1}));
  gate.count_down();
  first.join();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error(),
            (SourceError{Reason::query_failed, "no answer to the same question of another release in time", true}));
}

TEST_F(Coalescing, OldAnswersAreLetGo) {
  coalescing_.query(question("first"));
  for (int i = 0; i < 600; ++i) coalescing_.query(question("x", i));
  coalescing_.query(question("first"));
  EXPECT_EQ(source_->asked, 602);
}

TEST_F(Coalescing, LargeAnswersAreLetGoSooner) {
  source_->size = 20'000;
  for (int i = 0; i < 4; ++i) coalescing_.query(question("x", i));
  coalescing_.query(question("x", 3));
  EXPECT_EQ(source_->asked, 4) << "the newest is kept";
  coalescing_.query(question("x", 0));
  EXPECT_EQ(source_->asked, 5);
}

}  // namespace
}  // namespace guard::metrics
