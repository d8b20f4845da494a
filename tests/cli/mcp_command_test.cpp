// SPDX-License-Identifier: Apache-2.0
//
// `release-guard mcp` as an assistant's client speaks to it.
#include "tests/cli/harness.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using testing::HasSubstr;

std::string call_of(const std::string& tool, const std::string& arguments) {
  return R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":")" + tool + R"(","arguments":)" +
         arguments + "}}\n";
}

class McpCommand : public testing::Test {
 protected:
  // What comes out for these lines.
  std::string told(const std::string& lines, std::vector<std::string> options = {}) {
    std::istringstream in(lines);
    command.context.in = &in;
    options.insert(options.begin(), "mcp");
    EXPECT_EQ(command.run(options), cli::exit_yes) << command.err();
    return command.out();
  }

  CommandLine command;
};

TEST_F(McpCommand, GivesWhatTheCommandPrints) {
  command.guard = answers({answer(200, release_json("watching"))});
  const auto out = told(call_of("explain_release", R"({"release":"r1"})"), {"--server=http://guard.example:1"});
  EXPECT_THAT(out, HasSubstr("watching"));
  EXPECT_THAT(out, HasSubstr(R"("isError":false)"));
  ASSERT_FALSE(command.connections.empty());
  EXPECT_EQ(command.connections[0].server, "http://guard.example:1");
}

TEST_F(McpCommand, SaysWhatWentWrongAndGoesOn) {
  command.guard = answers({nobody_answers()});
  const auto out = told(call_of("explain_release", R"({"release":"r1"})") + call_of("explain_release", "{}") + "\n" +
                        R"({"jsonrpc":"2.0","id":2,"method":"ping"})");
  EXPECT_THAT(out, HasSubstr(R"("isError":true)"));
  EXPECT_THAT(out, HasSubstr("needs \\\"release\\\""));
  EXPECT_THAT(out, testing::EndsWith(R"({"jsonrpc":"2.0","id":2,"result":{}})"
                                     "\n"));
  EXPECT_EQ(command.err(), "") << "a client may read it as one stream with the output";
}

}  // namespace
}  // namespace guard::test
