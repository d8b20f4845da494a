// SPDX-License-Identifier: Apache-2.0
//
// However many alerts and groups there are, what is kept of them is bounded, and what is left out is said.
#include "tests/alerts/received.hpp"

#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace guard::alerts {
namespace {

using testing::ElementsAre;

TEST_F(Received, WhatFiresIsBoundedAndWhatIsLeftOutIsSaid) {
  std::vector<Alert> storm;
  for (std::size_t i = 0; i < most_alerts; ++i)
    storm.push_back(alert(AlertStatus::firing, 0s, fmt::format("{:016x}", i)));
  hear(message(storm));
  EXPECT_EQ(alerts_.firing().size(), most_alerts);
  EXPECT_FALSE(alerts_.doubt(message_time));
  const auto applied = alerts_.apply(message({alert(AlertStatus::firing, 0s, "fedcba9876543210")}), message_time + 1s);
  EXPECT_LE(alerts_.firing().size(), most_alerts);
  EXPECT_EQ(alerts_.firing().size() + applied.evicted.size(), most_alerts + 1) << "the journal is told of each";
  EXPECT_TRUE(applied.cut);
  const auto doubt = alerts_.doubt(message_time + 1s);
  ASSERT_TRUE(doubt);
  EXPECT_THAT(doubt->message, testing::StartsWith("more alerts fire than the 10000 that the guard keeps"));
  EXPECT_EQ(alerts_.firing().all().back().fingerprint, "fedcba9876543210") << "what was heard last stays";
  ReceivedAlerts next;
  next.restore({}, {*applied.cut}, message_time + 1s);
  EXPECT_EQ(next.doubt(message_time + 1s)->message, doubt->message);
  EXPECT_FALSE(next.doubt(message_time + 25h));
}

// What a journal holds of the groups: what each message says of its own, and what is then said of them.
void keep(std::map<std::string, GroupHeard>& journal, const std::vector<GroupHeard>& groups) {
  for (const auto& group : groups) {
    journal.erase(group.key);
    if (group.cut_short) journal[group.key] = group;
  }
}

std::vector<GroupHeard> all_of(const std::map<std::string, GroupHeard>& journal) {
  std::vector<GroupHeard> out;
  for (const auto& [key, group] : journal) out.push_back(group);
  return out;
}

TEST_F(Received, GroupsThatWereCutShortAreBoundedAndWhatIsOverStaysInDoubt) {
  std::map<std::string, GroupHeard> journal;
  const auto hear_group = [&](std::size_t number, std::uint64_t truncated) {
    const auto group = fmt::format("g{}", number);
    keep(journal, {{group_name(group), truncated > 0, message_time}});
    keep(journal, alerts_.apply(message({}, truncated, group), message_time).groups);
  };
  for (std::size_t i = 0; i < 2 * most_cut_groups; ++i) hear_group(i, 1);
  EXPECT_LE(journal.size(), most_cut_groups + 1);
  for (std::size_t i = 0; i < 2 * most_cut_groups; ++i) hear_group(i, 0);
  EXPECT_EQ(journal.size(), 1U);
  ReceivedAlerts next;
  next.restore({}, all_of(journal), message_time);
  for (const auto* alerts : {&alerts_, &next}) {
    EXPECT_TRUE(alerts->doubt(message_time + 1h)) << "which of them are whole again nobody knows";
    EXPECT_FALSE(alerts->doubt(message_time + 25h));
  }
}

TEST_F(Received, GroupsThatNoLongerCountMakeRoomForOthers) {
  for (std::size_t i = 0; i < most_cut_groups; ++i) hear(message({}, 1, fmt::format("g{}", i)));
  hear(message({}, 1, "late"), 25h);
  hear(message({}, 0, "late"), 25h);
  EXPECT_FALSE(alerts_.doubt(message_time + 25h));
}

TEST_F(Received, KeysThatAVersionBeforeStoredAreUnderstoodAndStoredByTheirNames) {
  const std::string key(1U << 20U, 'k');
  std::map<std::string, GroupHeard> journal{{key, {key, true, message_time}},
                                            {"old", {"old", true, message_time - 25h}}};
  keep(journal, alerts_.restore({}, all_of(journal), message_time).groups);
  EXPECT_THAT(all_of(journal), ElementsAre(GroupHeard{group_name(key), true, message_time}));
  EXPECT_TRUE(alerts_.is_cut_short(group_name(key)));
  hear(message({}, 0, group_name(key)));
  EXPECT_FALSE(alerts_.doubt(message_time));
}

TEST_F(Received, MoreStoredGroupsThanThereIsRoomForStayInDoubt) {
  std::map<std::string, GroupHeard> journal;
  for (std::size_t i = 0; i < 2 * most_cut_groups; ++i)
    keep(journal, {{fmt::format("{}{}", i, std::string(1000, 'k')), true, message_time}});
  keep(journal, alerts_.restore({}, all_of(journal), message_time).groups);
  EXPECT_EQ(journal.size(), most_cut_groups + 1);
  for (const auto& group : all_of(journal)) hear(message({}, 0, group.key == "(further groups)" ? "x" : group.key));
  EXPECT_TRUE(alerts_.doubt(message_time));
}

TEST_F(Received, LabelsAreBoundedByTheirBytes) {
  for (int i = 0; i < 20; ++i) {
    auto large = alert(AlertStatus::firing, 0s, fmt::format("{:016x}", i));
    large.labels["blob"] = std::string(1U << 20U, 'x');
    hear(message({large}));
  }
  EXPECT_LE(alerts_.firing().size(), 16U);
  EXPECT_GE(alerts_.firing().size(), 13U);
  EXPECT_TRUE(alerts_.doubt(message_time));
}

TEST_F(Received, MemoryIsBoundedByLettingGoOfTheOldestEndsFirst) {
  hear(message({alert(AlertStatus::firing, -1h, "aaaaaaaaaaaaaaaa")}));
  for (int i = 0; i < 10'000; ++i) hear(message({alert(AlertStatus::resolved, i * 1s, fmt::format("{:016x}", i))}));
  EXPECT_EQ(alerts_.firing().size(), 1U) << "ends go before what fires";
  EXPECT_EQ(hear(message({alert(AlertStatus::firing, 9999s, fmt::format("{:016x}", 9999))})), 0U)
      << "the newest end is still known";
  EXPECT_EQ(hear(message({alert(AlertStatus::resolved, 0s, fmt::format("{:016x}", 0))})), 1U)
      << "the oldest end was let go";
}

}  // namespace
}  // namespace guard::alerts
