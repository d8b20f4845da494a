// SPDX-License-Identifier: Apache-2.0
#include "guard/store/watch_json.hpp"

#include "guard/base/file.hpp"
#include "guard/base/json.hpp"
#include "guard/store/group_json.hpp"
#include "tests/store/sample.hpp"

#include <boost/pfr.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace guard::store {
namespace {

using testing::HasSubstr;

// What the watches here start with.
model::RuleGroup one_rule() {
  model::RuleGroup group;
  group.rules = {model::Rule{}};
  return group;
}

Result<model::Watch> decode_watch(std::string_view text) {
  return store::decode_watch(text, std::make_shared<const model::RuleGroup>(one_rule()));
}

std::string stored() {
  auto watch = test::open_watch("r1", test::at(100));
  watch.spec.labels = {{"team", "web"}};
  watch.rules = {model::RuleState{}};
  return encode(watch);
}

// With one of everything.
std::string full_group() {
  auto group = one_rule();
  group.rules[0].baselines = {model::Baseline{}};
  group.requirement = model::Requirement{};
  group.freeze = model::FreezePolicy{};
  return encode(group);
}

std::string full_watch() {
  auto watch = *decode_watch(stored());
  watch.freeze = model::BegunFreeze{};
  watch.clock.as_of = Instant{};
  watch.rules[0].last = model::Evaluation{};
  watch.signals["smoke"] = {};
  watch.decisions = {model::Decision{}};
  watch.decisions[0].attempts = {model::Attempt{}};
  return encode(watch);
}

std::string message_of(const std::string& text) {
  const auto watch = decode_watch(text);
  return watch ? "it was read" : watch.error().message;
}

std::string message_of_group(const std::string& text) {
  const auto group = decode_group(text);
  return group ? "it was read" : group.error().message;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

// Every path at which an object of `value` has a member: a way to leave out each of them once.
void for_each_member(json::value& value, const std::function<void(json::object&, const std::string&)>& visit) {
  if (auto* object = value.if_object()) {
    std::vector<std::string> names;
    for (const auto& member : *object) names.emplace_back(member.key());
    for (const auto& name : names) {
      visit(*object, name);
      for_each_member(object->at(name), visit);
    }
  }
  if (auto* array = value.if_array())
    for (auto& item : *array) for_each_member(item, visit);
}

TEST(WatchJson, WordsThatAreAbsentAreStoredAsAnEmptyText) {
  EXPECT_NE(stored().find(R"("disturbance":"")"), std::string::npos);
  EXPECT_EQ(decode_watch(stored())->disturbance, std::nullopt);
}

TEST(WatchJson, AnyWatchComesBackAsItWas) {
  const bool held = rc::check([](std::uint64_t seed) {
    const auto watch = test::random_watch(seed);
    const auto group = decode_group(encode(*watch.group));
    RC_ASSERT(group.has_value());
    const auto again = store::decode_watch(encode(watch), std::make_shared<const model::RuleGroup>(*group));
    RC_ASSERT(again.has_value());
    RC_ASSERT(test::same(watch, *again));
    RC_ASSERT(encode(watch) == encode(*again));
    RC_ASSERT(encode(*watch.group) == encode(*group));
  });
  EXPECT_TRUE(held);
}

TEST(WatchJson, AnyAlertComesBackAsItWas) {
  const bool held = rc::check([](std::uint64_t seed) {
    const auto alert = test::random_alert(seed);
    const auto again = decode_alert(encode(alert));
    RC_ASSERT(again.has_value());
    RC_ASSERT(alert == *again);
  });
  EXPECT_TRUE(held);
}

template <class T>
void expect_all_of(const json::value& stored) {
  EXPECT_EQ(stored.as_object().size(), boost::pfr::tuple_size_v<T>) << "a member of this is not stored: " << stored;
}

TEST(WatchJson, EveryMemberOfEveryStructIsStored) {
  const auto value = *parse_json(full_watch());
  EXPECT_EQ(value.as_object().size() + 1, boost::pfr::tuple_size_v<model::Watch>) << "all but its group: " << value;
  expect_all_of<model::ReleaseSpec>(value.at("spec"));
  expect_all_of<model::WatchClock>(value.at("clock"));
  expect_all_of<Instant>(value.at("clock").at("as_of"));
  expect_all_of<model::Signal>(value.at("signals").at("smoke"));
  const auto& decision = value.at("decisions").at(0);
  expect_all_of<model::Decision>(decision);
  expect_all_of<model::Attempt>(decision.at("attempts").at(0));
  const auto& state = value.at("rules").at(0);
  expect_all_of<model::RuleState>(state);
  expect_all_of<model::Past>(state.at("past"));
  expect_all_of<model::Evaluation>(state.at("last"));
  expect_all_of<model::BegunFreeze>(value.at("freeze"));
}

TEST(WatchJson, EveryMemberOfAGroupIsStored) {
  const auto group = *parse_json(full_group());
  // What must hold before a release begins, its error budget, and how one is found, is no matter of its watch.
  EXPECT_EQ(group.as_object().size() + 3, boost::pfr::tuple_size_v<model::RuleGroup>) << group;
  expect_all_of<model::RollbackSettings>(group.at("rollback"));
  expect_all_of<model::Requirement>(group.at("requirement"));
  expect_all_of<model::FreezePolicy>(group.at("freeze"));
  const auto& rule = group.at("rules").at(0);
  expect_all_of<model::Rule>(rule);
  expect_all_of<model::Objective>(rule.at("objective"));
  expect_all_of<model::BreachPolicy>(rule.at("breach"));
  expect_all_of<model::Baseline>(rule.at("baselines").at(0));
}

TEST(WatchJson, AnyFreezeComesBackAsItWas) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto freeze = test::random_freeze(seed);
    const auto again = decode_freeze(encode(freeze));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(*again, freeze);
  }
  const auto value = *parse_json(encode(model::Freeze{}));
  expect_all_of<model::Freeze>(value);
  expect_all_of<model::Span>(value.at("span"));
}

