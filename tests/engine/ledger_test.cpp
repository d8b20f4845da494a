// SPDX-License-Identifier: Apache-2.0
//
// The ledger alone: what an operation sees of those before it, and what is told of a store that fails or hangs.
#include "guard/engine/ledger.hpp"

#include "tests/engine/harness.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Ledger : public testing::Test {
 protected:
  // Submits the operation; whether and how it ended is kept under `name`.
  void submit(const std::string& name, engine::Operation operation) {
    ledger_.submit(std::move(operation), [this, name](const Result<std::monostate>& done) {
      ended_.push_back(name + (done ? "" : ": " + done.error().message));
    });
  }
  static engine::Operation announce(const std::string& id) {
    return [id](engine::Draft& draft) -> Result<void> {
      model::Watch watch;
      watch.spec.id = id;
      draft.add(std::move(watch));
      return {};
    };
  }
  static engine::Operation add_reason(const std::string& id, const std::string& words) {
    return [id, words](engine::Draft& draft) -> Result<void> {
      if (draft.find(id) == nullptr) return fail(ErrorCode::not_found, "there is no " + id);
      draft.edit(id).phase_reason += words;
      return {};
    };
  }
  void settle() { executor_.settle(); }
  void wait(Duration time) {
    clock_.step(time);
    ledger_.tick();
  }

  Disk disk_;
  MemoryStore journal_{disk_};
  QueueExecutor executor_;
  StepClock clock_;
  CountingTelemetry telemetry_;
  std::vector<std::string> ended_;
  alerts::ReceivedAlerts heard_;
  engine::Ledger ledger_{{journal_, executor_, clock_, telemetry_, heard_}, [](const auto&) {}};
};

TEST_F(Ledger, AnOperationGoesOnFromWhatTheOnesBeforeItInTheSameCommitLeft) {
  submit("announce", announce("r0"));
  submit("announce", announce("r1"));
  submit("first", add_reason("r1", "a"));
  submit("second", add_reason("r1", "b"));
  settle();
  EXPECT_EQ(disk_.commits, 2) << "the three that waited were committed together";
  EXPECT_EQ(ledger_.find("r1")->phase_reason, "ab");
  EXPECT_EQ(disk_.watches.at("r1").phase_reason, "ab");
}

TEST_F(Ledger, AnOperationCountsEachReleaseOnceAsTheOnesBeforeItLeftIt) {
  submit("announce", announce("r1"));
  settle();
  std::vector<std::string> seen;
  submit("wait for this", announce("r2"));
  submit("change", add_reason("r1", "changed"));
  submit("look", [&](engine::Draft& draft) -> Result<void> {
    draft.edit("r2").phase_reason = "mine";
    draft.for_each(core::FleetPart::all,
                   [&](const model::Watch& watch) { seen.push_back(watch.spec.id + " " + watch.phase_reason); });
    return {};
  });
  settle();
  EXPECT_THAT(seen, testing::UnorderedElementsAre("r1 changed", "r2 mine"));
}

TEST_F(Ledger, ARefusedOperationLeavesNothingToTheNext) {
  submit("announce", announce("r1"));
  submit("refused", [](engine::Draft& draft) -> Result<void> {
    draft.edit("r1").phase_reason = "never";
    return fail(ErrorCode::conflict, "no");
  });
  submit("next", add_reason("r1", "b"));
  settle();
  EXPECT_EQ(ledger_.find("r1")->phase_reason, "b");
}

TEST_F(Ledger, Fault48ACommitThatHangsIsTroubleWhileItRuns) {
  executor_.hold(engine::Lane::journal);
  submit("hangs", announce("r1"));
  const auto begun = clock_.now().wall;
  wait(4s);
  EXPECT_EQ(ledger_.trouble(), std::nullopt);
  EXPECT_FALSE(ledger_.hangs());
  clock_.step(1s);  // told by the clock: nothing else has happened
  EXPECT_TRUE(ledger_.hangs());
  EXPECT_THAT(ledger_.trouble(), testing::Optional(HasSubstr("the disk does not answer")));
  EXPECT_EQ(ledger_.trouble_since(), begun);
  executor_.release(engine::Lane::journal);
  settle();
  EXPECT_THAT(ended_, ElementsAre("hangs"));
  EXPECT_EQ(ledger_.trouble(), std::nullopt);
  EXPECT_EQ(ledger_.trouble_since(), std::nullopt);
}

