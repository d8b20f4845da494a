// SPDX-License-Identifier: Apache-2.0
#include "guard/base/address_range.hpp"

#include <gtest/gtest.h>

namespace guard {
namespace {

bool holds(const std::string& range, const std::string& address) {
  return AddressRange::parse(range)->contains(address);
}

TEST(AddressRange, HoldsTheAddressesThatShareItsFirstBits) {
  EXPECT_TRUE(holds("10.0.0.0/8", "10.255.0.1"));
  EXPECT_FALSE(holds("10.0.0.0/8", "11.0.0.1"));
  EXPECT_TRUE(holds("192.0.2.128/25", "192.0.2.200"));
  EXPECT_FALSE(holds("192.0.2.128/25", "192.0.2.100"));
  EXPECT_TRUE(holds("fd00::/8", "fdab::1"));
  EXPECT_FALSE(holds("fd00::/8", "fe80::1"));
  EXPECT_TRUE(holds("0.0.0.0/0", "8.8.8.8"));
  EXPECT_FALSE(holds("0.0.0.0/0", "2001:db8::1")) << "all of IPv4 is not all of IPv6";
  EXPECT_TRUE(holds("::/0", "2001:db8::1"));
}

TEST(AddressRange, IsOneAddressWithoutAPrefix) {
  EXPECT_TRUE(holds("127.0.0.1", "127.0.0.1"));
  EXPECT_FALSE(holds("127.0.0.1", "127.0.0.2"));
  EXPECT_TRUE(holds("::1", "::1"));
}

TEST(AddressRange, KnowsAnIPv4AddressOnASocketForBoth) {
  EXPECT_TRUE(holds("10.0.0.0/8", "::ffff:10.1.2.3"));
  EXPECT_FALSE(holds("10.0.0.0/8", "::ffff:11.1.2.3"));
}

TEST(AddressRange, HoldsNothingThatIsNoAddress) {
  for (const std::string text : {"", "10.0.0", "localhost", "10.0.0.1:80", "[::1]"})
    EXPECT_FALSE(holds("::/0", text)) << text;
}

TEST(AddressRange, RefusesWhatIsNoRange) {
  for (const std::string text : {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "10.0.0.0/-1", "10.0.0.1/8",
                                 "example.org", "::/129", "10.0.0.0/8/8", " 10.0.0.0/8"})
    EXPECT_FALSE(AddressRange::parse(text)) << text;
}

}  // namespace
}  // namespace guard
