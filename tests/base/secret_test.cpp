// SPDX-License-Identifier: Apache-2.0
#include "guard/base/secret.hpp"

#include <sstream>
#include <type_traits>

#include <gtest/gtest.h>

namespace guard {
namespace {

TEST(Secret, IsNeverShown) {
  const Secret secret("hunter2");
  std::ostringstream out;
  out << secret;
  EXPECT_EQ(out.str(), "<secret>");
  EXPECT_EQ(fmt::format("{} {:>10}", secret, secret), "<secret>   <secret>");
  EXPECT_EQ(testing::PrintToString(secret), "<secret>");
}

TEST(Secret, IsGivenOnlyToWhoAsksForItByName) {
  EXPECT_EQ(Secret("hunter2").reveal(), "hunter2");
  EXPECT_FALSE((std::is_convertible_v<Secret, std::string>));
  EXPECT_FALSE((std::is_convertible_v<std::string, Secret>));
}

TEST(Secret, EqualsOnlyItself) {
  const Secret secret("hunter2");
  EXPECT_TRUE(secret.equals("hunter2"));
  for (const auto* guess : {"", "hunter", "hunter3", "hunter22", "Hunter2"}) EXPECT_FALSE(secret.equals(guess));
}

TEST(Secret, AnEmptyOneIsSaidToBeEmpty) {
  EXPECT_TRUE(Secret{}.empty());
  EXPECT_FALSE(Secret("x").empty());
}

}  // namespace
}  // namespace guard
