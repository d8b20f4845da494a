// SPDX-License-Identifier: Apache-2.0
//
// A live run and its replay agree, whatever the answers were: health, a breach, none at all.
#include "tests/engine/replayed_run.hpp"

#include <cmath>

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using testing::HasSubstr;

TEST_F(ReplayedRun, AHealthyReleasePassesInBoth) {
  const auto told = live([](Duration) { return one(0.001); });
  EXPECT_EQ(world.phase("r1"), Phase::passed);
  expect_equal(told, replayed());
}

TEST_F(ReplayedRun, ABadOneIsFoundInBothForTheSameReasonAtTheSameTime) {
  const auto told = live([](Duration since) -> model::Samples {
    if (since < 8s) return one(0.001);
    if (since < 20s) return one(0.004 + static_cast<double>(since.count()) / 1e7);
    if (since < 23s) return std::unexpected(model::SourceError{model::Reason::query_failed, "HTTP 503", true});
    if (since < 30s) return one(std::nan(""));
    return one(0.2);
  });
  EXPECT_THAT(told.concluded, HasSubstr("rollback error_rate"));
  expect_equal(told, replayed());
}

TEST_F(ReplayedRun, WhatCouldNotBeReadLeavesBothWithoutAnEnd) {
  const auto told = live([](Duration since) -> model::Samples {
    if (since < 30s) return one(0.001);
    return std::unexpected(model::SourceError{model::Reason::query_failed, "HTTP 503", true});
  });
  EXPECT_EQ(world.phase("r1"), Phase::unverified);
  expect_equal(told, replayed());
}

}  // namespace
}  // namespace guard::test
