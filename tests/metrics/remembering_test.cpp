// SPDX-License-Identifier: Apache-2.0
#include "guard/metrics/remembering.hpp"

#include <gtest/gtest.h>

namespace guard::metrics {
namespace {

using namespace std::chrono_literals;

class Asked final : public MetricsSource {
 public:
  model::Samples query(const InstantQuery& query) override { return {{{{}, static_cast<double>(++times), query.at}}}; }
  model::Samples query_raw(const InstantQuery& query) override { return this->query(query); }
  model::Samples query_range(const RangeQuery& query) override { return this->query({query.expr, query.to, {}}); }

  int times = 0;
};

constexpr WallTime now{std::chrono::seconds(1'700'000'000)};

TEST(Remembering, EachQuestionIsAskedOnce) {
  Asked source;
  Remembering known(source);
  const auto first = known.query({"x", now, 1s});
  EXPECT_EQ(known.query({"x", now, 5s}), first);
  EXPECT_EQ(source.times, 1);
}

TEST(Remembering, AnotherMomentARangeAndItsStepAreOtherQuestions) {
  Asked source;
  Remembering known(source);
  known.query({"x", now, 1s});
  known.query({"x", now + Duration(1s), 1s});
  known.query_raw({"x[1m]", now, 1s});
  known.query_range({"x", now, now, 15s, 1s});
  known.query_range({"x", now, now, 30s, 1s});
  EXPECT_EQ(source.times, 5);
}

}  // namespace
}  // namespace guard::metrics
