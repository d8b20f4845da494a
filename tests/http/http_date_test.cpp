// SPDX-License-Identifier: Apache-2.0
#include "guard/http/http_date.hpp"

#include "guard/base/time_text.hpp"

#include <gtest/gtest.h>

namespace guard::http {
namespace {

TEST(HttpDate, IsTheFormThatServersSend) {
  const auto at = parse_http_date("Sat, 31 Jan 2026 12:00:01 GMT");
  ASSERT_TRUE(at);
  EXPECT_EQ(time_text(*at), "2026-01-31 12:00:01 UTC");
}

TEST(HttpDate, AnythingElseIsNone) {
  for (const auto* text : {"", "31 Jan 2026", "Sat, 31 Jan 2026 12:00:01 CET", "Sat, 31 Jan 2026 12:00 GMT"})
    EXPECT_FALSE(parse_http_date(text)) << text;
}

}  // namespace
}  // namespace guard::http
