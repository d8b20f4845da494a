// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using testing::HasSubstr;

std::string gate_json(bool open, const std::string& state) {
  return std::string(R"({"open":)") + (open ? "true" : "false") +
         R"(,"at":"2026-01-31T12:00:00Z","checks":[{"name":"rules","state":"passed","seen":"rule group shop","advice":""},)" +
         R"({"name":"freeze","state":")" + state + R"(","seen":"what was seen","advice":")" + (open ? "" : "wait") +
         "\"}]}";
}

const std::vector<std::string> ask{"gate", "--service", "shop", "--environment", "production"};

TEST(Gate, SaysYesWithEveryCheck) {
  CommandLine line;
  line.guard = answers({answer(200, gate_json(true, "passed"))});
  auto words = ask;
  words.insert(words.end(), {"--version", "1 2", "--kind", "hotfix"});
  EXPECT_EQ(line.run(words), 0);
  EXPECT_EQ(line.requests.at(0).path, "/api/v1/gate?service=shop&environment=production&version=1%202&kind=hotfix");
  EXPECT_EQ(line.out(),
            "a release of shop to production may start now\n"
            "  ✓  rules   rule group shop\n"
            "  ✓  freeze  what was seen\n");
}

TEST(Gate, SaysNoWithWhatToDo) {
  CommandLine line;
  line.guard = answers({answer(200, gate_json(false, "failed"))});
  EXPECT_EQ(line.run(ask), 1);
  EXPECT_EQ(line.out(),
            "a release of shop to production may not start now\n"
            "  ✓  rules   rule group shop\n"
            "  ✗  freeze  what was seen\n"
            "             → wait\n");
}

TEST(Gate, WhatIsUnknownIsNoYes) {
  CommandLine line;
  line.guard = answers({answer(200, gate_json(false, "unknown"))});
  EXPECT_EQ(line.run(ask), 1);
  EXPECT_THAT(line.out(), HasSubstr("  ?  freeze"));
}

TEST(Gate, PrintsTheGuardsJson) {
  CommandLine line;
  line.guard = answers({answer(200, gate_json(false, "failed"))});
  auto words = ask;
  words.emplace_back("--json");
  EXPECT_EQ(line.run(words), 1);
  EXPECT_EQ(line.out(), gate_json(false, "failed") + "\n");
}

TEST(Gate, ThatItCouldNotAskIsNeitherYesNorNo) {
  CommandLine line;
  line.guard = [](const client::Request&) { return nobody_answers(); };
  EXPECT_EQ(line.run(ask), 9);
  CommandLine denied;
  denied.guard = answers({answer(403, R"({"error":"role read is needed","code":"forbidden"})")});
  EXPECT_EQ(denied.run(ask), 1);
  CommandLine other;
  other.guard = answers({answer(200, "{}"), answer(200, "{}")});
  EXPECT_EQ(other.run(ask), 9);
}

}  // namespace
}  // namespace guard::test
