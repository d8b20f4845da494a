// SPDX-License-Identifier: Apache-2.0
//
// One bad test file per fault; what the user reads about it is compared whole with the .txt beside it.
#include "guard/base/file.hpp"
#include "guard/trial/test_parser.hpp"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::trial {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Pair;
using testing::SizeIs;

const fs::path folder = fs::path(TESTDATA_DIR) / "config/tests";

std::string without_folder(std::string text) {
  const auto prefix = (folder / "").string();
  for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at)) text.erase(at, prefix.size());
  return text;
}

TEST(BadTests, EachIsAnsweredWithExactlyItsMessage) {
  int files = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!entry.path().string().ends_with(".bad.yml")) continue;
    SCOPED_TRACE(entry.path().filename());
    const auto loaded = load_tests(entry.path());
    EXPECT_FALSE(loaded.value);
    auto expected = entry.path();
    EXPECT_EQ(without_folder(config::format(loaded.diagnostics)),
              read_file(expected.replace_extension(".txt")).value_or("there is no .bad.txt beside it"));
    ++files;
  }
  EXPECT_GT(files, 15);
}

TEST(BadTests, AFileThatIsNotThereIsOneError) {
  EXPECT_EQ(config::format(load_tests("nowhere/a.test.yml").diagnostics),
            "nowhere/a.test.yml: cannot open: No such file or directory\n");
}

TEST(FullTest, IsReadWithEveryKey) {
  const auto loaded = load_tests(fs::path(TESTDATA_DIR) / "config/full/rules/full.test.yml");
  ASSERT_TRUE(loaded.value) << config::format(loaded.diagnostics);
  ASSERT_THAT(*loaded.value, SizeIs(2));
  const auto& test = loaded.value->at(0);
  EXPECT_EQ(test.interval, 15s);
  EXPECT_EQ(test.release.spec.kind, model::ReleaseKind::hotfix);
  EXPECT_THAT(test.release.spec.labels, ElementsAre(Pair("team", "web")));
  EXPECT_EQ(test.release.spec.live_at, time_zero + 10min);
  EXPECT_EQ(test.release.signals.at("e2e"), (model::Signal{true, "40 passed", time_zero + 15min}));
  EXPECT_THAT(test.series, SizeIs(2));
  EXPECT_THAT(test.given, SizeIs(1));
  ASSERT_THAT(test.moments, SizeIs(2));
  const auto& moment = test.moments[0];
  EXPECT_EQ(moment.at, 10min);
  EXPECT_EQ(moment.phase->value, model::Phase::watching);
  EXPECT_EQ(moment.decision->value, "none");
  const auto& rule = moment.rules.at(0);
  EXPECT_EQ(test.group->rules[rule.rule].slo, test.group->rules[test.given.begin()->first].slo);
  EXPECT_EQ(rule.evaluation->value, model::Outcome::ok);
  EXPECT_DOUBLE_EQ(rule.value->value, 0.25);
  EXPECT_EQ(rule.verdict->value, model::Verdict::ok);
  EXPECT_EQ(rule.reason->value, model::Reason::objective_met);
  EXPECT_EQ(loaded.value->at(1).release.spec.service, "shop");
}

}  // namespace
}  // namespace guard::trial
