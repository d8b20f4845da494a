// SPDX-License-Identifier: Apache-2.0
//
// Messages to receivers over time: each once, whatever dies, fails or hangs; on a journal in memory and on a real one.
#include "guard/notify/messenger.hpp"

#include "guard/store/sqlite_store.hpp"
#include "tests/engine/harness.hpp"
#include "tests/support/folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using alerts::OwnAlert;
using alerts::ToldAlert;
using alerts::ToldState;
using engine::Lane;
using receivers::Failure;
using receivers::FailureReason;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// A channel: what was posted there, whether or not the guard heard that it was.
class Channel final : public receivers::Receiver {
 public:
  explicit Channel(const std::string& name, config::ReceiverKind kind = config::ReceiverKind::slack) {
    settings_.name = name;
    settings_.kind = kind;
    settings_.repeat_interval = 4h;
  }
  const config::ReceiverSettings& settings() const override { return settings_; }
  std::optional<Failure> tell(const receivers::Message& message) override {
    ++calls;
    keys.push_back(message.key);
    const auto name = message.alert.labels.at("alertname");
    const auto found = failures.find(name);
    const auto failure = found == failures.end() ? answer : std::optional(found->second);
    if (!failure || failure->may_have_arrived)
      posted.push_back(name + (message.over ? " over" : "") + (message.told_before ? " again" : ""));
    return failure;
  }

  std::vector<std::string> posted;
  std::vector<std::string> keys;
  int calls = 0;
  std::optional<Failure> answer;            // to all
  std::map<std::string, Failure> failures;  // to those of one alert

 private:
  config::ReceiverSettings settings_;
};

Failure away() {
  return {FailureReason::other, "connection refused", false, false, {}};
}
Failure lost() {
  return {FailureReason::deadline, "no answer within 10s", false, true, {}};
}
Failure refused() {
  return {FailureReason::client_error, "HTTP 400: invalid_payload", true, false, {}};
}

OwnAlert alert(const std::string& name) {
  return {{{"alertname", name}, {"severity", "critical"}}, {{"summary", "text"}}, WallTime{}, ""};
}
const std::string asks = "ReleaseGuardAwaitingApproval";
const std::string passed = "ReleaseGuardReleasePassed";

// A journal as the messenger sees it, which can be full, and one that never answers.
class MessengerTest : public testing::Test {
 protected:
  MessengerTest() { start(); }

  // A guard on the same journal, as after kill -9: what was under way is never heard of.
  void start() {
    messenger.emplace(notify::Messenger::Parts{
        *executor, telemetry, clock, random, log, [this] { return firing; },
        [this](ToldAlert told, std::function<void(bool)> done) { keep(std::move(told), std::move(done)); }, [] {}});
    messenger->restore(journal->load()->told);
    messenger->set_receivers(receivers);
  }
  void die() {
    messenger.reset();
    executor = std::make_unique<QueueExecutor>();
  }
  void keep(ToldAlert told, std::function<void(bool)> done) {
    if (executor->waiting(Lane::message) > 0) sent_before_it_was_kept = true;
    if (journal_hangs) return;
    store::Batch batch;
    batch.told = {std::move(told)};
    done(journal->commit(batch).has_value());
  }

  void run(Duration time) {
    const auto end = clock.now().mono + time;
    for (;;) {
      const auto next = messenger->tick();
      if (executor->waiting(Lane::message) > 0 && !held) {
        executor->settle();
        continue;
      }
      if (next > end) break;
      clock.step(std::max(Duration{1}, next - clock.now().mono));
    }
    clock.step(end - clock.now().mono);
  }

  StepClock clock;
  EvenRandom random;
  std::vector<std::string> lines;
  Log log{clock, LogLevel::info, LogFormat::logfmt, [this](std::string_view line) { lines.emplace_back(line); }};
  std::unique_ptr<QueueExecutor> executor = std::make_unique<QueueExecutor>();
  CountingTelemetry telemetry;
  Disk disk;
  std::unique_ptr<store::Store> journal = std::make_unique<MemoryStore>(disk);
  bool journal_hangs = false;
  bool sent_before_it_was_kept = false;
  std::vector<OwnAlert> firing;
  std::shared_ptr<Channel> channel = std::make_shared<Channel>("incidents");
  std::shared_ptr<Channel> other = std::make_shared<Channel>("deployments");
  std::vector<receivers::ReceiverPtr> receivers{channel, other};
  std::optional<notify::Messenger> messenger;
  bool held = false;
};

