// SPDX-License-Identifier: Apache-2.0
//
// `import`: what goes where, and the exit codes. What becomes of the rules is in tests/importing.
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
using testing::StartsWith;

constexpr auto alerts = R"(groups:
  - name: shop
    rules:
      - alert: Deep
        expr: max(queue_depth) > 100 and on (a) b
      - record: a:b
        expr: sum(b)
)";

class Import : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  const test::Folder folder_;
  CommandLine line_;
};

TEST_F(Import, RulesArePrintedAndTheRestIsTold) {
  const auto file = write("alerts.yml", alerts);
  EXPECT_EQ(line_.run({"import", file}), 0);
  EXPECT_THAT(line_.out(), StartsWith("# Imported from " + file + "\n"));
  EXPECT_THAT(line_.out(), HasSubstr("- slo: Deep\n"));
  EXPECT_THAT(line_.err(), StartsWith(file + ":6:9: warning: rule \"a:b\": a recording rule stays in Prometheus"));
  EXPECT_THAT(line_.err(),
              EndsWith("release-guard: 1 rule, 1 with a comment on what has changed; 1 thing not carried over\n"));
}

TEST_F(Import, AFileTakesThemInstead) {
  const auto out = folder_ / "out.yml";
  EXPECT_EQ(line_.run({"import", write("alerts.yml", alerts), "-o", out}), 0);
  EXPECT_EQ(line_.out(), "");
  EXPECT_THAT(read_file(out).value_or(""), HasSubstr("- slo: Deep\n"));
}

TEST_F(Import, WithoutARuleNoFileIsTouched) {
  const auto out = write("out.yml", "mine\n");
  const auto file = write("other.yml", "a: b\n");
  EXPECT_EQ(line_.run({"import", file, "-o", out}), 1);
  EXPECT_THAT(line_.err(), EndsWith("nothing in these files becomes a rule, so no file is written\n"));
  EXPECT_EQ(read_file(out).value_or(""), "mine\n");
}

TEST_F(Import, AFileThatCannotBeReadIsAnErrorOfItsPlace) {
  const auto broken = write("broken.yml", "groups: [\n");
  EXPECT_EQ(line_.run({"import", write("alerts.yml", alerts), broken}), 1);
  EXPECT_THAT(line_.err(), StartsWith(broken + ":"));
  EXPECT_EQ(line_.out(), "");
  CommandLine other;
  EXPECT_EQ(other.run({"import", folder_ / "no-such.yml"}), 1);
  EXPECT_THAT(other.err(), HasSubstr("no-such.yml"));
}

TEST_F(Import, AnUnknownFormatIsAMistakeOfTheCommandLine) {
  EXPECT_EQ(line_.run({"import", "--from", "nagios", write("alerts.yml", alerts)}), 2);
  EXPECT_THAT(line_.err(), HasSubstr("prometheus|sloth|openslo|flagger|argo"));
  CommandLine without_files;
  EXPECT_EQ(without_files.run({"import"}), 2);
}

}  // namespace
}  // namespace guard::test
