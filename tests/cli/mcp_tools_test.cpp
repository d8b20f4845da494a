// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/mcp_tools.hpp"

#include "tests/cli/harness.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using cli::command_line_of;
using testing::ElementsAre;
using testing::HasSubstr;

const cli::McpSources sources{{"--server=http://guard"}, {"--config.file=guard.yml"}};

Result<std::vector<std::string>> line(const std::string& tool, const std::string& arguments) {
  return command_line_of(tool, parse_json(arguments)->as_object(), sources);
}

TEST(McpTools, EachIsACommandThatOnlyLooks) {
  EXPECT_THAT(*line("list_releases", R"({"open": true, "service": "shop"})"),
              ElementsAre("release", "list", "--server=http://guard", "--open", "--service=shop"));
  EXPECT_THAT(*line("explain_release", R"({"release": "r1"})"),
              ElementsAre("release", "status", "--explain", "--server=http://guard", "--", "r1"));
  EXPECT_THAT(*line("check_rules", R"({"rule_files": ["a.yml", "b.yml"]})"),
              ElementsAre("check", "--config.file=guard.yml", "--", "a.yml", "b.yml"));
  EXPECT_THAT(
      *line("backtest_rules", R"({"rule_files": ["a.yml"], "from_guard": true})"),
      ElementsAre("backtest", "--server=http://guard", "--config.file=guard.yml", "--from-guard", "--", "a.yml"));
}

TEST(McpTools, NoValueBecomesAnOption) {
  EXPECT_THAT(*line("explain_release", R"({"release": "--server=http://evil"})"),
              ElementsAre("release", "status", "--explain", "--server=http://guard", "--", "--server=http://evil"));
  EXPECT_THAT(*line("list_releases", R"({"service": "x --json"})"),
              ElementsAre("release", "list", "--server=http://guard", "--service=x --json"));
}

TEST(McpTools, SaysWhatIsWrongWithTheArguments) {
  EXPECT_THAT(line("explain_release", "{}").error().message, HasSubstr("needs \"release\""));
  EXPECT_THAT(line("explain_release", R"({"release": 7})").error().message, HasSubstr("must be text"));
  EXPECT_THAT(line("list_releases", R"({"open": "yes"})").error().message, HasSubstr("must be true or false"));
  EXPECT_THAT(line("check_rules", R"({"rule_files": "a.yml"})").error().message, HasSubstr("must be a list of texts"));
  EXPECT_THAT(line("list_releases", R"({"server": "http://evil"})").error().message,
              HasSubstr("has no input \"server\""));
}

// Each tool's options are those of its command: with every input given, the command line is understood.
TEST(McpTools, TheirCommandsUnderstandThem) {
  const std::map<std::string, std::string> full{
      {"list_releases", R"({"service": "a", "environment": "b", "open": true})"},
      {"explain_release", R"({"release": "r1"})"},
      {"report_release", R"({"release": "r1"})"},
      {"report", R"({"since": "1h", "service": "a", "environment": "b"})"},
      {"figures", R"({"since": "1h", "service": "a", "environment": "b"})"},
      {"may_release_start", R"({"service": "a", "environment": "b", "version": "c", "kind": "hotfix"})"},
      {"list_freezes", "{}"},
      {"check_rules", R"({"rule_files": ["none.yml"]})"},
      {"backtest_rules",
       R"({"rule_files": ["none.yml"], "last": "1h", "service": "a", "environment": "b", "deploys": "x"})"}};
  for (const auto& tool : cli::mcp_tools()) {
    ASSERT_TRUE(full.contains(tool.name)) << tool.name;
    CommandLine command;
    EXPECT_NE(command.run(*line(tool.name, full.at(tool.name))), cli::exit_usage) << tool.name << ": " << command.err();
  }
}

}  // namespace
}  // namespace guard::test
