// SPDX-License-Identifier: Apache-2.0
#include "guard/base/json.hpp"
#include "tests/cli/harness.hpp"
#include "tests/support/folder.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr auto rule_file = R"(groups:
  - name: shop
    match: ['service="shop"']
    window: 1h
    settle: 0s
    interval: 15s
    rollback: { mode: observe, verify: 5m, cooldown: 0s }
    rules:
      - slo: e2e
        signal: e2e
        objective: succeeded
        on_no_data: hold
)";

class Check : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  const test::Folder folder_;
  CommandLine line_;
};

TEST_F(Check, CountsWhatIsGood) {
  EXPECT_EQ(line_.run({"check", write("a.yml", rule_file)}), 0);
  EXPECT_EQ(line_.out(), "ok: 1 group, 1 rule\n");
}

TEST_F(Check, AConfigurationTheGuardCouldNotStartWithIsAnErrorOfItsFile) {
  write("a.yml", rule_file);
  const auto file = write("guard.yml", "rule_files: [a.yml]\n");
  line_.tried = fail(ErrorCode::invalid, "hook deploy: the secret is shorter than 24 bytes");
  EXPECT_EQ(line_.run({"check", "--config.file", file}), 1);
  EXPECT_EQ(line_.out(), file + ": hook deploy: the secret is shorter than 24 bytes\n1 error\n");
}

TEST_F(Check, AnExpressionThatPrometheusRefusesIsAnErrorWhereItStands) {
  write("a.yml", rule_file);
  config::Diagnostic refused{config::Severity::error, "a.yml", 9, 15, "e2e", "Prometheus refuses it", "expr: f(", 7};
  line_.tried = serve::Rehearsal{{{refused}}, {}, "", {}};
  EXPECT_EQ(line_.run({"check", "--config.file", write("guard.yml", "rule_files: [a.yml]\n")}), 1);
  EXPECT_EQ(line_.out(), "a.yml:9:15: rule \"e2e\": Prometheus refuses it\n  expr: f(\n        ^\n1 error\n");
  EXPECT_EQ(line_.err(), "");
}

TEST_F(Check, ARuleThatCannotBreakIsAnErrorWhereItStands) {
  write("a.yml", rule_file);
  config::Diagnostic blind{config::Severity::error, "a.yml", 9, 15, "e2e", "the rule cannot break", "expr: f(", 7};
  line_.tried = serve::Rehearsal{{}, {{blind}}, "", {}};
  EXPECT_EQ(line_.run({"check", "--config.file", write("guard.yml", "rule_files: [a.yml]\n")}), 1);
  EXPECT_EQ(line_.out(), "a.yml:9:15: rule \"e2e\": the rule cannot break\n  expr: f(\n        ^\n1 error\n");
}

TEST_F(Check, WherePrometheusIsSilentTheRestIsCheckedAndOneLineSaysSo) {
  write("a.yml", rule_file);
  line_.tried = serve::Rehearsal{{}, {}, "cannot connect", {}};
  EXPECT_EQ(line_.run({"check", "--config.file", write("guard.yml", "rule_files: [a.yml]\n")}), 0);
  EXPECT_THAT(line_.out(), EndsWith("ok: 1 group, 1 rule, 0 hooks\n"));
  EXPECT_THAT(line_.err(),
              StartsWith("release-guard: no server has parsed the PromQL: cannot connect (not looked for: "));
}

TEST_F(Check, WhatAnswersAndIsNoPrometheusIsAnErrorWhereItsUrlStands) {
  write("a.yml", rule_file);
  config::Diagnostic foreign{config::Severity::error, "guard.yml", 1, 20, "", "no Prometheus answers there", "", 0};
  line_.tried = serve::Rehearsal{{}, {}, "", foreign};
  EXPECT_EQ(line_.run({"check", "--config.file", write("guard.yml", "rule_files: [a.yml]\n")}), 1);
  EXPECT_EQ(line_.out(), "guard.yml:1:20: no Prometheus answers there\n1 error\n");
  EXPECT_THAT(line_.err(),
              StartsWith("release-guard: no server has parsed the PromQL: no Prometheus answers at prometheus.url ("));
}

TEST_F(Check, RuleFilesAloneAreNotParsedAsPromqlAndThatIsSaid) {
  const auto file =
      write("b.yml", std::string(rule_file) +
                         "      - { slo: up, expr: up, objective: '>= 1', on_no_data: hold, on_error: hold }\n");
  EXPECT_EQ(line_.run({"check", file}), 0);
  EXPECT_EQ(line_.err(),
            "release-guard: no server has parsed the PromQL: rule files given by themselves name no server; check them "
            "with --config.file or --prometheus.url (not looked for: refused, cannot-break, part-over-total, "
            "still-gauge, no-series, never-bad, query-fails, already-broken, short-range, costly, no-version)\n");
  EXPECT_EQ(line_.run({"check", "--format=json", file}), 0);
  EXPECT_THAT(line_.out(), HasSubstr("\"not_parsed\":\"rule files given by themselves"));
}