TEST_F(MessengerTest, EachReceiverIsToldOnceForAsLongAsItLasts) {
  firing = {alert(asks)};
  run(3h);
  EXPECT_THAT(channel->posted, ElementsAre(asks));
  EXPECT_THAT(other->posted, ElementsAre(asks));
  EXPECT_EQ((telemetry.notifications[{"incidents", std::nullopt}]), 1);
  run(2h);
  EXPECT_THAT(channel->posted, ElementsAre(asks, asks)) << "it still lasts after repeat_interval";
}

TEST_F(MessengerTest, ItsEndIsToldOnceWhereThatIsNews) {
  firing = {alert(asks), alert(passed)};
  run(1min);
  firing.clear();
  run(1h);
  EXPECT_THAT(channel->posted, ElementsAre(asks, passed, asks + " over"));
  EXPECT_THAT(disk.told, IsEmpty());
}

TEST_F(MessengerTest, WhatComesAndGoesDoesNotFloodTheChannel) {
  for (int i = 0; i < 60; ++i) {
    firing = {alert(asks)};
    run(1s);
    firing.clear();
    run(1s);
  }
  EXPECT_LE(channel->posted.size(), 26U) << "of 120 changes in two minutes";
}

TEST_F(MessengerTest, AnIntentIsDurableBeforeTheMessageIsSent) {
  messenger->set_receivers({channel});
  executor->hold(Lane::message);
  held = true;
  firing = {alert(asks)};
  run(1s);
  ASSERT_THAT(disk.told, SizeIs(1));
  EXPECT_EQ(disk.told.begin()->second.state, ToldState::sending);
  EXPECT_EQ(channel->calls, 0);
  EXPECT_FALSE(sent_before_it_was_kept);
}

TEST_F(MessengerTest, AGuardThatDiesBeforeItIsSentTellsItAfterwards) {
  executor->hold(Lane::message);
  held = true;
  firing = {alert(asks)};
  run(1s);
  die();
  held = false;
  start();
  run(1min);
  EXPECT_THAT(channel->posted, ElementsAre(asks + " again")) << "the new one cannot know that it never arrived";
}

TEST_F(MessengerTest, AGuardThatDiesBeforeItHearsOfItTellsItOnceMoreAndSaysSo) {
  executor->hold(Lane::message);
  held = true;
  firing = {alert(asks)};
  run(1s);
  executor->lose_answers(Lane::message);
  die();
  held = false;
  start();
  run(1h);
  EXPECT_THAT(channel->posted, ElementsAre(asks, asks + " again"));
  EXPECT_EQ(channel->keys.at(0), channel->keys.at(1)) << "a receiver that can tells them for one";
}

TEST_F(MessengerTest, ARestartedGuardTellsNothingTwiceAndTheEndOfWhatTheOneBeforeTold) {
  firing = {alert(asks)};
  run(1min);
  die();
  start();
  run(1h);
  EXPECT_THAT(channel->posted, ElementsAre(asks));
  die();
  firing.clear();
  start();
  run(50s);
  EXPECT_THAT(channel->posted, ElementsAre(asks)) << "it may not know yet what still fires";
  run(20s);
  EXPECT_THAT(channel->posted, ElementsAre(asks, asks + " over"));
}

TEST_F(MessengerTest, TheSameHoldsOfTheRealJournal) {
  const Folder folder;
  journal = std::move(*store::open_journal(folder.path()));
  firing = {alert(asks)};
  run(1min);
  die();
  journal.reset();
  journal = std::move(*store::open_journal(folder.path()));
  start();
  run(1min);
  EXPECT_THAT(channel->posted, ElementsAre(asks));
  firing.clear();
  run(2min);
  EXPECT_THAT(channel->posted, ElementsAre(asks, asks + " over"));
  EXPECT_THAT(journal->load()->told, IsEmpty());
}

TEST_F(MessengerTest, AJournalThatIsFullKeepsNobodyFromBeingToldAndIsWrittenOnceItCan) {
  disk.full = true;
  firing = {alert("ReleaseGuardStoreTrouble")};
  run(30s);
  EXPECT_THAT(channel->posted, ElementsAre("ReleaseGuardStoreTrouble"));
  EXPECT_TRUE(messenger->is_telling()) << "that it was told would be lost now";
  disk.full = false;
  run(30s);
  EXPECT_EQ(disk.told.begin()->second.state, ToldState::sent);
  EXPECT_FALSE(messenger->is_telling());
}

