// SPDX-License-Identifier: Apache-2.0
#include "guard/report/chart.hpp"

#include "tests/support/views.hpp"

#include <limits>
#include <sstream>

#include <boost/property_tree/xml_parser.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::report {
namespace {

using boost::property_tree::ptree;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string drawn(const story::SeriesView& series) {
  return chart_svg(series, {series.from + series.step, std::nullopt}, {"chart-0", "worst 30%"});
}

// Throws what is no XML.
ptree parsed(const std::string& svg) {
  std::istringstream in(svg);
  ptree tree;
  boost::property_tree::read_xml(in, tree);
  return tree.get_child("svg");
}

// The drawing instructions of the solid line, which is the value's.
std::string value_path(const story::SeriesView& series) {
  const auto tree = parsed(drawn(series));
  for (const auto& [name, node] : tree)
    if (name == "path" && node.get<std::string>("<xmlattr>.stroke") == "#3b82f6" &&
        node.get<std::string>("<xmlattr>.fill", "") == "none")
      return node.get<std::string>("<xmlattr>.d");
  return "";
}

TEST(ReportChart, SaysInWordsWhatItShows) {
  const auto tree = parsed(drawn(test::some_series()));
  EXPECT_EQ(tree.get<std::string>("<xmlattr>.role"), "img");
  EXPECT_EQ(tree.get<std::string>("<xmlattr>.aria-labelledby"), "chart-0-title chart-0-desc");
  EXPECT_EQ(tree.get<std::string>("title"), "error_rate over the watch");
  EXPECT_EQ(tree.get<std::string>("title.<xmlattr>.id"), "chart-0-title");
  EXPECT_EQ(tree.get<std::string>("desc"), "worst 30%");
}

TEST(ReportChart, ALineBreaksWhereNoValueIsKnown) {
  EXPECT_EQ(value_path(test::some_series()), "M80.0 54.3h0L235.0 189.2M545.0 144.8h0L700.0 189.2");
}

TEST(ReportChart, ObjectiveAndBaselineAreDrawnWhereThereAreAny) {
  auto series = test::some_series();
  EXPECT_THAT(drawn(series), HasSubstr(">objective &lt; 1%<"));
  EXPECT_THAT(drawn(series), Not(HasSubstr(">baseline<")));
  series.points[0].baseline = 0.02;
  EXPECT_THAT(drawn(series), HasSubstr(">baseline<"));
}

TEST(ReportChart, TheBadSideOfTheObjectiveIsShaded) {
  auto series = test::some_series();
  EXPECT_THAT(drawn(series), HasSubstr("fill=\"#dc2626\" fill-opacity"));
  series.comparison = model::Comparison::equal;
  EXPECT_THAT(drawn(series), Not(HasSubstr("fill-opacity")));
}

TEST(ReportChart, TheEndOfTheTimeLiveIsCalledWhatItWas) {
  const auto series = test::some_series();
  const auto end = series.from + 3 * series.step;
  EXPECT_THAT(chart_svg(series, {series.from, end, true}, {}),
              AllOf(HasSubstr(">hook done<"), Not(HasSubstr(">end<"))));
  EXPECT_THAT(chart_svg(series, {series.from, end, true}, {"x", "", {series.from + series.step}}),
              HasSubstr(">rollback<"));
  EXPECT_THAT(chart_svg(series, {series.from, end, false}, {}), HasSubstr(">end<"));
}

TEST(ReportChart, WithoutAValueThereIsNone) {
  auto series = test::some_series();
  for (auto& point : series.points) point.value = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(drawn(series), "");
  series.points.clear();
  EXPECT_EQ(drawn(series), "");
}

TEST(ReportChart, OnePointAFlatLineAndHugeValuesHaveTheirPlace) {
  auto series = test::some_series();
  series.points = {{0.5, std::nullopt, std::nullopt}};
  EXPECT_EQ(value_path(series), "M80.0 54.3h0") << "drawn from zero";
  series.points = {{0.0, std::nullopt, std::nullopt}};
  EXPECT_EQ(value_path(series), "M80.0 112.0h0");
  constexpr auto most = std::numeric_limits<double>::max();
  series.points = {{-most, std::nullopt, std::nullopt}, {most, std::nullopt, std::nullopt}};
  EXPECT_EQ(value_path(series), "M80.0 190.0h0L700.0 34.0");
}

TEST(ReportChart, HostileNamesStayText) {
  auto series = test::some_series();
  series.slo = "</title><script>alert(1)</script>&";
  series.objective = "< \"1\" ]]>";
  const auto svg = chart_svg(series, {series.from, std::nullopt}, {"x\" onload=\"y", "</desc><image/>"});
  const auto tree = parsed(svg);
  EXPECT_EQ(tree.get<std::string>("title"), series.slo + " over the watch");
  EXPECT_EQ(tree.get<std::string>("desc"), "</desc><image/>");
  EXPECT_EQ(tree.count("script"), 0U);
  EXPECT_EQ(tree.count("image"), 0U);
  EXPECT_FALSE(tree.get_optional<std::string>("<xmlattr>.onload"));
}

TEST(ReportChart, WhatIsBrokenXmlIsFound) {
  EXPECT_THROW(parsed("<svg><title>a</svg>"), boost::property_tree::xml_parser_error);
}

}  // namespace
}  // namespace guard::report
