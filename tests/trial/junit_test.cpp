// SPDX-License-Identifier: Apache-2.0
#include "guard/trial/junit.hpp"

#include <gtest/gtest.h>

namespace guard::trial {
namespace {

config::Diagnostic difference() {
  return {config::Severity::error, "a.test.yml", 7, 9, "", "at 1m: expected <this>", "  phase: passed", 10};
}

TEST(Junit, EachFileIsASuiteAndEachTestACase) {
  EXPECT_EQ(junit_xml({{"a.test.yml",
                        {},
                        {{"good & quick", {}, ""}, {"bad", {difference()}, ""}, {"not run", {}, "no \"server\""}}}}),
            R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="a.test.yml" tests="3" failures="1" errors="1">
    <testcase classname="a.test.yml" name="good &amp; quick"/>
    <testcase classname="a.test.yml" name="bad">
      <failure message="at 1m: expected &lt;this&gt;">a.test.yml:7:9: at 1m: expected &lt;this&gt;
    phase: passed
           ^
</failure>
    </testcase>
    <testcase classname="a.test.yml" name="not run">
      <error message="no &quot;server&quot;"></error>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST(Junit, AFileThatCannotBeReadIsAnError) {
  EXPECT_NE(junit_xml({{"a.test.yml", {difference()}, {}}})
                .find("<testsuite name=\"a.test.yml\" tests=\"1\" failures=\"0\" errors=\"1\">"),
            std::string::npos);
}

}  // namespace
}  // namespace guard::trial
