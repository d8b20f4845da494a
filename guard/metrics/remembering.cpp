// SPDX-License-Identifier: Apache-2.0
#include "guard/metrics/remembering.hpp"

namespace guard::metrics {
namespace {

template <class Answers, class Asked, class Ask>
model::Samples once(Answers& answers, Asked asked, Ask ask) {
  const auto known = answers.find(asked);
  return known != answers.end() ? known->second : answers.emplace(std::move(asked), ask()).first->second;
}

}  // namespace

model::Samples Remembering::query(const InstantQuery& query) {
  return once(answers_, Asked{query.expr, query.at, query.at, Duration{0}}, [&] { return source_.query(query); });
}

model::Samples Remembering::query_raw(const InstantQuery& query) {
  return once(answers_, Asked{query.expr, query.at, query.at, Duration{0}}, [&] { return source_.query_raw(query); });
}

model::Samples Remembering::query_range(const RangeQuery& query) {
  return once(answers_, Asked{query.expr, query.from, query.to, query.step},
              [&] { return source_.query_range(query); });
}

}  // namespace guard::metrics
