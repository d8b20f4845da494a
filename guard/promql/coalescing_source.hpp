// SPDX-License-Identifier: Apache-2.0
//
// Shares one answer between equal questions about one moment: a query without templates is asked once for a thousand
// releases that are read at the same instant. Failures are shared too. Safe from any thread.
#pragma once

#include "guard/promql/metrics_source.hpp"

#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <optional>

namespace guard::promql {

class CoalescingSource final : public MetricsSource {
 public:
  explicit CoalescingSource(std::shared_ptr<MetricsSource> source) : source_(std::move(source)) {}

  core::Samples query(const InstantQuery& query) override;
  // Not shared: range queries are asked once per release.
  core::Samples query_range(const RangeQuery& query) override { return source_->query_range(query); }

 private:
  struct Entry {
    std::string expr;
    WallTime at;
    std::optional<core::Samples> answer;  // absent while it is being asked
  };
  std::shared_ptr<Entry> find(const InstantQuery& query) const;
  void let_go();

  std::shared_ptr<MetricsSource> source_;
  std::mutex mutex_;
  std::condition_variable answered_;
  std::list<std::shared_ptr<Entry>> recent_;  // newest first
  std::size_t samples_ = 0;                   // in all answers of recent_
};

}  // namespace guard::promql
