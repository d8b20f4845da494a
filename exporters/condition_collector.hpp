// SPDX-License-Identifier: Apache-2.0
//
// How the guard itself fares, looked at when it is scraped: a disk that hangs counts nothing by itself. Collect() calls
// the two functions and so belongs on the thread that may.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

namespace guard::exporters {

class ConditionCollector final : public prometheus::Collectable {
 public:
  struct Sources {
    std::function<bool()> store_trouble;            // whether the journal cannot be written
    std::function<std::uint64_t()> log_lines_lost;  // in all
  };
  explicit ConditionCollector(Sources sources) : sources_(std::move(sources)) {}
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  Sources sources_;
};

}  // namespace guard::exporters
