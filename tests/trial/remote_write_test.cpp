// SPDX-License-Identifier: Apache-2.0
#include "guard/trial/remote_write.hpp"

#include <gtest/gtest.h>

namespace guard::trial {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

TEST(RemoteWrite, WritesTheSamplesThatThereAreAtTheirTimes) {
  const Series series{{{"__name__", "up"}, {"job", "a"}}, {1.0, std::nullopt, stale_marker()}};
  EXPECT_EQ(write_request(series, 10s),
            "\x0a\x3e"
            "\x0a\x0e\x0a\x08__name__\x12\x02up"
            "\x0a\x08\x0a\x03job\x12\x01"
            "a"
            "\x12\x10\x09\0\0\0\0\0\0\xf0\x3f\x10\x80\xb0\xd0\xdb\xb8\x33"
            "\x12\x10\x09\x02\0\0\0\0\0\xf0\x7f\x10\xa0\xcc\xd1\xdb\xb8\x33"s);
}

TEST(RemoteWrite, ASeriesWithoutSamplesIsNothing) {
  EXPECT_EQ(write_request({{{"__name__", "up"}}, {std::nullopt}}, 10s), "");
}

TEST(RemoteWrite, ASnappyBlockSaysHowMuchFollows) {
  EXPECT_EQ(snappy_block("abc"), "\x03\xf8\x02\0\0abc"s);
  EXPECT_EQ(snappy_block(""), "\0"s);
  const std::string large((std::size_t{1} << 24U) + 1, 'x');
  const auto block = snappy_block(large);
  EXPECT_EQ(block.substr(0, 8), "\x81\x80\x80\x08\xf8\xff\xff\xff"s);
  EXPECT_TRUE(block.ends_with("x\xf8\0\0\0x"s));
}

}  // namespace
}  // namespace guard::trial
