// SPDX-License-Identifier: Apache-2.0
#include "guard/base/route_prefix.hpp"

#include <gtest/gtest.h>

namespace guard {
namespace {

TEST(RoutePrefix, HasASlashBeforeAndNoneBehind) {
  for (const auto* text : {"/ops/guard", "ops/guard", "/ops/guard/", "//ops/guard//"})
    EXPECT_EQ(parse_route_prefix(text), "/ops/guard") << text;
  for (const auto* text : {"", "/", "//"}) EXPECT_EQ(parse_route_prefix(text), "") << text;
}

TEST(RoutePrefix, IsAPathThatNeedsNoEscape) {
  for (const auto* text : {"/a b", "/ops//guard", "/..", "/a/./b", "/%67uard", "/g\xC3\xBC", "/a?b", "/a;b", "/a#b"})
    EXPECT_EQ(parse_route_prefix(text).error().message, "write a path of letters, digits and -._~, for example /guard")
        << text;
  EXPECT_FALSE(parse_route_prefix("/" + std::string(201, 'x')));
}

}  // namespace
}  // namespace guard
