// SPDX-License-Identifier: Apache-2.0
#include "exporters/delivery_collector.hpp"

#include "exporters/exposition.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::exporters {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

std::string shown(const story::DeliveryView& view) {
  Exposition page;
  page.add([&] { return std::make_shared<DeliveryCollector>(view); });
  return page.look(Format::text)();
}

TEST(DeliveryCollector, ShowsEachPlace) {
  story::DeliveryView view;
  story::DeliveryFigures figures;
  figures.deployments = 12;
  figures.judged = 11;
  figures.failed = 2;
  figures.unrestored = 1;
  figures.time_to_restore_median = 10min;
  figures.time_to_restore_p90 = 30min;
  view.places = {{"shop", "production", figures}, {"till", "production", {}}};
  const auto text = shown(view);
  const auto line = [](const std::string& name, const std::string& service, const std::string& value) {
    return "\nrelease_guard_" + name + "{service=\"" + service + "\",environment=\"production\"} " + value + "\n";
  };
  EXPECT_THAT(text, HasSubstr(line("deployments_last_30d", "shop", "12")));
  EXPECT_THAT(text, HasSubstr(line("deployments_last_30d", "till", "0")));
  EXPECT_THAT(text, HasSubstr(line("deployments_judged_last_30d", "shop", "11")));
  EXPECT_THAT(text, HasSubstr(line("deployments_failed_last_30d", "shop", "2")));
  EXPECT_THAT(text, HasSubstr(line("deployments_unrestored_last_30d", "shop", "1")));
  EXPECT_THAT(text, HasSubstr(line("time_to_restore_median_last_30d_seconds", "shop", "600")));
  EXPECT_THAT(text, HasSubstr(line("time_to_restore_p90_last_30d_seconds", "shop", "1800")));
}

TEST(DeliveryCollector, ATimeThatNobodyMeasuredHasNoSeries) {
  story::DeliveryView view;
  view.places = {{"till", "production", {}}};
  EXPECT_THAT(shown(view), Not(HasSubstr("_seconds{")));
}

}  // namespace
}  // namespace guard::exporters
