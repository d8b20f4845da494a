// SPDX-License-Identifier: Apache-2.0
//
// Messages to receivers over time: each once, whatever dies; on a journal in memory and on a real one.
#include "guard/store/sqlite_store.hpp"
#include "tests/notify/messaging.hpp"
#include "tests/support/folder.hpp"

namespace guard::test {
namespace {

using alerts::ToldState;

class MessengerTest : public Messaging {};

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
