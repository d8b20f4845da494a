// SPDX-License-Identifier: Apache-2.0
#include "guard/base/address_range.hpp"

#include "guard/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

namespace guard {
namespace {

constexpr unsigned all_bits = 128;
constexpr unsigned bits_of_v4 = 32;
constexpr unsigned bits_before_v4 = all_bits - bits_of_v4;

using Bytes = std::array<std::uint8_t, 16>;

struct Parsed {
  Bytes bytes{};
  bool is_v4 = false;
};

std::optional<Parsed> parse_address(const std::string& text) {
  Parsed out;
  if (inet_pton(AF_INET6, text.c_str(), out.bytes.data()) == 1) return out;
  out.bytes[10] = out.bytes[11] = 0xFF;
  out.is_v4 = inet_pton(AF_INET, text.c_str(), out.bytes.data() + 12) == 1;
  return out.is_v4 ? std::optional(out) : std::nullopt;
}

Bytes first_of(Bytes bytes, unsigned bits) {
  for (unsigned i = 0; i < bytes.size(); ++i) {
    const auto kept = std::clamp(static_cast<int>(bits) - static_cast<int>(i * 8), 0, 8);
    bytes[i] = static_cast<std::uint8_t>(bytes[i] & (0xFF00U >> static_cast<unsigned>(kept)));
  }
  return bytes;
}

std::optional<unsigned> parse_bits(std::string_view text, unsigned most) {
  unsigned bits = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, bits);
  return !text.empty() && read.ec == std::errc() && read.ptr == end && bits <= most ? std::optional(bits)
                                                                                    : std::nullopt;
}

}  // namespace

Result<AddressRange> AddressRange::parse(const std::string& text) {
  const auto wrong = fail(ErrorCode::invalid, fmt::format("\"{}\" is no range of addresses; write 10.0.0.0/8, fd00::/8 "
                                                          "or one address",
                                                          shorten(text, 60)));
  const auto slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return wrong;
  const auto most = address->is_v4 ? bits_of_v4 : all_bits;
  const auto bits = slash == std::string::npos ? most : parse_bits(std::string_view(text).substr(slash + 1), most);
  if (!bits) return wrong;
  const auto prefix = address->is_v4 ? bits_before_v4 + *bits : *bits;
  if (first_of(address->bytes, prefix) != address->bytes)
    return fail(ErrorCode::invalid,
                fmt::format("\"{}\" has bits behind its prefix; write the first address of the range, "
                            "as 10.0.0.0/8, or one address without a prefix",
                            shorten(text, 60)));
  return AddressRange(address->bytes, prefix);
}

bool AddressRange::contains(std::string_view address) const {
  const auto parsed = parse_address(std::string(address));
  return parsed && first_of(parsed->bytes, bits_) == first_;
}

}  // namespace guard
