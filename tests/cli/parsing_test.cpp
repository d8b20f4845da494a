// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::vector<std::vector<std::string>> every_command{
    {},
    {"serve"},
    {"check"},
    {"test"},
    {"schema"},
    {"import"},
    {"release"},
    {"release", "start"},
    {"release", "live"},
    {"release", "signal"},
    {"release", "status"},
    {"release", "report"},
    {"release", "pause"},
    {"release", "resume"},
    {"release", "approve"},
    {"release", "abort"},
    {"release", "rollback"},
    {"release", "list"},
    {"healthcheck"},
};

std::string text(const std::vector<std::string>& words) {
  std::string out = "release-guard";
  for (const auto& word : words) out += " " + word;
  return out;
}

TEST(Parsing, EveryCommandHasHelpThatTellsTheExitCodesOrGivesAnExample) {
  for (auto words : every_command) {
    CommandLine line;
    words.emplace_back("--help");
    EXPECT_EQ(line.run(words), 0) << text(words);
    EXPECT_THAT(line.out(), testing::AnyOf(HasSubstr("Exit codes:"), HasSubstr("Example:"))) << text(words);
    EXPECT_THAT(line.err(), IsEmpty()) << text(words);
  }
}

TEST(Parsing, HelpOfTheProgramNamesTheCommandsButNotTheHiddenOne) {
  CommandLine line;
  line.run({"--help"});
  for (const auto* name : {"serve", "check", "test", "schema", "import", "release", "healthcheck"})
    EXPECT_THAT(line.out(), HasSubstr(name));
  EXPECT_THAT(line.out(), Not(HasSubstr("supervise-hook")));
}

TEST(Parsing, VersionSaysWhichBuildItIs) {
  CommandLine line;
  EXPECT_EQ(line.run({"--version"}), 0);
  EXPECT_EQ(line.out(), "release-guard 1.2.3\n  revision abc\n  date     2026-01-31\n  compiler GCC 12\n");
}

struct UsageError {
  std::vector<std::string> words;
  std::string message;
};

TEST(Parsing, UsageErrorsExitWithTwoAndSayWhatIsWrong) {
  const std::vector<UsageError> errors{
      {{}, "release-guard: A subcommand is required"},
      {{"serv"}, "\"serv\" is not known here: did you mean serve?"},
      {{"release", "stauts", "r1"}, "release-guard release: \"stauts\" is not known here: did you mean status?"},
      {{"release", "start", "--service=shop", "--version=", "--previous-version", "1"},
       "release-guard release start: --version= has no value; write one behind it, or leave the option out\n"
       "see release-guard release start --help\n"},
      {{"release", "statsu", "r1"}, "release-guard release: \"statsu\" is not known here: did you mean status?"},
      {{"release"}, "release-guard release: A subcommand is required"},
      {{"release", "status"}, "release-guard release status: ID or --service is required"},
      {{"release", "status", "r1", "r2"}, "\"r2\" is not known here"},
      {{"release", "status", "r1", "--jsn"}, "\"--jsn\" is not known here: did you mean --json?"},
      {{"release", "status", "r1", "--timeout", "5m"}, "--timeout requires --wait"},
      {{"release", "status", "r1", "--wait", "--timeout", "soon"}, "\"soon\" is not a duration"},
      {{"release", "start", "--service", "s"}, "--environment is required"},
      {{"release", "start", "--phase", "watching"}, "\"watching\" is no phase to start in; write deploying"},
      {{"release", "start", "--label", "team"}, "\"team\" is no label; write NAME=VALUE"},
      {{"release", "start", "--kind", "hot"}, "\"hot\" is not one of feature|hotfix|rollback"},
      {{"release", "live", "r1", "--live-at", "noon"}, "\"noon\" is not an RFC 3339 time"},
      {{"release", "signal", "r1", "e2e", "maybe"}, "\"maybe\" is not one of succeeded|failed"},
      {{"release", "report", "r1", "--format", "pdf"}, "\"pdf\" is not one of md|html|json"},
      {{"serve", "--log.level", "loud"}, "\"loud\" is not one of debug|info|warn|error"},
      {{"serve", "--storage.retention", "90"}, "\"90\" is not a duration"},
      {{"serve", "--web.listen-address", "foo"}, "--web.listen-address: write an address and a port, for example"},
      {{"serve", "--web.listen-address=name.example:80"}, "--web.listen-address: write an address and a port"},
      {{"serve", "--web.listen-address=:1", "--web.listen-address=foo"}, "--web.listen-address: write an address"},
      {{"serve", "--web.listen-address=:1", "--web.systemd-socket"},
       "--web.listen-address excludes --web.systemd-socket"},
      {{"serve", "--web.route-prefix=/a b"}, "--web.route-prefix: write a path of letters, digits and -._~"},
      {{"serve", "--web.listen-adress", ":1"}, "did you mean --web.listen-address?"},
      {{"check", "--format", "xml"}, "\"xml\" is not one of text|json"},
      {{"schema"}, "release-guard schema: FILE is required"},
      {{"schema", "alerts"}, "\"alerts\" is not one of rules|tests|config"},
  };
  for (const auto& error : errors) {
    CommandLine line;
    EXPECT_EQ(line.run(error.words), 2) << text(error.words);
    EXPECT_THAT(line.err(), HasSubstr(error.message)) << text(error.words);
    EXPECT_THAT(line.err(), HasSubstr(" --help\n")) << text(error.words);
    EXPECT_THAT(line.out(), IsEmpty()) << text(error.words);
  }
}

