// SPDX-License-Identifier: Apache-2.0
#include "exporters/condition_collector.hpp"

#include "exporters/exposition.hpp"

#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::exporters {
namespace {

using testing::HasSubstr;

TEST(ConditionCollector, TellsHowItIsWhenItIsAsked) {
  bool trouble = false;
  std::uint64_t lost = 0;
  Exposition page;
  page.add(
      std::make_shared<ConditionCollector>(ConditionCollector::Sources{[&] { return trouble; }, [&] { return lost; }}));
  EXPECT_THAT(page.render(), HasSubstr("\nrelease_guard_store_trouble 0\n"));
  EXPECT_THAT(page.render(), HasSubstr("\nrelease_guard_log_lines_lost_total 0\n"));
  trouble = true;
  lost = 12;
  EXPECT_THAT(page.render(), HasSubstr("\nrelease_guard_store_trouble 1\n"));
  EXPECT_THAT(page.render(), HasSubstr("\nrelease_guard_log_lines_lost_total 12\n"));
}

}  // namespace
}  // namespace guard::exporters
