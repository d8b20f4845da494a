// SPDX-License-Identifier: Apache-2.0
//
// A rule that counts and was not read for three intervals needs a person, whatever the last verdict was, and only as
// long as it lasts.
#include "tests/engine/watching.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace guard::test {
namespace {

using engine::Lane;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;

class UnreadRules : public Engine {
 protected:
  std::string needed() { return world.view("r1").needs_person.value_or(""); }
  void refuse() {
    world.metrics->now[error_rate] = std::unexpected(model::SourceError{model::Reason::query_failed, "HTTP 503", true});
  }
};

TEST_F(UnreadRules, NeedAPersonWhileTheyCannotBeRead) {
  watch();
  EXPECT_THAT(needed(), IsEmpty());
  refuse();
  world.run(2s);
  EXPECT_THAT(needed(), IsEmpty()) << "one or two answers may be missing";
  world.run(1s);
  EXPECT_THAT(needed(), MatchesRegex("nobody can tell whether the release is healthy: error_rate was not read since "
                                     "[-0-9 :]+UTC \\(the question could not be answered\\)"));
  EXPECT_TRUE(world.view("r1").rules[0].unread_since);
  EXPECT_THAT(world.view("r1").rules[0].explanation, HasSubstr("; not read since "));
  heal_service();
  world.run(1s);
  EXPECT_THAT(needed(), IsEmpty());
  EXPECT_FALSE(world.view("r1").rules[0].unread_since);
}

TEST_F(UnreadRules, AreToldByTheClockWhereNoReadingComesAtAll) {
  watch();
  world.executor->hold(Lane::journal);  // so no round ends
  world.run(4s);
  EXPECT_THAT(needed(), HasSubstr("error_rate was not read since "));
  EXPECT_EQ(world.view("r1").rules[0].verdict, model::Verdict::ok) << "the last verdict stands";
}

TEST_F(UnreadRules, AreFoundByTheFilterAndToldToThoseWhoListen) {
  watch();
  refuse();
  const auto log = [this] {
    return std::ranges::count_if(world.lines, [](const auto& l) { return l.contains("a person is needed"); });
  };
  world.run(5s);
  engine::ReleaseFilter filter;
  filter.needs_person_only = true;
  EXPECT_EQ(world.guard->releases(filter).size(), 1U);
  EXPECT_EQ(log(), 1) << "once, not at each tick";
  heal_service();
  world.run(2s);
  EXPECT_TRUE(world.guard->releases(filter).empty());
}

TEST_F(UnreadRules, OfABlockedRollbackDoNotHideThatItIsBlocked) {
  world.settings.brakes.kill_switch_file = "/dev/null";
  world.restart();
  watch();
  fail_service();
  world.run(3s);
  ASSERT_THAT(needed(), HasSubstr("is not rolled back"));
  refuse();
  world.run(4s);
  EXPECT_THAT(needed(), HasSubstr("is not rolled back"));
  EXPECT_TRUE(world.view("r1").rules[0].unread_since) << "it is told beside";
}

TEST_F(UnreadRules, AreNeededInAVerificationToo) {
  watch();
  fail_service();
  world.run(3s);
  ASSERT_EQ(world.phase("r1"), Phase::verifying);
  refuse();
  world.run(4s);
  EXPECT_THAT(needed(), HasSubstr("error_rate was not read since "));
}

}  // namespace
}  // namespace guard::test
