// SPDX-License-Identifier: Apache-2.0
#include "guard/base/base64.hpp"

#include <gtest/gtest.h>

namespace guard {
namespace {

TEST(Base64, IsDecodedWithItsPadding) {
  EXPECT_EQ(decode_base64("YWRhOng="), "ada:x");
  EXPECT_EQ(decode_base64("YWRhOg=="), "ada:");
  EXPECT_EQ(decode_base64("YWRh"), "ada");
}

TEST(Base64, WhatIsBrokenIsNothing) {
  for (const auto* text : {"", "YWRhOng", "YWRh OnY", "!!!!"}) EXPECT_FALSE(decode_base64(text)) << text;
}

}  // namespace
}  // namespace guard
