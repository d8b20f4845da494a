// SPDX-License-Identifier: Apache-2.0
#include "guard/core/counted_time.hpp"

#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace guard::core {
namespace {

using namespace std::chrono_literals;

TEST(CountedTime, IsFromTheEndOfSettlingOrOfAPauseToTheEndOfTheWindow) {
  auto watch = shop_watch();
  EXPECT_EQ(counts_from(watch), 5min);
  EXPECT_EQ(counts_until(watch), 2h);
  watch.resettled = 20min;
  EXPECT_EQ(counts_from(watch), 20min);
}

TEST(CountedTime, AfterARollbackIsAsLongAsThatIsVerified) {
  auto watch = shop_watch();
  watch.phase = Phase::verifying;
  watch.phase_began = 40min;
  EXPECT_EQ(counts_from(watch), 40min);
  EXPECT_EQ(counts_until(watch), 40min + watch.group->rollback.verify);
  watch.serving.since = 43min;
  EXPECT_EQ(counts_from(watch), 43min) << "until the version that was gone back to serves, it is another's time";
}

}  // namespace
}  // namespace guard::core
