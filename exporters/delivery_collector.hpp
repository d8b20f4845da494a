// SPDX-License-Identifier: Apache-2.0
//
// How releases went over the last 30 days, by service and environment: counted from the journal, so that neither a
// restart of the guard nor the retention of Prometheus changes them. Collect() may be called on any thread.
#pragma once

#include "guard/story/delivery_view.hpp"

#include <vector>

#include <prometheus/collectable.h>

namespace guard::exporters {

// What the names of its metrics say.
inline constexpr Duration delivery_span = std::chrono::hours(24 * 30);

class DeliveryCollector final : public prometheus::Collectable {
 public:
  explicit DeliveryCollector(story::DeliveryView view) : view_(std::move(view)) {}
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  story::DeliveryView view_;
};

}  // namespace guard::exporters