TEST_F(MessengerTest, NorDoesOneThatHangs) {
  journal_hangs = true;
  firing = {alert("ReleaseGuardStoreTrouble")};
  run(4s);
  EXPECT_THAT(channel->posted, IsEmpty()) << "it may still be taken";
  run(4s);
  EXPECT_THAT(channel->posted, ElementsAre("ReleaseGuardStoreTrouble"));
}

TEST_F(MessengerTest, AReceiverThatIsAwayIsToldWhatIsTrueOnItsReturnAndNothingElse) {
  channel->answer = away();
  firing = {alert(asks)};
  run(10min);
  EXPECT_GT(channel->calls, 10);
  EXPECT_LT(channel->calls, 40) << "tries back off";
  firing = {alert("ReleaseGuardRollingBack")};
  run(10min);
  firing = {alert(passed), alert("ReleaseGuardRolledBack")};
  channel->answer.reset();
  run(5min);
  EXPECT_THAT(channel->posted, testing::UnorderedElementsAre(passed, "ReleaseGuardRolledBack"));
  EXPECT_THAT(other->posted, SizeIs(testing::Ge(4U))) << "it kept nobody else waiting";
}

TEST_F(MessengerTest, TroubleIsLoggedOnceShownWhileItLastsAndCounted) {
  channel->answer = away();
  firing = {alert(asks)};
  run(10min);
  EXPECT_THAT(messenger->troubles(), ElementsAre(HasSubstr("receiver \"incidents\" has taken no message since")));
  channel->answer.reset();
  run(2min);
  EXPECT_THAT(messenger->troubles(), IsEmpty());
  EXPECT_THAT(lines, ElementsAre(HasSubstr("connection refused"), HasSubstr("messages are taken again")));
  EXPECT_EQ((telemetry.notifications[{"incidents", FailureReason::other}]), channel->calls - 1);
}

TEST_F(MessengerTest, WhoAsksToBeLeftAloneIs) {
  channel->answer = Failure{FailureReason::client_error, "HTTP 429", false, false, 30s};
  firing = {alert(asks)};
  run(1s);
  channel->answer.reset();
  run(25s);
  EXPECT_EQ(channel->calls, 1);
  run(10s);
  EXPECT_THAT(channel->posted, ElementsAre(asks)) << "it certainly did not arrive before, so it says nothing of that";
}

TEST_F(MessengerTest, WhatMayHaveArrivedIsSentOnceMoreAndSaysSo) {
  channel->answer = lost();
  firing = {alert(asks)};
  run(100ms);
  channel->answer.reset();
  run(1min);
  EXPECT_THAT(channel->posted, ElementsAre(asks, asks + " again"));
}

TEST_F(MessengerTest, WhatMayHaveArrivedEachTimeIsToldEverLessOften) {
  channel->answer = lost();
  firing = {alert(asks)};
  run(1min);
  EXPECT_THAT(channel->posted, ElementsAre(asks, asks + " again"));
  run(1h);
  EXPECT_LE(channel->calls, 10);
  channel->answer.reset();
  run(1h);
  EXPECT_EQ(messenger->troubles(), std::vector<std::string>{}) << "and yet it goes on until somebody answers";
}

TEST_F(MessengerTest, OneMessageThatIsRefusedHoldsUpNoOther) {
  channel->failures[asks] = refused();
  firing = {alert(asks), alert(passed)};
  run(1min);
  EXPECT_THAT(channel->posted, ElementsAre(passed));
  EXPECT_EQ(channel->calls, 2);
  run(10min);
  EXPECT_LE(channel->calls, 4) << "it is not tried again soon";
}

TEST_F(MessengerTest, AfterAnOutageTheMostPressingIsToldBeforeTheRest) {
  for (const auto& outage : {away(), lost()}) {
    channel->posted.clear();
    channel->answer = outage;
    firing = {alert(asks + outage.words)};
    for (int i = 0; i < 5; ++i) firing.push_back(alert(passed + outage.words + std::to_string(i)));
    run(20min);
    channel->posted.clear();
    channel->answer.reset();
    run(11min);
    ASSERT_GE(channel->posted.size(), 6U);
    const auto pressing = std::ranges::find_if(channel->posted, [](const auto& one) { return one.starts_with(asks); });
    EXPECT_LE(pressing - channel->posted.begin(), 1) << outage.words;
  }
}

