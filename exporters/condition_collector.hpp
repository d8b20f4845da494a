// SPDX-License-Identifier: Apache-2.0
//
// How the guard itself fares, looked at when it is scraped: a disk that hangs counts nothing by itself. Safe from any
// thread.
#pragma once

#include "guard/base/time.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

namespace guard::exporters {

// By how much the wall clock was set since `began`, against boot time, which nobody sets: forward or, below zero, back.
Duration wall_clock_jump(const Instant& began, const Instant& now);

class ConditionCollector final : public prometheus::Collectable {
 public:
  struct Condition {
    bool store_trouble = false;                   // the journal cannot be written
    std::uint64_t log_lines_lost = 0;             // in all
    std::map<std::string, bool> detection_blind;  // by rule group that finds releases: nobody can tell what runs
    Duration clock_jump{0};                       // since the guard started
  };
  explicit ConditionCollector(Condition now) : now_(std::move(now)) {}
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  Condition now_;
};

}  // namespace guard::exporters
