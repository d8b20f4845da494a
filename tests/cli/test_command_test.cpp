// SPDX-License-Identifier: Apache-2.0
#include "guard/base/file.hpp"
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

constexpr auto rules = R"(groups:
  - name: shop
    match: ['service="shop"']
    window: 1h
    settle: 0s
    interval: 10s
    rollback: { mode: observe }
    rules:
      - { slo: queue, expr: jobs, objective: "< 10", on_no_data: hold, on_error: hold }
)";

constexpr auto head = R"(rule_files: [shop.yml]
interval: 10s
release: { service: shop, environment: production, version: "2", previous_version: "1", live: 10m }
tests:
)";
constexpr auto good = "  - { name: short queue, values: { queue: 3x100 }, expect: [{ at: 1m, decision: none }] }\n";
constexpr auto bad = "  - { name: long queue, values: { queue: 3x65 30x40 }, expect: [{ at: 1m, decision: none }] }\n";
constexpr auto measured =
    "  - { name: measured, input_series: [{ series: jobs, values: 1 }], expect: [{ at: 1m, decision: none }] }\n";

class TestCommand : public testing::Test {
 protected:
  TestCommand() {
    write("shop.yml", rules);
    line_.context.start_prometheus = [this](const std::string& program) {
      started.push_back(program);
      return fail(ErrorCode::unavailable, "it cannot be run");
    };
  }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  const test::Folder folder_;
  CommandLine line_;
  std::vector<std::string> started;
};

TEST_F(TestCommand, SaysOfEachTestThatItPassed) {
  const auto file = write("a.test.yml", std::string(head) + good);
  EXPECT_EQ(line_.run({"test", file}), 0);
  EXPECT_EQ(line_.out(), file + "\n  ok    short queue\n1 test, all of them passed\n");
  EXPECT_EQ(line_.err(), "");
  EXPECT_TRUE(started.empty());
}

TEST_F(TestCommand, SaysWhereSomethingElseCame) {
  const auto file = write("a.test.yml", std::string(head) + good + bad);
  EXPECT_EQ(line_.run({"test", file}), 1);
  EXPECT_THAT(line_.out(),
              HasSubstr("  FAIL  long queue\n" + file + ":6:85: at 1m: expected decision none, got rollback: queue: "));
  EXPECT_THAT(line_.out(), EndsWith("\n2 tests, 1 failed\n"));
}

TEST_F(TestCommand, RunsOnlyTheTestsOfThatName) {
  const auto file = write("a.test.yml", std::string(head) + good + bad);
  EXPECT_EQ(line_.run({"test", "--run", "short", file}), 0);
  EXPECT_EQ(line_.run({"test", "--run", "no such", file}), 1);
  EXPECT_THAT(line_.out(), EndsWith("\nno test was run\n"));
}

TEST_F(TestCommand, StartsTheProgramThatIsNamed) {
  const auto file = write("a.test.yml", std::string(head) + measured);
  EXPECT_EQ(line_.run({"test", "--prometheus.bin", "/opt/prometheus", file}), 1);
  EXPECT_THAT(line_.out(), HasSubstr("  FAIL  measured\n        it cannot be run\n"));
  EXPECT_EQ(started, std::vector<std::string>{"/opt/prometheus"});
}

TEST_F(TestCommand, AFileThatCannotBeReadFailsAndTheOthersAreTested) {
  const auto broken = write("broken.test.yml", std::string(head) + "  - { name: x }\n");
  const auto file = write("a.test.yml", std::string(head) + good);
  EXPECT_EQ(line_.run({"test", broken, file}), 1);
  EXPECT_THAT(line_.out(), HasSubstr(broken + ":5:5: a test needs `expect`"));
  EXPECT_THAT(line_.out(), EndsWith("  ok    short queue\n1 test, all of them passed; 1 file cannot be read\n"));
}

TEST_F(TestCommand, WritesWhatCiSystemsRead) {
  const auto file = write("a.test.yml", std::string(head) + good + bad);
  EXPECT_EQ(line_.run({"test", "--junit", (folder_ / "report.xml").string(), file}), 1);
  const auto xml = read_file(folder_ / "report.xml");
  ASSERT_TRUE(xml);
  EXPECT_THAT(*xml, HasSubstr("tests=\"2\" failures=\"1\" errors=\"0\""));
}

TEST_F(TestCommand, NeedsAFile) {
  EXPECT_EQ(line_.run({"test"}), 2);
  EXPECT_THAT(line_.err(), HasSubstr("FILE"));
}

}  // namespace
}  // namespace guard::test
