// SPDX-License-Identifier: Apache-2.0
#include "guard/metrics/until_source.hpp"

#include <algorithm>
#include <utility>

namespace guard::metrics {
namespace {

constexpr int most_failures = 3;

}  // namespace

template <class Query, class Ask>
model::Samples UntilSource::ask(Query query, Ask ask) {
  if (failures_ >= most_failures) return std::unexpected(last_);
  if (is_over())
    return std::unexpected(model::SourceError{model::Reason::query_failed, "the time for questions is over", true});
  query.deadline = std::min(query.deadline, Duration(until_ - clock_.now().mono));
  auto answer = ask(query);
  const bool failed = !answer && answer.error().transient;
  failures_ = failed ? failures_ + 1 : 0;
  if (failed) last_ = answer.error();
  return answer;
}

model::Samples UntilSource::query(const InstantQuery& query) {
  return ask(query, [this](const InstantQuery& asked) { return source_.query(asked); });
}

model::Samples UntilSource::query_raw(const InstantQuery& query) {
  return ask(query, [this](const InstantQuery& asked) { return source_.query_raw(asked); });
}

model::Samples UntilSource::query_range(const RangeQuery& query) {
  return ask(query, [this](const RangeQuery& asked) { return source_.query_range(asked); });
}

}  // namespace guard::metrics
