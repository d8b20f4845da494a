// SPDX-License-Identifier: Apache-2.0
#include "guard/client/release_answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::client {
namespace {

using testing::HasSubstr;

TEST(ReleaseAnswer, IgnoresWhatANewerGuardAdds) {
  const auto release = read_release(R"({"id":"r1","phase":"resting","mood":{"good":[1]}})");
  ASSERT_TRUE(release) << release.error().message;
  EXPECT_EQ(release->phase, "resting");
}

TEST(ReleaseAnswer, NamesWhatItCannotRead) {
  for (const auto& [body, what] : std::vector<std::pair<std::string, std::string>>{
           {"<html>", "not valid JSON"},
           {"[]", "the body must be an object"},
           {"{}", "id or phase is missing"},
           {R"({"id":"r1","phase":3})", "phase must be a string"},
           {R"({"id":"r1","phase":"x","rules":{}})", "rules must be a list"},
           {R"({"id":"r1","phase":"x","rules":[{},{"slo":1}]})", "rules[1].slo must be a string"},
           {R"({"id":"r1","phase":"x","rules":[7]})", "rules[0] must be an object"},
           {R"({"id":"r1","phase":"x","live_at":"noon"})", "live_at: \"noon\" is not an RFC 3339 time"},
           {R"({"id":"r1","phase":"x","decisions":[{"attempts":[{"number":"1"}]}]})",
            "decisions[0].attempts[0].number must be a whole number"},
       }) {
    const auto release = read_release(body);
    ASSERT_FALSE(release) << body;
    EXPECT_EQ(release.error().code, ErrorCode::broken);
    EXPECT_THAT(release.error().message, HasSubstr(what));
  }
}

TEST(ReleaseAnswer, AListMustBeThere) {
  EXPECT_FALSE(read_releases("{}"));
  EXPECT_FALSE(read_releases("[]"));
  EXPECT_TRUE(read_releases(R"({"releases":[]})")->releases.empty());
}

}  // namespace
}  // namespace guard::client
