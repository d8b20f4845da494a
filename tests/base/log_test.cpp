// SPDX-License-Identifier: Apache-2.0
#include "guard/base/log.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/json.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace guard {
namespace {

class StillClock final : public Clock {
 public:
  Instant now() const override { return {*parse_time("2026-01-31T12:00:00Z"), MonoTime{}}; }
  const std::string& boot_id() const override { return boot_id_; }

 private:
  std::string boot_id_ = "boot-1";
};

// What a log wrote.
struct Written {
  std::vector<std::string> lines;
  StillClock clock;

  Log log(LogFormat format, LogLevel level = LogLevel::debug) {
    return {clock, level, format, [this](std::string_view line) { lines.emplace_back(line); }};
  }
};

std::string logfmt(const std::string& value) {
  Written written;
  written.log(LogFormat::logfmt).info("engine", "x", {{"err", value}});
  const auto& line = written.lines.at(0);
  return line.substr(line.find("err=") + 4);
}

TEST(Log, WritesLogfmtWithPrometheusKeys) {
  Written written;
  written.log(LogFormat::logfmt).warn("engine", "hook failed", {{"release", "r-1"}, {"err", "exit 1"}});
  ASSERT_EQ(written.lines.size(), 1U);
  EXPECT_EQ(written.lines[0],
            "ts=2026-01-31T12:00:00.000Z level=warn component=engine msg=\"hook failed\" release=r-1 err=\"exit 1\"\n");
}

TEST(Log, WritesJson) {
  Written written;
  written.log(LogFormat::json).error("engine", "hook failed", {{"err", "a \"b\"\n"}});
  ASSERT_EQ(written.lines.size(), 1U);
  EXPECT_EQ(written.lines[0],
            "{\"ts\":\"2026-01-31T12:00:00.000Z\",\"level\":\"error\",\"component\":\"engine\",\"msg\":\"hook "
            "failed\",\"err\":\"a \\\"b\\\"\\n\"}\n");
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
  Written written;
  const auto log = written.log(LogFormat::logfmt, LogLevel::warn);
  log.debug("engine", "a");
  log.info("engine", "b");
  log.warn("engine", "c");
  log.error("engine", "d");
  EXPECT_EQ(written.lines.size(), 2U);
}

TEST(Log, QuotesWhatWouldNotBeOneWord) {
  EXPECT_EQ(logfmt("plain-1.2/x"), "plain-1.2/x\n");
  EXPECT_EQ(logfmt(""), "\"\"\n");
  EXPECT_EQ(logfmt("a b"), "\"a b\"\n");
  EXPECT_EQ(logfmt("a=b"), "\"a=b\"\n");
  EXPECT_EQ(logfmt("a\"b\\c"), "\"a\\\"b\\\\c\"\n");
  EXPECT_EQ(logfmt("grün"), "grün\n");
  EXPECT_EQ(logfmt("\xff"), "\"<not UTF-8>\"\n");
}

TEST(Log, NoValueForgesALine) {
  EXPECT_EQ(logfmt("x\nts=1 level=info msg=forged"), "\"x\\nts=1 level=info msg=forged\"\n");
  EXPECT_EQ(logfmt("x\rforged"), "\"x forged\"\n");
}

RC_GTEST_PROP(LogProperty, AnyValueStaysOnItsLineAndJsonStaysJson, ()) {
  const auto value = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  for (const auto format : {LogFormat::logfmt, LogFormat::json}) {
    Written written;
    written.log(format).info("engine", value, {{"err", value}});
    const auto& line = written.lines.at(0);
    RC_ASSERT(line.find('\n') == line.size() - 1);
    RC_ASSERT(std::none_of(line.begin(), line.end() - 1, [](char c) { return static_cast<unsigned char>(c) < ' '; }));
    if (format == LogFormat::json) RC_ASSERT(parse_json(line).has_value());
  }
}

}  // namespace
}  // namespace guard
