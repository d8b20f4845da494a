// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/succession.hpp"

#include "tests/replay/past.hpp"

namespace guard::replay {
namespace {

TEST(Succession, EachIsReplacedByTheNextOfItsPlace) {
  auto other = release("v9", live + 1h);
  other.spec.environment = "staging";
  const auto all = in_succession({release("v3", live + 2h), other, release("v2", live)});
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].spec.version, "v2");
  EXPECT_EQ(all[0].replaced_at, live + Duration(2h));
  EXPECT_FALSE(all[1].replaced_at);
  EXPECT_FALSE(all[2].replaced_at);
}

TEST(Succession, AVersionThatIsNotSaidIsThatOfTheOneBefore) {
  auto second = release("v3", live + 2h);
  const auto all = in_succession({release("v2"), second});
  EXPECT_EQ(all[1].spec.previous_version, "v2");
}

TEST(Succession, WhatPutsBackTheVersionBeforeIsARollbackAndTheOneBeforeIsUndone) {
  const auto all = in_succession({release("v2"), release("v1", live + 1h), release("v2", live + 5h)});
  EXPECT_TRUE(all[0].undone);
  EXPECT_EQ(all[1].spec.kind, model::ReleaseKind::rollback);
  EXPECT_EQ(all[2].spec.kind, model::ReleaseKind::feature);
}

TEST(Succession, ANewVersionIsNone) {
  const auto all = in_succession({release("v2"), release("v3", live + 1h)});
  EXPECT_FALSE(all[0].undone);
  EXPECT_EQ(all[1].spec.kind, model::ReleaseKind::feature);
}

}  // namespace
}  // namespace guard::replay
