// SPDX-License-Identifier: Apache-2.0
#include "guard/api/target.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::api {
namespace {

using testing::ElementsAre;
using testing::Pair;
using testing::UnorderedElementsAre;

std::string refusal(std::string_view target) {
  Request request;
  const auto parsed = parse_target(target, request);
  return parsed ? "" : parsed.error().message;
}

TEST(Target, PathAndQueryAreTakenApartAndDecoded) {
  Request request;
  ASSERT_TRUE(parse_target("/api/v1/releases?service=meme%20maker&environment=a+b&flag", request));
  EXPECT_EQ(request.path, "/api/v1/releases");
  EXPECT_THAT(request.query,
              UnorderedElementsAre(Pair("service", "meme maker"), Pair("environment", "a b"), Pair("flag", "")));
}

TEST(Target, APlusInThePathIsItself) {
  Request request;
  ASSERT_TRUE(parse_target("/a+b%2Bc", request));
  EXPECT_EQ(request.path, "/a+b+c");
}

TEST(Target, EmptyPiecesOfAQueryAreNothing) {
  Request request;
  ASSERT_TRUE(parse_target("/?&a=1&&", request));
  EXPECT_THAT(request.query, UnorderedElementsAre(Pair("a", "1")));
}

TEST(Target, TextThatNoLogAndNoAnswerShouldRepeatIsRefused) {
  for (const std::string_view target :
       {"/%", "/%4", "/%zz", "/%00", "/%0d%0a", "/%7f", "/%c0%af", "/%ed%a0%80", "/\xff", "/%c2%9b", "/%e2%80%ae",
        "relative", "*", "ftp://elsewhere/", "", "?a=1"})
    EXPECT_EQ(refusal(target), "the request target must be a path in percent-encoded UTF-8") << target;
  for (const std::string_view target : {"/?a=%", "/?%ff=1", "/?a=%1b[31m", "/?a=\xc3"})
    EXPECT_EQ(refusal(target), "the query is not well-formed percent-encoded UTF-8") << target;
}

TEST(Target, AsAClientWritesItToAProxyItsHostCounts) {
  Request request;
  request.headers["host"] = "elsewhere";
  ASSERT_TRUE(parse_target("HTTP://guard:8929/api/v1/releases?service=shop", request));
  EXPECT_EQ(request.path, "/api/v1/releases");
  EXPECT_THAT(request.query, UnorderedElementsAre(Pair("service", "shop")));
  EXPECT_EQ(request.header("host"), "guard:8929");
  for (const auto* target : {"http://guard", "https://guard/", "http://guard?"}) {
    Request other;
    ASSERT_TRUE(parse_target(target, other)) << target;
    EXPECT_EQ(other.path, "/") << target;
  }
}

TEST(Target, AParameterGivenTwiceIsRefused) {
  EXPECT_EQ(refusal("/?open=true&%6fpen=false"), "the query gives open twice");
}

TEST(Target, AParameterNamedAsAListMayBeGivenMoreThanOnce) {
  Request request;
  ASSERT_TRUE(parse_target("/?name[]=a&name%5B%5D=b&since=1h", request));
  EXPECT_THAT(request.list("name[]"), ElementsAre("a", "b"));
  EXPECT_EQ(request.parameter("since"), "1h");
  static constexpr std::array<std::string_view, 2> known{"since", "names[]"};
  EXPECT_EQ(only_parameters(request, known).error().message,
            "unknown query parameter \"name[]\", did you mean \"names[]\"?");
}

TEST(Target, AnUnknownParameterIsNamedWithTheNearestOne) {
  static constexpr std::array<std::string_view, 2> known{"service", "limit"};
  Request request;
  request.query = {{"servise", "shop"}};
  EXPECT_EQ(only_parameters(request, known).error().message,
            "unknown query parameter \"servise\", did you mean \"service\"?");
  request.query = {{"colour", "red"}};
  EXPECT_EQ(only_parameters(request, known).error().message, "unknown query parameter \"colour\"");
  request.query = {{"service", "shop"}, {"limit", "1"}};
  EXPECT_TRUE(only_parameters(request, known));
}

}  // namespace
}  // namespace guard::api
