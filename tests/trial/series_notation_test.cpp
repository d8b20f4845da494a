// SPDX-License-Identifier: Apache-2.0
#include "guard/trial/series_notation.hpp"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::trial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

constexpr std::nullopt_t none = std::nullopt;

std::string problem_of(std::string_view text) {
  const auto slots = parse_slots(text);
  return slots ? "it is read" : slots.error().message;
}

TEST(SeriesNotation, ReadsNumbersAsTheyStand) {
  EXPECT_THAT(*parse_slots("1 -2.5  1e3\n+4"), ElementsAre(1, -2.5, 1000, 4));
  EXPECT_THAT(*parse_slots(""), ElementsAre());
  const auto special = *parse_slots("NaN Inf -Inf");
  EXPECT_TRUE(std::isnan(*special[0]));
  EXPECT_FALSE(is_stale(*special[0]));
  EXPECT_EQ(special[1], std::numeric_limits<double>::infinity());
  EXPECT_EQ(special[2], -std::numeric_limits<double>::infinity());
}

// promtool's documentation has these four.
TEST(SeriesNotation, ExpandsARunAndItsFirstValueIsOneMore) {
  EXPECT_THAT(*parse_slots("-2+4x3"), ElementsAre(-2, 2, 6, 10));
  EXPECT_THAT(*parse_slots(" 1-2x4"), ElementsAre(1, -1, -3, -5, -7));
  EXPECT_THAT(*parse_slots("1x4"), ElementsAre(1, 1, 1, 1, 1));
  EXPECT_THAT(*parse_slots("1 _x3 stale 0.5+0.25x1 _"), ElementsAre(1, none, none, none, testing::_, 0.5, 0.75, none));
}

TEST(SeriesNotation, AStaleMarkerIsTheOneNaNThatPrometheusKnows) {
  const auto slots = *parse_slots("1 stale");
  EXPECT_TRUE(is_stale(*slots[1]));
  EXPECT_FALSE(is_stale(*slots[0]));
}

TEST(SeriesNotation, SaysWhatItDoesNotKnow) {
  EXPECT_THAT(problem_of("1 two"), HasSubstr("\"two\" is no value of a series; write for example 0+10x60"));
  for (const auto* bad : {"1x", "1+2", "1+x3", "+", "_2", "_x", "1x2x3", "stale2", "1,2", "x3", "1x-2"})
    EXPECT_THAT(problem_of(bad), HasSubstr("is no value of a series")) << bad;
  EXPECT_THAT(problem_of("{{schema:1}}"), HasSubstr("native histograms are not supported"));
  EXPECT_EQ(parse_slots("1  two").error().offset, 3U);
}

TEST(SeriesNotation, MoreThanAMillionValuesAreASlipOfThePen) {
  EXPECT_EQ(parse_slots("0x999999")->size(), 1'000'000U);
  EXPECT_EQ(problem_of("0x1000000"), "more than 1000000 values");
  EXPECT_EQ(problem_of("0x999999 1"), "more than 1000000 values");
  EXPECT_EQ(problem_of("_x99999999999999999999"),
            "\"_x99999999999999999999\" is no value of a series; write for example 0+10x60, 1x5, 2.5, NaN, _ or stale");
  EXPECT_EQ(problem_of("1x18446744073709551615"), "more than 1000000 values");
}

TEST(SeriesNames, GiveEachLabelItsValue) {
  EXPECT_THAT(*parse_series("up"), ElementsAre(Pair("__name__", "up")));
  EXPECT_THAT(*parse_series(R"(a:b{job="shop", path="/a,{b}\"c\"",})"),
              ElementsAre(Pair("__name__", "a:b"), Pair("job", "shop"), Pair("path", "/a,{b}\"c\"")));
  EXPECT_THAT(*parse_series(R"(up{job=""})"), ElementsAre(Pair("__name__", "up")));
}

TEST(SeriesNames, SayWhatIsWrongAndWhere) {
  const auto error = [](std::string_view text) { return parse_series(text).error(); };
  EXPECT_EQ(error(R"({job="shop"})").message, "a series begins with its name, for example up{job=\"shop\"}");
  EXPECT_EQ(error(R"(up{job=~"shop"})").message, "a series gives each label its value: name=\"value\"");
  EXPECT_EQ(error(R"(up{job=~"shop"})").offset, 3U);
  EXPECT_EQ(error(R"(up{job='shop'})").message, "put the value of a label in double quotes");
  EXPECT_EQ(error(R"(up{a="1",a="2"})").message, "the label a is given twice");
  for (const auto* open : {R"(up{a="1"}[5m])", R"(up{a="1"}{b="2"})", R"(up{a="1" # })", R"(up{a="1})", "up{"}) {
    EXPECT_EQ(error(open).message, "the braces do not close at its end") << open;
    EXPECT_EQ(error(open).offset, 2U);
  }
}

}  // namespace
}  // namespace guard::trial
