// SPDX-License-Identifier: Apache-2.0
//
// A source that is asked up to a moment and no longer, for who works on many questions while somebody waits. One that
// does not answer several times in a row is not asked on. One owner each; the source may be shared.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/metrics/metrics_source.hpp"

namespace guard::metrics {

class UntilSource final : public MetricsSource {
 public:
  // `source` and `clock` must outlive it.
  UntilSource(MetricsSource& source, const Clock& clock, MonoTime until)
      : source_(source), clock_(clock), until_(until) {}

  model::Samples query(const InstantQuery& query) override;
  model::Samples query_raw(const InstantQuery& query) override;
  model::Samples query_range(const RangeQuery& query) override;

  bool is_over() const { return clock_.now().mono >= until_; }

 private:
  template <class Query, class Ask>
  model::Samples ask(Query query, Ask ask);

  MetricsSource& source_;
  const Clock& clock_;
  MonoTime until_;
  int failures_ = 0;
  model::SourceError last_;
};

}  // namespace guard::metrics
