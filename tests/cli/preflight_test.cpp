// SPDX-License-Identifier: Apache-2.0
#include "guard/base/json.hpp"
#include "tests/cli/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using testing::HasSubstr;

const std::vector<std::string> words{"preflight", "--service", "shop", "--environment", "production"};

std::string found(const std::string& state, const std::string& checks) {
  return R"({"service":"shop","environment":"production","version":null,"live_version":"1.4.1","group":"shop-production",)"
         R"("at":"2026-01-31T12:00:00.000Z","state":")" +
         state + R"(","checks":[)" + checks + "]}";
}

const std::string good = R"({"name":"prometheus","state":"passed","seen":"it answers","advice":""})";
const std::string bad = R"({"name":"targets","state":"failed","seen":"1 of 2 are down","advice":"bring it up"})";
const std::string unknown = R"({"name":"errors","state":"unknown","seen":"3 requests","advice":""})";

std::vector<std::string> with(std::vector<std::string> more) {
  more.insert(more.begin(), words.begin(), words.end());
  return more;
}

TEST(Preflight, SaysEachLineAndWhatToDo) {
  CommandLine line;
  line.guard = answers({answer(200, found("failed", good + "," + bad + "," + unknown))});
  EXPECT_EQ(line.run(words), 1);
  EXPECT_EQ(line.out(), R"(shop in production, where 1.4.1 is live; it would be watched by shop-production

  ✓  prometheus  it answers
  ✗  targets     1 of 2 are down
                 → bring it up
  ?  errors      3 requests

Not now: 1 of 3 checks failed, and of 1 nobody can tell.
)");
  EXPECT_EQ(line.requests.at(0).method, "POST");
  EXPECT_EQ(parse_json(line.requests.at(0).body), parse_json(R"({"service":"shop","environment":"production"})"));
}

TEST(Preflight, SaysWhomToCallUnlessAllIsWell) {
  const std::string contacts = R"(,"contacts":{"primary":"Ada, @ada","secondary":"Grace","lead":""}})";
  const auto with_contacts = [&](const std::string& state, const std::string& check) {
    auto answer = found(state, check);
    return answer.erase(answer.size() - 1) + contacts;
  };
  CommandLine line;
  line.guard = answers({answer(200, with_contacts("failed", bad))});
  line.run(words);
  EXPECT_THAT(line.out(), testing::EndsWith("Whom to call:\n  primary on-call    Ada, @ada\n"
                                            "  secondary on-call  Grace\n"));
  CommandLine well;
  well.guard = answers({answer(200, with_contacts("passed", good))});
  well.run(words);
  EXPECT_THAT(well.out(), testing::Not(HasSubstr("Ada")));
}

TEST(Preflight, WhatNobodyCanTellFailsOnlyWhereItIsAskedTo) {
  CommandLine line;
  line.guard = answers({answer(200, found("unknown", good + "," + unknown))});
  EXPECT_EQ(line.run(words), 0);
  EXPECT_THAT(line.out(), HasSubstr("Nothing speaks against a release; of 1 of 2 checks nobody can tell."));
  line.guard = answers({answer(200, found("unknown", unknown))});
  EXPECT_EQ(line.run(with({"--strict"})), 6);
}

TEST(Preflight, ToLookOnlyIsAQuestion) {
  CommandLine line;
  line.guard = answers({answer(200, found("passed", good))});
  EXPECT_EQ(line.run(with({"--look-only", "--version", "1.4.2+b/1"})), 0);
  EXPECT_EQ(line.requests.at(0).method, "GET");
  EXPECT_EQ(line.requests.at(0).path, "/api/v1/preflight?service=shop&environment=production&version=1.4.2%2Bb%2F1");
}

TEST(Preflight, WhereNoGuardAnswersNobodyKnows) {
  CommandLine line;
  line.guard = answers({nobody_answers()});
  EXPECT_EQ(line.run(words), 9);
  CommandLine refused;
  refused.guard = answers({answer(404, R"({"error":"no rule group matches","code":"not_found"})")});
  EXPECT_EQ(refused.run(words), 1);
}

}  // namespace
}  // namespace guard::test
