// SPDX-License-Identifier: Apache-2.0
#include "guard/core/freezes.hpp"

#include "tests/support/builders.hpp"

#include <gmock/gmock.h>

namespace guard::core {
namespace {

class Freezes : public testing::Test {
 protected:
  static Freeze freeze(const char* matcher) {
    Freeze out;
    out.match = {*Matcher::parse(matcher)};
    out.span = {now, now + 1h};
    out.allow = {ReleaseKind::hotfix, ReleaseKind::rollback};
    out.reason = "the sale";
    return out;
  }
  static bool refuses(const Freeze& freeze, const Watch& watch, WallTime at = now) {
    return refusing({freeze}, watch, at) != nullptr;
  }

  static constexpr WallTime now{500'000h};
};

TEST_F(Freezes, OneRefusesWhatItMatchesWhileItLasts) {
  const auto watch = shop_watch();
  const auto all = freeze(R"(environment=~".+")");
  EXPECT_TRUE(refuses(all, watch));
  EXPECT_FALSE(refuses(all, watch, now - 1ms)) << "to come";
  EXPECT_FALSE(refuses(all, watch, now + 1h)) << "over";
  EXPECT_FALSE(refuses(freeze(R"(service="another")"), watch));
}

TEST_F(Freezes, TheKindsThatItAllowsPass) {
  auto watch = shop_watch();
  const auto all = freeze(R"(environment=~".+")");
  watch.spec.kind = ReleaseKind::hotfix;
  EXPECT_FALSE(refuses(all, watch));
  watch.spec.kind = ReleaseKind::feature;
  watch.is_rollback = true;
  EXPECT_FALSE(refuses(all, watch)) << "whatever kind its pipeline says it is";
}

TEST_F(Freezes, ARefusalSaysUntilWhenWhyAndWhatPasses) {
  const auto words = refusal(freeze(R"(service="shop")"));
  EXPECT_THAT(words, testing::HasSubstr("the sale; hotfix and rollback may be released all the same"));
  auto strict = freeze(R"(service="shop")");
  strict.allow.clear();
  EXPECT_THAT(refusal(strict), testing::EndsWith("the sale"));
}

}  // namespace
}  // namespace guard::core
