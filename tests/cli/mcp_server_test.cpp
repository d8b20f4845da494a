// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/mcp_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::cli {
namespace {

using testing::HasSubstr;

class Mcp : public testing::Test {
 protected:
  std::string answer(const std::string& line) const { return server.answer(line).value_or("no answer"); }
  json::object result(const std::string& line) const { return parse_json(answer(line))->at("result").as_object(); }

  McpServer server{{"1.2.3",
                    {{"say", "Says it.", {{"type", "object"}}}},
                    [](const std::string& tool, const json::object& arguments) {
                      return McpResult{tool + ": " + json::serialize(arguments), arguments.empty()};
                    }}};
};

TEST_F(Mcp, AgreesOnTheVersionThatTheClientSpeaksIfItKnowsIt) {
  const auto asked = [&](const std::string& version) {
    return result(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":")" + version +
                  R"("}})");
  };
  EXPECT_EQ(asked("2024-11-05").at("protocolVersion"), "2024-11-05");
  EXPECT_EQ(asked("1999-01-01").at("protocolVersion"), "2025-06-18");
  const auto info = asked("2025-06-18");
  EXPECT_EQ(info.at("serverInfo").at("version"), "1.2.3");
  EXPECT_TRUE(info.at("capabilities").as_object().contains("tools"));
}

TEST_F(Mcp, ListsItsToolsAsReadOnly) {
  const auto tools = result(R"({"jsonrpc":"2.0","id":"a","method":"tools/list"})").at("tools").as_array();
  ASSERT_EQ(tools.size(), 1U);
  EXPECT_EQ(tools[0].at("name"), "say");
  EXPECT_EQ(tools[0].at("annotations").at("readOnlyHint"), true);
}

TEST_F(Mcp, CallsATool) {
  const auto said =
      result(R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"say","arguments":{"a":1}}})");
  EXPECT_EQ(said.at("content").as_array()[0].at("text"), R"(say: {"a":1})");
  EXPECT_EQ(said.at("isError"), false);
  EXPECT_EQ(result(R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"say"}})").at("isError"), true);
}

TEST_F(Mcp, AnswersNoNotificationAndNoAnswer) {
  EXPECT_EQ(answer(R"({"jsonrpc":"2.0","method":"notifications/initialized"})"), "no answer");
  EXPECT_EQ(answer(R"({"jsonrpc":"2.0","id":1,"result":{}})"), "no answer");
}

TEST_F(Mcp, SaysWhatIsWrongWithARequest) {
  EXPECT_THAT(answer("{"), HasSubstr("-32700"));
  EXPECT_THAT(answer("[]"), HasSubstr("-32600"));
  EXPECT_THAT(answer(R"({"id":1})"), HasSubstr("-32600"));
  EXPECT_THAT(answer(R"({"id":1,"method":"resources/list"})"), HasSubstr("-32601"));
  EXPECT_THAT(answer(R"({"id":1,"method":"tools/call","params":{"name":"act"}})"), HasSubstr("-32602"));
  EXPECT_THAT(answer(R"({"id":1,"method":"tools/call","params":{"name":"say","arguments":[]}})"), HasSubstr("-32602"));
}

}  // namespace
}  // namespace guard::cli
