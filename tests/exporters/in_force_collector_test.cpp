// SPDX-License-Identifier: Apache-2.0
#include "exporters/in_force_collector.hpp"

#include "exporters/exposition.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::exporters {
namespace {

using testing::HasSubstr;

TEST(InForceCollector, ShowsTheKillSwitchAndHowManyFreezesThereAre) {
  story::InForce now;
  Exposition page;
  page.add([&] { return std::make_shared<InForceCollector>(now, ""); });
  EXPECT_THAT(page.look(Format::text)(), HasSubstr("\nrelease_guard_kill_switch 0\n"));
  EXPECT_THAT(page.look(Format::text)(), HasSubstr("\nrelease_guard_freeze 0\n"));
  now.kill_switch = true;
  now.freezes = {{WallTime{}, "the sale is on"}, {WallTime{}, "and a holiday"}};
  EXPECT_THAT(page.look(Format::text)(), HasSubstr("\nrelease_guard_kill_switch 1\n"));
  EXPECT_THAT(page.look(Format::text)(), HasSubstr("\nrelease_guard_freeze 2\n"));
}

TEST(InForceCollector, SaysWherePeopleReachTheGuardIfSomebodyHasSaid) {
  std::string url;
  Exposition page;
  page.add([&] { return std::make_shared<InForceCollector>(story::InForce{}, url); });
  EXPECT_THAT(page.look(Format::text)(), testing::Not(HasSubstr("release_guard_web_info")));
  url = "https://guard.example.org";
  EXPECT_THAT(page.look(Format::text)(),
              HasSubstr("\nrelease_guard_web_info{external_url=\"https://guard.example.org\"} 1"));
}

}  // namespace
}  // namespace guard::exporters
