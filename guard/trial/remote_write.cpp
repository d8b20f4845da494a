// SPDX-License-Identifier: Apache-2.0
#include "guard/trial/remote_write.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace guard::trial {
namespace {

enum class Wire : unsigned { varint = 0, fixed64 = 1, text = 2 };

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7U) out += static_cast<char>((value & 0x7FU) | 0x80U);
  out += static_cast<char>(value);
}

void put_key(std::string& out, unsigned field, Wire wire) {
  put_varint(out, field << 3U | static_cast<unsigned>(wire));
}

void put_text(std::string& out, unsigned field, std::string_view text) {
  put_key(out, field, Wire::text);
  put_varint(out, text.size());
  out += text;
}

// prompb.Label: name = 1, value = 2.
std::string label(const std::string& name, const std::string& value) {
  std::string out;
  put_text(out, 1, name);
  put_text(out, 2, value);
  return out;
}

// prompb.Sample: value = 1, timestamp in milliseconds = 2.
std::string sample(double value, WallTime at) {
  std::string out;
  put_key(out, 1, Wire::fixed64);
  const auto bits = std::bit_cast<std::uint64_t>(value);
  for (unsigned byte = 0; byte < 8; ++byte) out += static_cast<char>(bits >> (8 * byte) & 0xFFU);
  put_key(out, 2, Wire::varint);
  put_varint(out, static_cast<std::uint64_t>(at.time_since_epoch().count()));
  return out;
}

}  // namespace

// prompb.WriteRequest: timeseries = 1; prompb.TimeSeries: labels = 1, in order of their names, samples = 2.
std::string write_request(const Series& series, Duration interval) {
  std::string samples;
  auto at = time_zero;
  for (const auto& slot : series.slots) {
    if (slot) put_text(samples, 2, sample(*slot, at));
    at += interval;
  }
  if (samples.empty()) return {};
  std::string timeseries;
  for (const auto& [name, value] : series.labels) put_text(timeseries, 1, label(name, value));
  std::string out;
  put_text(out, 1, timeseries + samples);
  return out;
}

// The length, then literals: a tag that says that three bytes of length less one follow (format_description.txt, 2.1).
std::string snappy_block(std::string_view text) {
  constexpr std::size_t longest = std::size_t{1} << 24U;
  constexpr unsigned three_bytes = 62U << 2U;
  std::string out;
  put_varint(out, text.size());
  for (std::size_t at = 0; at < text.size(); at += longest) {
    const auto piece = text.substr(at, longest);
    out += static_cast<char>(three_bytes);
    for (unsigned byte = 0; byte < 3; ++byte) out += static_cast<char>((piece.size() - 1) >> (8 * byte) & 0xFFU);
    out += piece;
  }
  return out;
}

}  // namespace guard::trial
