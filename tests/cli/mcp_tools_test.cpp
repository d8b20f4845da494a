// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/mcp_tools.hpp"

#include "tests/cli/harness.hpp"
#include "tests/support/folder.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using cli::command_line_of;
using testing::ElementsAre;
using testing::HasSubstr;

namespace fs = std::filesystem;

class McpTools : public testing::Test {
 protected:
  McpTools() {
    for (const auto* name : {"a.yml", "b.yaml", "secret.token"}) std::ofstream(folder / name) << "groups: []";
    std::ofstream(outside / "c.yml") << "groups: []";
    fs::create_symlink(outside / "c.yml", folder / "link.yml");
    fs::create_directory(folder / "folder.yml");
  }
  Result<std::vector<std::string>> line(const std::string& tool, const std::string& arguments) const {
    const cli::McpSources sources{{"--server=http://guard"}, {"--prometheus.url=http://metrics"}, folder.path()};
    return command_line_of(tool, parse_json(arguments)->as_object(), sources);
  }
  std::string path(const std::string& name) const { return (folder / name).string(); }

  const test::Folder folder;
  const test::Folder outside;
};

TEST_F(McpTools, EachIsACommandThatOnlyLooks) {
  EXPECT_THAT(*line("list_releases", R"({"open": true, "service": "shop"})"),
              ElementsAre("release", "list", "--server=http://guard", "--open", "--service=shop"));
  EXPECT_THAT(*line("explain_release", R"({"release": "r1"})"),
              ElementsAre("release", "status", "--explain", "--server=http://guard", "--", "r1"));
  EXPECT_THAT(*line("check_rules", R"({"rule_files": ["a.yml", "b.yaml"]})"),
              ElementsAre("check", "--prometheus.url=http://metrics", "--", path("a.yml"), path("b.yaml")));
  EXPECT_THAT(*line("backtest_rules", R"({"rule_files": ["a.yml"], "from_guard": true})"),
              ElementsAre("backtest", "--server=http://guard", "--prometheus.url=http://metrics", "--from-guard", "--",
                          path("a.yml")));
}

TEST_F(McpTools, NoValueBecomesAnOption) {
  EXPECT_THAT(*line("explain_release", R"({"release": "--server=http://evil"})"),
              ElementsAre("release", "status", "--explain", "--server=http://guard", "--", "--server=http://evil"));
  EXPECT_THAT(*line("list_releases", R"({"service": "x --json"})"),
              ElementsAre("release", "list", "--server=http://guard", "--service=x --json"));
}

TEST_F(McpTools, NoFileIsReadThatIsNoRuleFileOfTheFolder) {
  for (const std::string name : {"secret.token", "/etc/passwd", "/dev/stdin", "../c.yml", "link.yml", "folder.yml",
                                 "none.yml", "[a.yml,b.yaml]", ""})
    EXPECT_THAT(line("check_rules", R"({"rule_files": [")" + name + R"("]})").error().message,
                HasSubstr("is no rule file"))
        << name;
  EXPECT_FALSE(line("check_rules", R"({"rule_files": []})"));
  EXPECT_FALSE(line("backtest_rules", R"({"rule_files": [")" + (outside / "c.yml").string() + R"("]})"));
}

TEST_F(McpTools, SaysWhatIsWrongWithTheArguments) {
  EXPECT_THAT(line("explain_release", "{}").error().message, HasSubstr("needs \"release\""));
  EXPECT_THAT(line("explain_release", R"({"release": 7})").error().message, HasSubstr("must be text"));
  EXPECT_FALSE(line("list_releases", R"({"service": "[a,b]"})")) << "one text is one argument";
  EXPECT_THAT(line("list_releases", R"({"open": "yes"})").error().message, HasSubstr("must be true or false"));
  EXPECT_THAT(line("check_rules", R"({"rule_files": "a.yml"})").error().message, HasSubstr("must be a list of paths"));
  EXPECT_THAT(line("list_releases", R"({"server": "http://evil"})").error().message,
              HasSubstr("has no input \"server\""));
}

// Each tool's options are those of its command: with every input given, the command line is understood.
TEST_F(McpTools, TheirCommandsUnderstandThem) {
  const std::map<std::string, std::string> full{
      {"list_releases", R"({"service": "a", "environment": "b", "open": true})"},
      {"explain_release", R"({"release": "r1"})"},
      {"report_release", R"({"release": "r1"})"},
      {"report", R"({"since": "1h", "service": "a", "environment": "b"})"},
      {"figures", R"({"since": "1h", "service": "a", "environment": "b"})"},
      {"may_release_start", R"({"service": "a", "environment": "b", "version": "c", "kind": "hotfix"})"},
      {"list_freezes", "{}"},
      {"check_rules", R"({"rule_files": ["a.yml"]})"},
      {"backtest_rules",
       R"({"rule_files": ["a.yml"], "last": "1h", "service": "a", "environment": "b", "deploys": "x"})"}};
  for (const auto& tool : cli::mcp_tools()) {
    ASSERT_TRUE(full.contains(tool.name)) << tool.name;
    CommandLine command;
    command.guard = answers({nobody_answers()});
    command.context.metrics = [](const auto&) { return fail(ErrorCode::unavailable, "no server"); };
    EXPECT_NE(command.run(*line(tool.name, full.at(tool.name))), cli::exit_usage) << tool.name << ": " << command.err();
  }
}

}  // namespace
}  // namespace guard::test
