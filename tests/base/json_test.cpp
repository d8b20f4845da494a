// SPDX-License-Identifier: Apache-2.0
#include "guard/base/json.hpp"

#include "guard/base/json_out.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace guard {
namespace {

Result<JsonObject> object(const json::value& value) {
  return JsonObject::of(value, "alerts[3]");
}

TEST(Json, ReadsOneValueAndTheBlanksAroundIt) {
  EXPECT_EQ(*parse_json(" {\"a\": [1, 2.5, null, true, \"grün\"]} \r\n\t"),
            (json::value{{"a", {1, 2.5, nullptr, true, "grün"}}}));
  EXPECT_EQ(*parse_json("7"), json::value(7));
}

TEST(Json, IsStrict) {
  for (const std::string_view text :
       {"", " ", "{", "{\"a\":1,}", "[1,]", "{'a':1}", "{a:1}", "// x\n1", "NaN", "Infinity", "01", "+1", "1 2",
        "{} {}", "[1] x", "\"\n\"", "tru", "\xef\xbb\xbf{}"}) {
    const auto parsed = parse_json(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::invalid);
  }
}

TEST(Json, ARequestNamesNoKeyTwice) {
  const auto refusal = [](std::string_view text) {
    const auto parsed = parse_json_request(text);
    return parsed ? "" : parsed.error().message;
  };
  const std::string advice = " stands twice in one object; leave one of them out";
  EXPECT_EQ(refusal(R"({"a":1,"b":{"c":1},"a":2})"), "the key \"a\"" + advice);
  EXPECT_EQ(refusal(R"([{"x":[{"a":{},"a" : 2}]}])"), "the key \"a\"" + advice);
  EXPECT_EQ(refusal(R"({"a":1,"\u0061":2})"), "the key \"a\"" + advice);
  EXPECT_EQ(refusal(R"({"a\n":1,"a\n":2})"), "the key \"a\\n\"" + advice);
  EXPECT_EQ(refusal(R"({"a":1,)").substr(0, 14), "not valid JSON");
}

TEST(Json, ARequestMayNameAKeyOnceInEachObject) {
  for (const std::string_view text : {R"({"a":{"a":1},"b":{"a":1}})", R"([{"a":1},{"a":1}])",
                                      R"({"a":"a","b":"a\":{","c":["a","a"]})", R"("a")", "7"})
    EXPECT_TRUE(parse_json_request(text)) << text;
  EXPECT_TRUE(parse_json(R"({"a":1,"a":2})")) << "answers of servers are not looked through";
}

TEST(Json, RefusesWhatIsNotUtf8) {
  EXPECT_EQ(parse_json("\"\xff\"").error(), (Error{ErrorCode::invalid, "the body is not UTF-8"}));
}

TEST(Json, SaysWhereItIsWrong) {
  EXPECT_EQ(parse_json("{\"a\" 1}").error().message.substr(0, 24), "not valid JSON at byte 5");
  EXPECT_EQ(parse_json("{} x").error().message, "not valid JSON at byte 3: extra data");
}

TEST(Json, Fault10HasABoundOnItsDepth) {
  const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  EXPECT_TRUE(parse_json(nested(64)));
  EXPECT_FALSE(parse_json(nested(65)));
  EXPECT_FALSE(parse_json(nested(1'000'000)));
}

TEST(Json, AnObjectIsReadByNameAndType) {
  const json::value value{{"s", "x"}, {"b", true}, {"i", 7}, {"n", nullptr}, {"m", {{"k", "v"}, {"l", "w"}}}};
  const auto read = *object(value);
  EXPECT_EQ(*read.string("s"), "x");
  EXPECT_EQ(*read.string_or("s", "y"), "x");
  EXPECT_EQ(*read.string_or("none", "y"), "y");
  EXPECT_EQ(*read.string_or("n", "y"), "y") << "null is absent";
  EXPECT_EQ(*read.boolean_or("b", false), true);
  EXPECT_EQ(*read.boolean_or("none", true), true);
  EXPECT_EQ(*read.integer_or("i", 1), 7);
  EXPECT_EQ(*read.integer_or("none", 1), 1);
  EXPECT_EQ(*read.string_map("m"), (std::map<std::string, std::string>{{"k", "v"}, {"l", "w"}}));
  EXPECT_EQ(*read.string_map("none"), (std::map<std::string, std::string>{}));
  EXPECT_NE(read.find("s"), nullptr);
  EXPECT_EQ(read.find("n"), nullptr);
}

TEST(Json, AMemberOfAnotherTypeIsToldWithItsPath) {
  const json::value value{{"s", 1}, {"b", "x"}, {"i", 1.5}, {"m", {{"k", 1}}}, {"l", {1}}};
  const auto read = *object(value);
  EXPECT_EQ(read.string("none").error(), (Error{ErrorCode::invalid, "alerts[3].none is missing"}));
  EXPECT_EQ(read.string("s").error(), (Error{ErrorCode::invalid, "alerts[3].s must be a string"}));
  EXPECT_EQ(read.string_or("s", "").error().message, "alerts[3].s must be a string");
  EXPECT_EQ(read.boolean_or("b", false).error().message, "alerts[3].b must be true or false");
  EXPECT_EQ(read.integer_or("i", 0).error().message, "alerts[3].i must be a whole number");
  EXPECT_EQ(read.string_map("m").error().message, "alerts[3].m.k must be a string");
  EXPECT_EQ(read.string_map("l").error().message, "alerts[3].l must be an object of strings");
}

TEST(Json, WhatIsNoObjectIsToldWithItsPath) {
  EXPECT_EQ(object(json::value(1)).error().message, "alerts[3] must be an object");
  EXPECT_EQ(JsonObject::of(json::value(1), "").error().message, "the body must be an object");
  const json::value empty = json::object{};
  EXPECT_EQ(JsonObject::of(empty, "")->path_of("a"), "a");
}

TEST(Json, ForPeopleWhatDoesNotFitOnALineStandsOnSeveral) {
  const std::string text(60, 'x');
  EXPECT_EQ(indented_json(json::value{{"a", {1, 2}}, {"b", json::object{}}}), R"({"a":[1,2],"b":{}})");
  EXPECT_EQ(
      indented_json(json::value{{"a", text}, {"b", {{"c", {text, text}}}}}),
      fmt::format("{{\n  \"a\": \"{0}\",\n  \"b\": {{\n    \"c\": [\n      \"{0}\",\n      \"{0}\"\n    ]\n  }}\n}}",
                  text));
  EXPECT_EQ(indented_json(json::value(text + text)), "\"" + text + text + "\"");
}

RC_GTEST_PROP(JsonProperty, AnyTextIsReadOrRefused, ()) {
  const auto text =
      *rc::gen::container<std::string>(rc::gen::elementOf(std::string("{}[]\",:0123eE+-.tfn\\u \x80\xc3")));
  const auto parsed = parse_json(text);
  if (parsed) RC_ASSERT(parse_json(json::serialize(*parsed)).has_value());
}

}  // namespace
}  // namespace guard
