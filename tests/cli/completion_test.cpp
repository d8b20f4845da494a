// SPDX-License-Identifier: Apache-2.0
//
// What is made of the command line's own tree: scripts that complete it, and manual pages. tests/e2e/test_shells.py
// runs them in the shells.
#include "tests/cli/harness.hpp"
#include "tests/support/folder.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>

namespace guard::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class Completion : public testing::TestWithParam<std::string> {
 protected:
  CommandLine line;
};

TEST_P(Completion, KnowsEveryCommandAndNoHiddenOne) {
  ASSERT_EQ(line.run({"completion", GetParam()}), 0);
  for (const auto* name : {"serve", "backtest", "release start", "freeze end", "completion"})
    EXPECT_THAT(line.out(), HasSubstr(name));
  EXPECT_THAT(line.out(), Not(HasSubstr("supervise-hook")));
  EXPECT_THAT(line.out(), Not(HasSubstr("man-pages")));
}

TEST_P(Completion, KnowsTheWordsThatAnOptionTakes) {
  ASSERT_EQ(line.run({"completion", GetParam()}), 0);
  EXPECT_THAT(line.out(), HasSubstr("debug info warn error"));
}

INSTANTIATE_TEST_SUITE_P(Shells, Completion, testing::Values("bash", "zsh", "fish"));

class ManPages : public testing::Test {
 protected:
  std::string page(const std::string& name) const {
    std::ifstream file(folder_ / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  CommandLine line;
  const test::Folder folder_;
};

TEST_F(ManPages, ThereIsOneForEachCommand) {
  ASSERT_EQ(line.run({"man-pages", folder_.string()}), 0);
  EXPECT_THAT(page("release-guard.1"), HasSubstr("\\fBrelease\\-guard\\-serve\\fR(1)"));
  EXPECT_THAT(page("release-guard-release.1"), HasSubstr(".SH COMMANDS"));
  const auto serve = page("release-guard-serve.1");
  EXPECT_THAT(serve, HasSubstr(".TH RELEASE\\-GUARD\\-SERVE 1 \"\" \"release\\-guard 1.2.3\" \"Release Guard\""));
  EXPECT_THAT(serve, HasSubstr("release\\-guard\\-serve \\- run the guard"));
  EXPECT_THAT(serve, HasSubstr("\\fB\\-\\-storage.path\\fR \\fIFOLDER\\fR\nThe folder of the journal.\nDefault: "));
  EXPECT_THAT(serve, HasSubstr(".SH EXIT STATUS\n.nf\nExit codes: 0"));
  EXPECT_FALSE(fs::exists(folder_ / "release-guard-supervise-hook.1"));
}

TEST_F(ManPages, AFolderThatIsNotThereIsSaid) {
  EXPECT_EQ(line.run({"man-pages", (folder_ / "none").string()}), 1);
  EXPECT_THAT(line.err(), HasSubstr("none"));
}

}  // namespace
}  // namespace guard::test