TEST(Parsing, ServeHasDefaultsForEverything) {
  CommandLine line;
  EXPECT_EQ(line.run({"serve"}), 0);
  ASSERT_EQ(line.served.size(), 1U);
  const auto& options = line.served[0];
  EXPECT_EQ(options.config_file, "release-guard.yml");
  EXPECT_TRUE(options.listen_addresses.empty());
  EXPECT_EQ(options.flags.at("web.listen-address"), "127.0.0.1:8929");
  EXPECT_FALSE(options.systemd_socket);
  EXPECT_EQ(options.route_prefix, "");
  EXPECT_EQ(options.web_config_file, "");
  EXPECT_EQ(options.storage_path, "./data");
  EXPECT_EQ(options.retention, 24h * 90);
  EXPECT_EQ(options.log_level, LogLevel::info);
  EXPECT_EQ(options.log_format, LogFormat::logfmt);
}

TEST(Parsing, ServeTakesDottedFlagsInBothForms) {
  CommandLine line;
  EXPECT_EQ(line.run({"serve", "--config.file=/etc/g.yml", "--web.listen-address", "0.0.0.0:80",
                      "--storage.path=/var/g", "--storage.retention=2w", "--log.level=debug", "--log.format", "json"}),
            0);
  ASSERT_EQ(line.served.size(), 1U);
  const auto& options = line.served[0];
  EXPECT_EQ(options.config_file, "/etc/g.yml");
  EXPECT_EQ(options.listen_addresses, std::vector<std::string>{"0.0.0.0:80"});
  EXPECT_EQ(options.storage_path, "/var/g");
  EXPECT_EQ(options.retention, 24h * 14);
  EXPECT_EQ(options.log_level, LogLevel::debug);
  EXPECT_EQ(options.log_format, LogFormat::json);
}

TEST(Parsing, ServeTakesSeveralAddressesAndAPrefix) {
  CommandLine line;
  EXPECT_EQ(line.run({"serve", "--web.listen-address=127.0.0.1:80", "--web.listen-address", "[::1]:80",
                      "--web.route-prefix=ops/guard/", "--web.config.file", "web.yml"}),
            0);
  ASSERT_EQ(line.served.size(), 1U);
  const auto& options = line.served[0];
  EXPECT_EQ(options.listen_addresses, (std::vector<std::string>{"127.0.0.1:80", "[::1]:80"}));
  EXPECT_EQ(options.route_prefix, "/ops/guard");
  EXPECT_EQ(options.web_config_file, "web.yml");
}

TEST(Parsing, ServeKeepsEveryFlagAsTheCommandLineHasIt) {
  CommandLine line;
  EXPECT_EQ(line.run({"serve", "--config.file=/etc/g.yml", "--storage.retention", "2w"}), 0);
  ASSERT_EQ(line.served.size(), 1U);
  EXPECT_THAT(line.served[0].flags,
              testing::IsSupersetOf({testing::Pair("config.file", "/etc/g.yml"),
                                     testing::Pair("storage.retention", "2w"), testing::Pair("storage.path", "./data"),
                                     testing::Pair("log.level", "info"), testing::Pair("log.format", "logfmt"),
                                     testing::Pair("web.listen-address", "127.0.0.1:8929")}));
  EXPECT_FALSE(line.served[0].flags.contains("help"));
}

TEST(Parsing, TheHiddenCommandGetsItsFolder) {
  CommandLine line;
  EXPECT_EQ(line.run({"supervise-hook", "/var/lib/call"}), 0);
  EXPECT_EQ(line.supervised, std::vector<std::filesystem::path>{"/var/lib/call"});
}

TEST(Parsing, TheExitCodeOfTheCommandIsTheProgramsOwn) {
  CommandLine line;
  line.context.serve = [](const serve::ServeOptions&) { return 1; };
  EXPECT_EQ(line.run({"serve"}), 1);
}

}  // namespace
}  // namespace guard::test