TEST_F(Ledger, WhatComesWhileACommitHangsIsRefusedAndHeapsUpNowhere) {
  executor_.hold(engine::Lane::journal);
  submit("hangs", announce("r1"));
  submit("waits", announce("r2"));
  wait(5s);
  submit("late", announce("r3"));
  EXPECT_THAT(ended_,
              ElementsAre(HasSubstr("waits: the journal could not store it, so nothing was done: the disk does"),
                          HasSubstr("late: the journal could not store it")));
  executor_.release(engine::Lane::journal);
  settle();
  EXPECT_THAT(ended_, testing::Contains("hangs"));
  EXPECT_EQ(ledger_.find("r2"), nullptr);
  EXPECT_EQ(ledger_.find("r3"), nullptr);
}

TEST_F(Ledger, Fault48ADiskThatHangsIsFoundThoughNothingCommits) {
  executor_.hold(engine::Lane::journal);
  for (int second = 0; second < 20; ++second) wait(1s);
  EXPECT_TRUE(ledger_.hangs());
}

TEST_F(Ledger, Fault48ThereIsRoomAgainThoughNothingCommits) {
  disk_.full = true;
  submit("refused", announce("r1"));
  settle();
  EXPECT_EQ(ledger_.trouble(), "the disk is full");
  disk_.full = false;
  wait(1s);
  settle();
  EXPECT_EQ(ledger_.trouble(), std::nullopt);
}

TEST_F(Ledger, Fault48ADiskWithRoomForSmallCommitsOnlyIsTrouble) {
  ledger_.tick();
  settle();
  disk_.nearly_full = true;
  wait(10s);
  settle();
  submit("small", announce("r1"));
  settle();
  EXPECT_THAT(ended_, ElementsAre("small"));
  EXPECT_EQ(ledger_.trouble(), "the disk is full") << "the next one may be a large webhook";
  disk_.nearly_full = false;
  wait(1s);
  settle();
  EXPECT_EQ(ledger_.trouble(), std::nullopt);
}

TEST_F(Ledger, OfTheNewsOfAnAlertThatAreCommittedTogetherTheOneThatWinsIsStored) {
  const auto hear = [](alerts::AlertStatus status) {
    return [status](engine::Draft& draft) -> Result<void> {
      draft.receive(notification_of({"f1", {}, WallTime{1s}}, status));
      return {};
    };
  };
  submit("wait for this", announce("r1"));
  submit("end", hear(alerts::AlertStatus::resolved));
  submit("start, overtaken", hear(alerts::AlertStatus::firing));
  settle();
  EXPECT_EQ(disk_.commits, 2);
  EXPECT_EQ(disk_.alerts.at("f1").alert.status, alerts::AlertStatus::resolved);
  heard_.apply(notification_of({"f1", {}, WallTime{1s}}, alerts::AlertStatus::resolved), clock_.now().wall);
  submit("start, overtaken further", hear(alerts::AlertStatus::firing));
  settle();
  EXPECT_EQ(disk_.alerts.at("f1").alert.status, alerts::AlertStatus::resolved) << "what is known counts as well";
}

TEST_F(Ledger, AnAlertThatIsHeardAgainIsNotForgotten) {
  submit("hear", [](engine::Draft& draft) -> Result<void> {
    draft.receive(notification_of({"f1", {}, WallTime{1s}}, alerts::AlertStatus::firing));
    return {};
  });
  settle();
  alerts::ReceivedAlerts::Applied applied;
  applied.evicted = {"f1"};
  const auto forget = [applied](engine::Draft& draft) -> Result<void> { return draft.evict(applied), Result<void>{}; };
  heard_.apply(notification_of({"f1", {}, WallTime{1s}}, alerts::AlertStatus::firing), clock_.now().wall);
  submit("forget", forget);
  settle();
  EXPECT_TRUE(disk_.alerts.contains("f1"));
  heard_ = {};
  submit("forget", forget);
  settle();
  EXPECT_FALSE(disk_.alerts.contains("f1"));
}

// What was committed is taken in by all whom it concerns before anything is made of it.
TEST_F(Ledger, WhatACompletionSubmitsComesAfterTheOthersOfItsCommit) {
  submit("wait for this", announce("r0"));
  ledger_.submit(announce("r1"), [this](const auto&) { submit("next", announce("r3")); });
  submit("beside it", announce("r2"));
  bool looked = false;
  ledger_.submit(announce("r4"), [&](const auto&) { looked = !disk_.watches.contains("r3"); });
  settle();
  EXPECT_THAT(ended_, ElementsAre("wait for this", "beside it", "next"));
  EXPECT_TRUE(looked);
  EXPECT_EQ(disk_.commits, 3);
}

TEST_F(Ledger, AStorageThatIsGoneIsFoundThoughNothingCommits) {
  disk_.broken = true;
  wait(10s);
  settle();
  EXPECT_TRUE(ledger_.lost());
}

TEST_F(Ledger, OnlyCommitsAreCountedAsCommits) {
  wait(10s);
  settle();
  EXPECT_THAT(telemetry_.commits, IsEmpty());
}

}  // namespace
}  // namespace guard::test
