// SPDX-License-Identifier: Apache-2.0
#include "guard/http/resolver.hpp"

#include <future>

#include <gmock/gmock.h>

namespace guard::http {
namespace {

using namespace std::chrono_literals;

const auto loopback = boost::asio::ip::make_address("127.0.0.1");

TEST(Resolver, AnAddressStandsForItself) {
  const auto nobody = [](const std::string&) -> Addresses {
    ADD_FAILURE() << "nobody is to be asked";
    return {};
  };
  EXPECT_THAT(*resolve("127.0.0.1", 20s, nobody), testing::ElementsAre(loopback));
  EXPECT_THAT(*resolve("::1", 20s, nobody), testing::ElementsAre(boost::asio::ip::make_address("::1")));
}

TEST(Resolver, NamesAreAskedOfTheSystem) {
  EXPECT_THAT(*resolve("localhost", 20s), testing::Contains(loopback));
  const auto nothing = [](const std::string&) { return Addresses{}; };
  EXPECT_EQ(resolve("nowhere", 20s, nothing).error(), (Error{ErrorCode::unavailable, "cannot resolve nowhere"}));
}

TEST(Resolver, ALookupThatCannotBeMadeFindsNothing) {
  const auto out_of_descriptors = [](const std::string&) -> Addresses {
    throw std::runtime_error("too many open files");
  };
  EXPECT_EQ(resolve("shop", Duration(20s), out_of_descriptors).error().message, "cannot resolve shop");
}

TEST(Resolver, ANameServerThatDoesNotAnswerIsGivenUpAtTheDeadline) {
  std::promise<void> answered;
  const auto hang = [gate = answered.get_future().share()](const std::string&) {
    gate.wait();
    return Addresses{loopback};
  };
  const auto none = resolve("slow", 20ms, hang);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message, "cannot resolve slow: the name server does not answer");
  answered.set_value();
  EXPECT_TRUE(resolve("slow", 20s, hang));
}

TEST(Resolver, LookupsThatHangAreBounded) {
  std::promise<void> answered;
  const auto hang = [gate = answered.get_future().share()](const std::string&) {
    gate.wait();
    return Addresses{loopback};
  };
  std::string last;
  for (int i = 0; i < 100; ++i) last = resolve("slow", 0ms, hang).error().message;
  EXPECT_EQ(last, "cannot resolve slow: too many lookups of it hang already");
  EXPECT_TRUE(resolve("another", Duration(20s), [](const std::string&) { return Addresses{loopback}; }));
  answered.set_value();
}

}  // namespace
}  // namespace guard::http
