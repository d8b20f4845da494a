// SPDX-License-Identifier: Apache-2.0
#include "exporters/process_collector.hpp"

#include "tests/support/folder.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::exporters {
namespace {

namespace fs = std::filesystem;

std::map<std::string, double> values(const ProcessCollector& collector) {
  std::map<std::string, double> out;
  for (const auto& family : collector.Collect())
    out[family.name] = family.type == prometheus::MetricType::Counter ? family.metric.at(0).counter.value
                                                                      : family.metric.at(0).gauge.value;
  return out;
}

class InventedProc : public testing::Test {
 protected:
  InventedProc() {
    fs::create_directories(proc_ / "self" / "fd");
    fs::create_directories(proc_ / "self" / "net");
  }

  // What a process of 3 threads has, that is fully known.
  void write_all() const {
    write("self/stat", "7 (odd ) name) S 1 7 7 0 -1 4194560 900 0 0 0 150 50 0 0 20 0 3 0 2000 9999 25 184467\n");
    write("stat", "cpu 1 2 3\nbtime 1700000000\nprocesses 5\n");
    write("self/limits",
          "Limit                     Soft Limit           Hard Limit           Units     \n"
          "Max open files            1024                 524288               files     \n"
          "Max address space         unlimited            unlimited            bytes     \n");
    write("self/net/netstat",
          "TcpExt: InOctets TW\nTcpExt: 1 2\nIpExt: InNoRoutes InOctets OutOctets InCsumErrors\nIpExt: 0 123 456 7\n");
  }
  void write(const std::string& name, const std::string& text) const { std::ofstream(proc_ / name) << text; }

  const test::Folder proc_;
};

TEST_F(InventedProc, IsReadByTheFieldNumbersOfProcStat) {
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  write_all();
  for (const auto* name : {"0", "1", "2", "3"}) write("self/fd/" + std::string(name), "");
  const auto read = values(ProcessCollector(proc_.path()));
  EXPECT_DOUBLE_EQ(read.at("process_cpu_seconds_total"), 200 / ticks);
  EXPECT_DOUBLE_EQ(read.at("process_start_time_seconds"), 1700000000 + 2000 / ticks);
  EXPECT_DOUBLE_EQ(read.at("process_resident_memory_bytes"), 25.0 * static_cast<double>(::sysconf(_SC_PAGESIZE)));
  EXPECT_DOUBLE_EQ(read.at("process_virtual_memory_bytes"), 9999);
  EXPECT_DOUBLE_EQ(read.at("process_threads"), 3);
  EXPECT_DOUBLE_EQ(read.at("process_open_fds"), 3);
}

TEST_F(InventedProc, LimitsAreThoseThatHold) {
  write_all();
  const auto read = values(ProcessCollector(proc_.path()));
  EXPECT_DOUBLE_EQ(read.at("process_max_fds"), 1024);
  EXPECT_DOUBLE_EQ(read.at("process_virtual_memory_max_bytes"), 18446744073709551615.0);
}

TEST_F(InventedProc, TrafficIsThatOfIp) {
  write_all();
  const auto read = values(ProcessCollector(proc_.path()));
  EXPECT_DOUBLE_EQ(read.at("process_network_receive_bytes_total"), 123);
  EXPECT_DOUBLE_EQ(read.at("process_network_transmit_bytes_total"), 456);
}

TEST_F(InventedProc, WhatCannotBeReadIsLeftOut) {
  write("self/stat", "7 (short) S 1");
  const auto read = values(ProcessCollector(proc_.path()));
  EXPECT_EQ(read.count("process_cpu_seconds_total"), 0U);
  EXPECT_EQ(read.count("process_start_time_seconds"), 0U);
  EXPECT_EQ(read.count("process_resident_memory_bytes"), 0U);
  EXPECT_EQ(read.count("process_threads"), 0U);
  EXPECT_EQ(read.count("process_max_fds"), 0U);
  EXPECT_EQ(read.count("process_network_receive_bytes_total"), 0U);
}

TEST(ProcessCollector, ReadsThisProcess) {
  const auto read = values(ProcessCollector());
  EXPECT_GT(read.at("process_resident_memory_bytes"), 100000);
  EXPECT_GT(read.at("process_virtual_memory_bytes"), read.at("process_resident_memory_bytes"));
  EXPECT_GE(read.at("process_threads"), 1);
  EXPECT_GT(read.at("process_max_fds"), read.at("process_open_fds"));
  EXPECT_GE(read.at("process_heap_bytes"), 0) << "sanitizers have an allocator of their own, which counts nothing";
  EXPECT_GE(read.at("process_open_fds"), 3);
  EXPECT_GE(read.at("process_cpu_seconds_total"), 0);
  EXPECT_GT(read.at("process_start_time_seconds"), 1600000000);
}

}  // namespace
}  // namespace guard::exporters