TEST_F(MessengerTest, NorDoesOneThatTheServerChokesOn) {
  channel->failures[asks] = {FailureReason::server_error, "HTTP 500", false, true, {}};
  firing = {alert(asks), alert(passed)};
  run(1min);
  EXPECT_THAT(channel->posted, testing::Contains(passed));
}

TEST_F(MessengerTest, OneReceiverThatHangsKeepsNoOtherWaiting) {
  executor->hold(Lane::message);
  held = true;
  firing = {alert(asks)};
  run(1min);
  EXPECT_EQ(executor->waiting(Lane::message), 2U) << "one message of each receiver is under way, and no more";
}

TEST_F(MessengerTest, MessagesAreASecondApart) {
  for (int i = 0; i < 30; ++i) firing.push_back(alert("A" + std::to_string(100 + i)));
  run(10s);
  EXPECT_LE(channel->calls, 11);
  run(30s);
  EXPECT_EQ(channel->calls, 30);
}

TEST_F(MessengerTest, AReloadGoesOnWithWhomItKnowsAndForgetsWhoIsGone) {
  firing = {alert(asks)};
  run(1min);
  const auto again = std::make_shared<Channel>("incidents");
  messenger->set_receivers({again});
  EXPECT_THAT(telemetry.receiver_names, ElementsAre("incidents"));
  run(1min);
  EXPECT_THAT(again->posted, IsEmpty());
  EXPECT_THAT(disk.told, SizeIs(1)) << "nothing is kept of the one that is gone";
  firing.clear();
  run(1min);
  EXPECT_THAT(again->posted, ElementsAre(asks + " over"));
}

TEST_F(MessengerTest, AReceiverThatIsGoneAtTheNextStartIsForgottenToo) {
  firing = {alert(asks)};
  run(1min);
  die();
  receivers = {channel};
  start();
  run(1min);
  EXPECT_THAT(disk.told, SizeIs(1));
}

TEST_F(MessengerTest, AReceiverThatARefusedAddressBelongsToIsTriedAtOnceAfterAReload) {
  channel->answer = refused();
  firing = {alert(asks)};
  run(1min);
  channel->answer.reset();
  messenger->set_receivers(receivers);
  run(2s);
  EXPECT_THAT(channel->posted, ElementsAre(asks));
}

TEST_F(MessengerTest, WhatTheAddressBeforeAReloadRefusedIsTriedSoonAtTheNewOne) {
  executor->hold(Lane::message);
  held = true;
  channel->answer = refused();
  firing = {alert(asks)};
  run(1s);
  const auto again = std::make_shared<Channel>("incidents");
  messenger->set_receivers({again});
  executor->release(Lane::message);
  held = false;
  run(5s);
  EXPECT_THAT(again->posted, ElementsAre(asks));
}

TEST_F(MessengerTest, BeginsNothingOnceItIsStopped) {
  messenger->stop();
  firing = {alert(asks)};
  run(1min);
  EXPECT_EQ(channel->calls, 0);
}

TEST_F(MessengerTest, WithoutReceiversNothingIsEverLookedAt) {
  messenger->set_receivers({});
  run(1s);
  EXPECT_EQ(messenger->tick(), MonoTime::max());
}

class ToldInTheJournal : public testing::Test {
 protected:
  std::optional<bool> keep(ToldState state) {
    std::optional<bool> durable;
    world.guard->keep_told({"incidents", alert(asks), state, WallTime{}}, [&](bool done) { durable = done; });
    world.settle();
    return durable;
  }
  World world;
};

TEST_F(ToldInTheJournal, IsThereForTheNextGuardUntilItHasEnded) {
  EXPECT_EQ(keep(ToldState::sent), true);
  world.restart();
  const auto told = world.guard->take_told();
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_EQ(told[0].state, ToldState::sent);
  EXPECT_THAT(world.guard->take_told(), IsEmpty());
  EXPECT_EQ(keep(ToldState::ended), true);
  world.restart();
  EXPECT_THAT(world.guard->take_told(), IsEmpty());
}

TEST_F(ToldInTheJournal, OneThatCannotBeWrittenSaysSo) {
  world.disk.full = true;
  EXPECT_EQ(keep(ToldState::sent), false);
}

}  // namespace
}  // namespace guard::test
