// SPDX-License-Identifier: Apache-2.0
#include "guard/base/descriptors.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace guard {
namespace {

TEST(Descriptors, TheLimitIsTheOneInForce) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit lower = before;
  lower.rlim_cur = 123;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &lower), 0);
  EXPECT_EQ(descriptor_limit(), 123U);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_GT(descriptor_limit(), 123U);
}

}  // namespace
}  // namespace guard
