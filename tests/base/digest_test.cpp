// SPDX-License-Identifier: Apache-2.0
#include "guard/base/digest.hpp"

#include <gtest/gtest.h>

namespace guard {
namespace {

TEST(Digest, IsTheBeginningOfTheSha256) {
  EXPECT_EQ(digest(""), "e3b0c44298fc1c149afbf4c8996fb924");
  EXPECT_NE(digest("a"), digest("b"));
}

// RFC 4231, test case 2.
TEST(Digest, WithAKeyIsTheHmac) {
  EXPECT_EQ(keyed_digest(Secret("Jefe"), "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

}  // namespace
}  // namespace guard
