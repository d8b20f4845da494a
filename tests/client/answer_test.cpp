// SPDX-License-Identifier: Apache-2.0
#include "guard/client/release_answer.hpp"
#include "guard/story/json.hpp"
#include "guard/story/view_writer.hpp"
#include "tests/support/views.hpp"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::client {
namespace {

using testing::HasSubstr;

// As it is written, read, and written again.
TEST(ReleaseAnswer, HoldsEveryFieldThatAGuardWrites) {
  auto view = test::full_view();
  view.rules[1].value = std::nan("");
  view.held_again_at = view.phase_since;
  view.verbs = {model::Verb::abort};
  view.broke = {"error_rate"};
  auto written = story::to_json(view);
  written.erase("links");
  for (auto& rule : written["rules"].get_array()) rule.get_object().erase("links");
  story::add_timeline(written, test::some_timeline(), 7);
  const auto read = read_release(json::serialize(written));
  ASSERT_TRUE(read) << read.error().message;
  story::ViewWriter again;
  const story::ReleaseViewOf<story::ByText>& release = *read;
  const story::TimelineViewOf<story::ByText>& timeline = *read;
  story::summary_fields(again, release);
  story::evidence_fields(again, release);
  story::fields(again, timeline);
  EXPECT_EQ(json::value(again.take()), json::value(written));
}

TEST(ReleaseAnswer, NoTextCanSteerATerminal) {
  auto view = test::full_view();
  view.reason = "one\ntwo\x1b[2J";
  view.decisions[0].attempts[0].output = "one\ntwo\x1b[2J";
  const auto read = read_release(json::serialize(story::to_json(view)));
  EXPECT_EQ(read->reason, "one two [2J");
  EXPECT_EQ(read->decisions[0].attempts[0].output, "one\ntwo [2J");
}

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
           {R"({"id":"r1","phase":"x","final":"yes"})", "final must be true or false"},
           {R"({"id":"r1","phase":"x","rules":[{"value":"much"}]})", "rules[0].value must be a number"},
           {R"({"id":"r1","phase":"x","decisions":[{"number":3000000000}]})", "decisions[0].number is out of range"},
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
