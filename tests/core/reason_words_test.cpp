// SPDX-License-Identifier: Apache-2.0
#include "guard/core/reason_words.hpp"

#include <set>

#include <gtest/gtest.h>

namespace guard::core {
namespace {

TEST(ReasonWords, EachReasonHasWordsOfItsOwn) {
  std::set<std::string_view> said;
  for (const auto& [reason, name] : EnumNames<Reason>::table) {
    EXPECT_FALSE(explain(reason).empty()) << name;
    EXPECT_TRUE(said.insert(explain(reason)).second) << name;
  }
}

}  // namespace
}  // namespace guard::core
