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
  ConditionCollector::Condition now;
  Exposition page;
  page.add([&] { return std::make_shared<ConditionCollector>(now); });
  EXPECT_THAT(page.look(Format::text)(), HasSubstr("\nrelease_guard_store_trouble 0\n"));
  EXPECT_THAT(page.look(Format::text)(), HasSubstr("\nrelease_guard_log_lines_lost_total 0\n"));
  now = {true, 12, {{"shop", true}, {"search", false}}};
  EXPECT_THAT(page.look(Format::text)(), HasSubstr("\nrelease_guard_store_trouble 1\n"));
  EXPECT_THAT(page.look(Format::text)(), HasSubstr("\nrelease_guard_log_lines_lost_total 12\n"));
  EXPECT_THAT(page.look(Format::text)(), HasSubstr("\nrelease_guard_detection_blind{group=\"shop\"} 1\n"));
  EXPECT_THAT(page.look(Format::text)(), HasSubstr("\nrelease_guard_detection_blind{group=\"search\"} 0\n"));
}

}  // namespace
}  // namespace guard::exporters
