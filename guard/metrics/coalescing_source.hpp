// SPDX-License-Identifier: Apache-2.0
//
// Shares one answer between equal questions: a query without templates is asked once for a thousand releases that are
// read at the same instant, and so is the time before releases that are announced together. A failure is shared with
// all who ask about one moment; that a span of the past could not be read only with those who wait for it, because they
// ask for the same span again. Safe from any thread.
#pragma once

#include "guard/metrics/metrics_source.hpp"

#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace guard::metrics {

class CoalescingSource final : public MetricsSource {
 public:
  explicit CoalescingSource(std::shared_ptr<MetricsSource> source) : source_(std::move(source)) {}

  model::Samples query(const InstantQuery& query) override;
  model::Samples query_raw(const InstantQuery& query) override;
  model::Samples query_range(const RangeQuery& query) override;

 private:
  struct Question {
    std::string expr;
    WallTime from;
    WallTime to;
    Duration step;  // zero: the instant `to` alone

    bool operator==(const Question&) const = default;
  };
  struct Entry {
    Question question;
    std::optional<model::Samples> answer;  // absent while it is being asked
  };
  using EntryPtr = std::shared_ptr<Entry>;

  template <class Ask>
  model::Samples share(Question question, Duration deadline, Ask ask);
  EntryPtr find(const Question& question) const;
  void keep(const EntryPtr& entry);
  void drop_finished();

  std::shared_ptr<MetricsSource> source_;
  std::mutex mutex_;
  std::condition_variable answered_;
  std::list<EntryPtr> recent_;  // newest first
  std::size_t samples_ = 0;     // in all answers of recent_
};

}  // namespace guard::metrics
