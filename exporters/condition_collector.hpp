// SPDX-License-Identifier: Apache-2.0
//
// How the guard itself fares, looked at when it is scraped: a disk that hangs counts nothing by itself. Safe from any
// thread.
#pragma once

#include <cstdint>
#include <vector>

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

namespace guard::exporters {

class ConditionCollector final : public prometheus::Collectable {
 public:
  struct Condition {
    bool store_trouble = false;        // the journal cannot be written
    std::uint64_t log_lines_lost = 0;  // in all
  };
  explicit ConditionCollector(Condition now) : now_(now) {}
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  Condition now_;
};

}  // namespace guard::exporters