TEST(WatchJson, WhatAReceiverWasToldComesBackAsItWas) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto told = test::random_told(seed);
    const auto again = decode_told(encode(told));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(*again, told);
  }
  const auto value = *parse_json(encode(ToldAlert{}));
  expect_all_of<ToldAlert>(value);
  expect_all_of<alerts::OwnAlert>(value.at("alert"));
}

TEST(WatchJson, EveryMemberOfAnAlertIsStored) {
  const auto value = *parse_json(encode(test::alert_of("f", alerts::AlertStatus::firing, test::at(1), test::at(2))));
  expect_all_of<ReceivedAlert>(value);
  expect_all_of<alerts::Alert>(value.at("alert"));
}

// The names of the members without which `text` can be read all the same.
std::vector<std::string> filled_in(const std::string& text, const std::function<bool(const std::string&)>& is_read) {
  auto value = *parse_json(text);
  std::vector<std::string> names;
  for_each_member(value, [&](json::object& object, const std::string& name) {
    if (name == "team" || name == "smoke") return;  // keys of maps, not members
    const json::object whole = object;
    object.erase(name);
    if (is_read(json::serialize(value))) names.push_back(name);
    object = whole;
  });
  return names;
}

TEST(WatchJson, NoMemberIsEverFilledIn) {
  EXPECT_THAT(filled_in(full_watch(), [](const auto& text) { return decode_watch(text).has_value(); }),
              testing::IsEmpty());
  EXPECT_THAT(filled_in(full_group(), [](const auto& text) { return decode_group(text).has_value(); }),
              testing::IsEmpty());
}

TEST(WatchJson, SaysWhichMemberIsMissing) {
  EXPECT_EQ(message_of_group(replaced(full_group(), R"("comparison":"<",)", "")),
            "rules[0].objective.comparison is missing");
}

TEST(WatchJson, RefusesAnEnumNameItDoesNotKnow) {
  EXPECT_EQ(message_of(replaced(stored(), R"("phase":"watching")", R"("phase":"dreaming")")),
            "phase is \"dreaming\", which has no meaning here");
}

TEST(WatchJson, RefusesAMemberItDoesNotKnow) {
  EXPECT_THAT(message_of(replaced(stored(), R"("paused":false)", R"("paused":false,"mood":"good")")),
              HasSubstr("it has 29 members, but 28 are known"));
}

TEST(WatchJson, RefusesNumbersThatAreNotExact) {
  EXPECT_EQ(message_of(replaced(stored(), R"("announced_at":100000)", R"("announced_at":100000.5)")),
            "announced_at must be a whole number");
  EXPECT_EQ(message_of_group(replaced(full_group(), R"("bound":"0")", R"("bound":"0 %")")),
            "rules[0].objective.bound must be a number written as text");
  EXPECT_EQ(message_of_group(replaced(full_group(), R"("count":0)", R"("count":4294967296)")),
            "rules[0].breach.count is out of range");
}

TEST(WatchJson, RefusesRuleStatesThatDoNotFitTheGroup) {
  auto watch = *decode_watch(stored());
  watch.rules.clear();
  EXPECT_EQ(message_of(encode(watch)), "it has the states of 0 rules, but its group has 1 rules");
}

TEST(WatchJson, RefusesWhatIsNoJson) {
  const auto text = stored();
  EXPECT_THAT(message_of(text.substr(0, text.size() / 2)), HasSubstr("it is not JSON"));
}

// One that cannot be read leads the fuzzer nowhere.
TEST(WatchJson, WhatTheFuzzerBeginsWithIsReadable) {
  const auto seed = [](const std::string& name) {
    return *read_file(std::filesystem::path(SOURCE_DIR) / "tests/fuzz/corpus/stored_watch" / (name + ".json"));
  };
  EXPECT_EQ(message_of(seed("open")), "it was read");
  EXPECT_EQ(message_of(seed("full")), "it was read");
  EXPECT_EQ(message_of_group(seed("group")), "it was read");
}

}  // namespace
}  // namespace guard::store
