// SPDX-License-Identifier: Apache-2.0
#include "guard/model/change.hpp"

#include <gtest/gtest.h>

namespace guard::model {
namespace {

TEST(Change, IsTheFirstNumberThatDiffers) {
  EXPECT_EQ(change_between("v0.9.3", "v1.0.0"), Change::major);
  EXPECT_EQ(change_between("1.2.3", "v1.10.0"), Change::minor);
  EXPECT_EQ(change_between("1.2", "1.2.1"), Change::patch);
  EXPECT_EQ(change_between("1.9.9", "1.10.0-rc.1+build.7"), Change::minor);
  EXPECT_EQ(change_between("1.0.0-rc.1", "1.0.0"), Change::patch);
}

TEST(Change, IsNoneWhereNothingNewComes) {
  for (const auto* after : {"v1.0.0", "v0.9.9", "v1.0.0-rc.1", "1.0.0+other"})
    EXPECT_EQ(change_between("v1.0.0", after), std::nullopt) << after;
}

TEST(Change, IsMajorByItsOwnNumberWhateverCameBefore) {
  for (const auto* major : {"v1.0.0", "2.0", "v3.0.0+build.7"}) EXPECT_EQ(change_to(major), Change::major) << major;
  for (const auto* other : {"v1.0.1", "v1.1.0", "0.0.0", "v2.0.0-rc.1", "4f1c0de", ""})
    EXPECT_EQ(change_to(other), std::nullopt) << other;
}

TEST(Change, IsNotKnownOfWhatIsNoSemanticVersion) {
  for (const auto* other : {"4f1c0de", "", "latest", "v1", "1.2.3.4", "v1.0.0 ", "1.0.0-", "99999999999.0.0"}) {
    EXPECT_EQ(change_between("v1.0.0", other), std::nullopt) << other;
    EXPECT_EQ(change_between(other, "v2.0.0"), std::nullopt) << other;
  }
}

}  // namespace
}  // namespace guard::model
