// SPDX-License-Identifier: Apache-2.0
#include "guard/model/finding.hpp"

#include <set>

#include <gtest/gtest.h>

namespace guard::model {
namespace {

TEST(Findings, EachHasANameOfItsOwnWordsAndAWayOut) {
  std::set<std::string_view> names;
  for (const auto& info : all_findings()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_EQ(info.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), std::string_view::npos) << info.name;
    EXPECT_FALSE(info.what.empty() || info.fix.empty()) << info.name;
  }
}

TEST(Findings, EachIsInTheList) {
  const auto all = all_findings();
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].finding, static_cast<Finding>(i + 1)) << all[i].name;
    EXPECT_EQ(&info_of(all[i].finding), &all[i]);
    EXPECT_EQ(finding_named(all[i].name), &all[i]);
  }
  EXPECT_TRUE(info_of(static_cast<Finding>(all.size() + 1)).name.empty()) << "one is missing";
}

TEST(Findings, NoneHasNoName) {
  EXPECT_TRUE(info_of(Finding::none).name.empty());
  EXPECT_EQ(finding_named("zzz"), nullptr);
}

}  // namespace
}  // namespace guard::model