TEST_F(Check, WhatAServerSaysOfRuleFilesAloneIsAWarningWithItsNameAndItsWayOut) {
  const auto file = write("a.yml", rule_file);
  const config::Diagnostic place{config::Severity::error, file, 9, 15, "e2e", "", "expr: up", 7};
  line_.tried = serve::Rehearsal{};
  line_.tried->remarks.items.push_back(
      config::diagnose(place, {model::Finding::no_series, "nothing is there", "wait"}));
  line_.tried->not_looked_at = {"e2e"};
  EXPECT_EQ(line_.run({"check", "--prometheus.url=http://127.0.0.1:9090", file}), 0);
  EXPECT_THAT(line_.out(), HasSubstr(":9:15: warning: rule \"e2e\": nothing is there; wait [no-series]\n"));
  EXPECT_THAT(line_.out(), EndsWith("ok: 1 group, 1 rule, 1 warning\n"));
  EXPECT_EQ(line_.err(),
            "release-guard: not looked at on the server, for only a release can fill in their expressions: e2e\n");
  EXPECT_EQ(line_.run({"check", "--format=json", "--prometheus.url=http://127.0.0.1:9090", file}), 0);
  EXPECT_THAT(line_.out(), HasSubstr(R"("name":"no-series","message":"nothing is there","fix":"wait")"));
  EXPECT_THAT(line_.out(), HasSubstr(R"("not_looked_at":["e2e"])"));
}

TEST_F(Check, AUrlThatIsNoneIsAnErrorOfItsFlag) {
  EXPECT_EQ(line_.run({"check", "--prometheus.url=ftp://127.0.0.1", write("a.yml", rule_file)}), 1);
  EXPECT_THAT(line_.out(), StartsWith("--prometheus.url:1:1: `--prometheus.url`: "));
}

TEST_F(Check, AServerWithoutRuleFilesIsAMistakeOfUsage) {
  EXPECT_EQ(line_.run({"check", "--prometheus.url=http://127.0.0.1:9090"}), 2);
}

TEST_F(Check, AConfigurationFileBringsItsRuleFilesAndHooks) {
  write("a.yml", rule_file);
  const auto file = write("guard.yml", "rule_files: [a.yml]\n");
  EXPECT_EQ(line_.run({"check", "--config.file", file}), 0);
  EXPECT_THAT(line_.out(), EndsWith("ok: 1 group, 1 rule, 0 hooks\n"));
}

TEST_F(Check, ShowsEveryErrorWithItsPlaceAndCounts) {
  const auto file = write("bad.yml", std::string(rule_file) + "        colour: red\n        shape: round\n");
  EXPECT_EQ(line_.run({"check", file}), 1);
  EXPECT_THAT(line_.out(), HasSubstr(file + ":13:9: rule \"e2e\":"));
  EXPECT_THAT(line_.out(), HasSubstr(file + ":14:9: rule \"e2e\":"));
  EXPECT_THAT(line_.out(), EndsWith("\n2 errors\n"));
}

TEST_F(Check, GoodFilesBesideABadOneDoNotMakeItGood) {
  EXPECT_EQ(line_.run({"check", write("a.yml", rule_file), write("bad.yml", "groups: 3\n")}), 1);
  EXPECT_THAT(line_.out(), EndsWith("\n1 error\n"));
}

TEST_F(Check, AFileThatIsNotThereIsAnError) {
  EXPECT_EQ(line_.run({"check", folder_ / "none.yml"}), 1);
  EXPECT_THAT(line_.out(), HasSubstr("none.yml"));
}

TEST_F(Check, WithoutArgumentsReadsTheConfigurationServeWouldRead) {
  EXPECT_EQ(line_.run({"check"}), 1);
  EXPECT_THAT(line_.out(), StartsWith("release-guard.yml"));
}

TEST_F(Check, AClientFileIsLookedAtWithTheFilesThatItNames) {
  write("guard.token", "0123456789abcdef");
  EXPECT_EQ(line_.run({"check", "--client.file", write("good.yml", "token_file: guard.token\n")}), 0);
  EXPECT_EQ(line_.out(), "ok: the client file\n");
}

TEST_F(Check, WhatIsWrongWithAClientFileIsToldWhereItStands) {
  const auto file = write("bad.yml", "sever: http://guard:1\ntoken_file: gone.token\n");
  EXPECT_EQ(line_.run({"check", "--client.file", file}), 1);
  EXPECT_THAT(line_.out(), StartsWith(file + ":1:1: "));
  EXPECT_THAT(line_.out(), HasSubstr(file + ":2:13: `token_file`: " + (folder_ / "gone.token").string()));
  EXPECT_THAT(line_.out(), EndsWith("\n2 errors\n"));
}

TEST_F(Check, AClientFileIsCheckedByItself) {
  EXPECT_EQ(line_.run({"check", "--client.file=a.yml", "--config.file=b.yml"}), 2);
  EXPECT_EQ(line_.run({"check", "--client.file=a.yml", "rules.yml"}), 2);
}

TEST_F(Check, JsonIsForMachines) {
  const auto file = write("bad.yml", std::string(rule_file) + "        colour: red\n");
  EXPECT_EQ(line_.run({"check", "--format=json", file}), 1);
  const auto answer = parse_json(line_.out());
  ASSERT_TRUE(answer) << line_.out();
  EXPECT_EQ(answer->at("ok"), false);
  EXPECT_EQ(answer->at("summary"), "1 error");
  EXPECT_EQ(answer->at("diagnostics").at(0).at("line"), 13);
  EXPECT_EQ(answer->at("diagnostics").at(0).at("severity"), "error");
}

}  // namespace
}  // namespace guard::test
