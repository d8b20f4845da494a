// SPDX-License-Identifier: Apache-2.0
//
// The schemas in the repository are what the program prints.
#include "guard/base/file.hpp"
#include "tests/cli/harness.hpp"

#include <gtest/gtest.h>

namespace guard::test {
namespace {

void expect_printed(const std::string& word, const std::string& file) {
  CommandLine line;
  EXPECT_EQ(line.run({"schema", word}), 0);
  EXPECT_EQ(line.err(), "");
  EXPECT_EQ(read_file(std::string(SOURCE_DIR) + "/" + file).value_or(""), line.out())
      << "release-guard schema " << word << " > " << file;
}

TEST(SchemaFiles, AreWhatTheProgramPrints) {
  expect_printed("rules", "rules/release-guard-rules.schema.json");
  expect_printed("tests", "rules/release-guard-tests.schema.json");
  expect_printed("config", "release-guard.schema.json");
  expect_printed("web", "release-guard-web.schema.json");
  expect_printed("client", "release-guard-client.schema.json");
}

}  // namespace
}  // namespace guard::test
