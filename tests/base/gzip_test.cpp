// SPDX-License-Identifier: Apache-2.0
#include "guard/base/gzip.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <zlib.h>

namespace guard {
namespace {

// What another program makes of it; it says when the check sum is wrong.
std::string unpacked(const std::string& packed, std::size_t size) {
  z_stream stream{};
  inflateInit2(&stream, MAX_WBITS + 16);
  std::string out(size + 1, '\0');
  std::string in = packed;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  EXPECT_EQ(stream.avail_in, 0U);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

TEST(Gzip, ManyLinesAlikeBecomeSmall) {
  std::string text;
  for (int i = 0; i < 10000; ++i) text += "release_guard_release_phase{service=\"shop\"} " + std::to_string(i) + "\n";
  const auto packed = gzip(text);
  EXPECT_LT(packed.size(), text.size() / 10);
  EXPECT_EQ(unpacked(packed, text.size()), text);
}

RC_GTEST_PROP(Gzip, AnyTextComesBack, (const std::string& text)) {
  RC_ASSERT(unpacked(gzip(text), text.size()) == text);
}

}  // namespace
}  // namespace guard
