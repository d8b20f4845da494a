// SPDX-License-Identifier: Apache-2.0
#include "guard/base/log_writer.hpp"

#include "guard/base/system_clock.hpp"

#include <array>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <string>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard {
namespace {

using namespace std::chrono_literals;

// A pipe whose reader reads when the test says so. The write end stays open, since a writer's thread may stand in it.
class LogWriterTest : public testing::Test {
 protected:
  LogWriterTest() {
    std::signal(SIGPIPE, SIG_IGN);  // as the guard has it: a writer may outlive its reader
    EXPECT_EQ(::pipe2(ends_.data(), O_CLOEXEC), 0);
    ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
  }
  ~LogWriterTest() override { ::close(ends_[0]); }
  LogWriterTest(const LogWriterTest&) = delete;
  LogWriterTest& operator=(const LogWriterTest&) = delete;

  int write_end() const { return ends_[1]; }
  void read_some() {
    std::array<char, 65536> bytes{};
    const auto n = ::read(ends_[0], bytes.data(), bytes.size());
    if (n > 0) read_.append(bytes.data(), static_cast<std::size_t>(n));
  }
  // All that comes until `end` has come.
  std::string read_until(const std::string& end) {
    for (int i = 0; i < 4000 && read_.find(end) == std::string::npos; ++i) {
      read_some();
      let_pass(5ms);
    }
    return read_;
  }

  // All that `writer` still has to say.
  std::string read_all_of(LogWriter& writer) {
    for (int i = 0; i < 4000 && !writer.flush(0ms); ++i) {
      read_some();
      let_pass(5ms);
    }
    read_some();
    return read_;
  }

  std::array<int, 2> ends_{};
  std::string read_;
};

// The sum of all "lost N" in `text`.
std::uint64_t losses_told_in(const std::string& text) {
  std::uint64_t sum = 0;
  for (auto at = text.find("lost "); at != std::string::npos; at = text.find("lost ", at + 1))
    sum += std::stoull(text.substr(at + 5));
  return sum;
}

TEST_F(LogWriterTest, WritesLinesInTheirOrder) {
  LogWriter writer(write_end(), 1000);
  writer.write("one\n");
  writer.write("two\n");
  ASSERT_TRUE(writer.flush(20s));
  EXPECT_EQ(read_until("two\n"), "one\ntwo\n");
  EXPECT_EQ(writer.lost(), 0U);
}

TEST_F(LogWriterTest, AReaderThatStandsStillHoldsNobodyUpAndIsToldWhatItMissed) {
  LogWriter writer(write_end(), std::size_t{256} << 10U);
  writer.tell_of_losses([](std::uint64_t lost) { return "lost " + std::to_string(lost) + "\n"; });
  const std::string line = std::string(1023, 'x') + "\n";
  for (int i = 0; i < 2000; ++i) writer.write(line);  // a pipe holds 64 KiB: this would stand still for ever
  const auto lost = writer.lost();
  EXPECT_GT(lost, 1000U);
  EXPECT_LT(lost, 2000U);
  EXPECT_FALSE(writer.flush(0ms));
  EXPECT_EQ(losses_told_in(read_all_of(writer)), lost) << "said where the lines are missing";
  writer.write("after\n");
  EXPECT_THAT(read_until("after\n"), testing::EndsWith("after\n"));
  EXPECT_EQ(writer.lost(), lost);
}

TEST_F(LogWriterTest, WhatIsLeftIsStillWrittenWhenItIsGone) {
  {
    LogWriter(write_end(), 1000).write("last\n");
  }
  EXPECT_EQ(read_until("last\n"), "last\n");
}

TEST_F(LogWriterTest, ItsEndWaitsForNoReader) {
  LogWriter writer(write_end(), std::size_t{256} << 10U);
  for (int i = 0; i < 200; ++i) writer.write(std::string(1024, 'x'));
  EXPECT_FALSE(writer.flush(20ms));
}

TEST(LogWriter, ALineThatCannotBeWrittenIsLost) {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  LogWriter writer(full, 1000);
  writer.write("one\n");
  ASSERT_TRUE(writer.flush(20s));
  EXPECT_EQ(writer.lost(), 1U);
}

}  // namespace
}  // namespace guard
