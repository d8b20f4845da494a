// SPDX-License-Identifier: Apache-2.0
#include "guard/config/keys.hpp"

#include "guard/base/duration.hpp"

#include <set>

#include <gtest/gtest.h>

namespace guard::config {
namespace {

TEST(Keys, EveryKeyHasATypeAndAMeaningAndStandsOnce) {
  for (const auto* object : all_objects()) {
    std::set<std::string_view> seen;
    for (const auto& key : object->keys) {
      EXPECT_TRUE(seen.insert(key.name).second) << object->name << " " << key.name;
      EXPECT_FALSE(text_of(key.type).empty()) << key.name;
      EXPECT_FALSE(key.meaning.empty()) << key.name;
      EXPECT_TRUE(key.need == Need::optional || key.fallback.empty()) << key.name;
    }
    for (const auto& refused : object->refused) EXPECT_TRUE(seen.insert(refused.name).second) << refused.name;
  }
}

TEST(Keys, EveryDefaultOfADurationIsOne) {
  for (const auto* object : all_objects()) {
    for (const auto& key : object->keys) {
      if (key.type.name != "duration" || key.fallback.empty() || key.name == "max_age") continue;
      EXPECT_TRUE(parse_duration(key.fallback)) << object->name << " " << key.name;
    }
  }
}

}  // namespace
}  // namespace guard::config
