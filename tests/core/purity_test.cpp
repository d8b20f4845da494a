// SPDX-License-Identifier: Apache-2.0
//
// Reads the sources themselves: the core stays pure, and only one file of the whole tree reads a real clock.
#include "guard/base/file.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <re2/re2.h>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> sources(const std::vector<std::string>& folders) {
  std::vector<fs::path> out;
  for (const auto& folder : folders)
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(SOURCE_DIR) / folder))
      if (entry.path().extension() == ".cpp" || entry.path().extension() == ".hpp") out.push_back(entry.path());
  return out;
}

// Past the comment or literal that begins at `at`, or `at` if none does.
std::size_t skip_no_code(const std::string& text, std::size_t at) {
  const auto end_of = [&](std::size_t end, std::size_t length) {
    return end == std::string::npos ? text.size() : end + length;
  };
  if (text.compare(at, 2, "//") == 0) return end_of(text.find('\n', at), 0);
  if (text.compare(at, 2, "R\"") == 0) {
    const auto open = text.find('(', at);
    const auto close = ")" + text.substr(at + 2, open - at - 2) + "\"";
    return end_of(text.find(close, open), close.size());
  }
  const bool separates_digits = text[at] == '\'' && at > 0 && std::isalnum(static_cast<unsigned char>(text[at - 1]));
  if ((text[at] != '"' && text[at] != '\'') || separates_digits) return at;
  auto end = at + 1;
  while (end < text.size() && text[end] != text[at]) end += text[end] == '\\' ? 2U : 1U;
  return std::min(end + 1, text.size());
}

// The text without comments and literals, which may speak of what code may not do. Lines keep their numbers.
std::string code_of(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto end = skip_no_code(text, i);
    if (end == i) out += text[i];
    for (auto j = i; j < end; ++j)
      if (text[j] == '\n') out += '\n';
    i = std::max(end, i + 1);
  }
  return out;
}

// "path:line: text" for each line of `text` in which `forbidden` occurs.
std::vector<std::string> offences(const std::string& path, const std::string& text, const re2::RE2& forbidden) {
  std::vector<std::string> out;
  std::istringstream lines(text);
  int number = 0;
  for (std::string line; std::getline(lines, line);)
    if (++number; re2::RE2::PartialMatch(line, forbidden))
      out.push_back(path + ":" + std::to_string(number) + ": " + line);
  return out;
}

void expect_none(const fs::path& path, const std::string& text, const re2::RE2& forbidden) {
  const auto name = fs::relative(path, SOURCE_DIR).string();
  EXPECT_THAT(offences(name, text, forbidden), testing::IsEmpty());
}

// What opens the core to the world: threads, files, sockets, processes, YAML, the outer rooms, and those parts of base
// that touch the machine.
const re2::RE2 impure_include(
    R"(#include\s*[<"](thread|mutex|shared_mutex|atomic|future|condition_variable|stop_token|fstream|iostream|)"
    R"(filesystem|cstdio|stdio\.h|ctime|time\.h|csignal|unistd\.h|fcntl\.h|poll\.h|random|sys/.*|netinet/.*|arpa/.*|)"
    R"(netdb\.h|yaml-cpp/.*|boost/([^m]|m[^a]).*|sqlite3\.h|prometheus/.*|)"
    R"(guard/base/(system_clock|clock|file|log|json|random)\.hpp|)"
    R"(guard/(config|http|metrics|alerts|hooks|store|story|report|engine|notify|api|serve|client|replay|trial|cli)/.*|exporters/.*)[>"])");

const re2::RE2 of_one_who_runs(
    R"(#include\s*[<"](thread|mutex|shared_mutex|atomic|future|condition_variable|stop_token|fstream|filesystem|)"
    R"(unistd\.h|fcntl\.h|poll\.h|sys/.*|netinet/.*|arpa/.*|netdb\.h|sqlite3\.h|boost/(asio|beast).*|)"
    R"(guard/(http|hooks|store|engine|notify|api|serve|client|cli)/.*)[>"])");

// Real clocks and sleeps, however they are spelled. A Clock of ours is called with a dot or an arrow; only the
// definition of its now() has a name before it.
const re2::RE2 real_time(
    R"((^|[^k]|[^c]k|[^o]ck|[^l]ock|[^C]lock)::now\s*\(|\bsleep_(for|until)\b|\b(u|nano)?sleep\s*\(|\bclock_(gettime|nanosleep)\b|\bgettimeofday\b|)"
    R"(\btime\s*\(\s*(nullptr|NULL|0)\s*\)|)"
    // A clock that is only named is read by somebody else: by a timer that is asked when it expires, by a wait until.
    R"(\b(steady|system|high_resolution|file|utc|tai)_clock\b|\bexpiry\s*\(|\bexpires_at\s*\(|\bwait_until\s*\(|)"
    R"(\bfrom_now\s*\()");

TEST(Purity, TheCoreIncludesNothingOfTheWorld) {
  const auto files = sources({"guard/promql", "guard/model", "guard/core"});
  ASSERT_GT(files.size(), 50U);
  for (const auto& path : files) expect_none(path, *read_file(path), impure_include);
}

TEST(Purity, WhatReplaysTheDecisionsKnowsNoLoopNoJournalNoSocketAndNoThread) {
  const auto files = sources({"guard/replay"});
  ASSERT_GT(files.size(), 15U);
  for (const auto& path : files) expect_none(path, *read_file(path), of_one_who_runs);
}

TEST(Purity, OnlyTheSystemClockReadsARealOneAndNothingSleeps) {
  const auto files = sources({"guard", "exporters", "tests"});
  ASSERT_GT(files.size(), 100U);
  for (const auto& path : files)
    if (!path.string().ends_with("guard/base/system_clock.cpp"))
      expect_none(path, code_of(*read_file(path)), real_time);
}

TEST(Purity, TheCheckFindsWhatItLooksFor) {
  for (const std::string line :
       {"auto t = std::chrono::system_clock::now();", "steady_clock::now ()", "usleep(5);",
        "std::this_thread::sleep_for(1s);", "  sleep(1);", "::time(nullptr)", "clock_gettime(CLOCK_REALTIME, &t);",
        "using Deadline = std::chrono::steady_clock::time_point;", "return asio::steady_timer(context, time).expiry();",
        "timer.expires_at(deadline);", "found.wait_until(lock, deadline);"})
    EXPECT_TRUE(re2::RE2::PartialMatch(line, real_time)) << line;
  for (const std::string line :
       {"clock.now()", "clock_->now()", "Instant FakeClock::now() const {", "parse_time(text)",
        "const SystemClock clock;", "timer.expires_after(left);", "told.expires_at <= now.mono"})
    EXPECT_FALSE(re2::RE2::PartialMatch(line, real_time)) << line;
  for (const std::string line : {"#include <thread>", "#include \"guard/base/file.hpp\"", "#include <boost/asio.hpp>",
                                 "#include \"guard/engine/engine.hpp\"", "#include <sys/socket.h>"})
    EXPECT_TRUE(re2::RE2::PartialMatch(line, impure_include)) << line;
  for (const std::string line :
       {"#include <vector>", "#include \"guard/base/text.hpp\"", "#include \"guard/model/rule.hpp\""})
    EXPECT_FALSE(re2::RE2::PartialMatch(line, impure_include)) << line;
  EXPECT_EQ(code_of("a(\"sleep(1)\"); // sleep(1)\nb('\"', 1'000, R\"x(\n)\")x\");"), "a(); \nb(, 1'000, \n);");
}

}  // namespace
}  // namespace guard
