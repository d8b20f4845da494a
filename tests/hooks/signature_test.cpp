// SPDX-License-Identifier: Apache-2.0
#include "guard/hooks/signature.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace guard::hooks {
namespace {

// The example of the Standard Webhooks specification and of its reference libraries.
constexpr auto spec_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

TEST(Signature, IsThatOfTheSpecificationsExample) {
  const auto key = signing_key(Secret(spec_secret));
  ASSERT_TRUE(key);
  EXPECT_EQ(sign(*key, {"msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", R"({"test": 2432232314})"}),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(Signature, ChangesWithEachPartThatIsSigned) {
  const auto key = *signing_key(Secret(spec_secret));
  const auto first = sign(key, {"id", "1", "body"});
  EXPECT_NE(sign(key, {"ie", "1", "body"}), first);
  EXPECT_NE(sign(key, {"id", "2", "body"}), first);
  EXPECT_NE(sign(key, {"id", "1", "bodx"}), first);
  EXPECT_NE(sign(*signing_key(Secret(std::string(24, 'k'))), {"id", "1", "body"}), first);
}

TEST(Signature, AKeyIsBase64AfterItsPrefixOrPlainText) {
  EXPECT_EQ(signing_key(Secret("plain text of 24 bytes.."))->reveal(), "plain text of 24 bytes..");
  EXPECT_EQ(signing_key(Secret("whsec_cGxhaW4gdGV4dCBvZiAyNSBieXRlcy4u"))->reveal(), "plain text of 25 bytes..");
  EXPECT_EQ(signing_key(Secret("whsec_cGxhaW4gdGV4dCBvZiAyNSBieXRlcy4uLg=="))->reveal(), "plain text of 25 bytes...");
}

TEST(Signature, AKeyThatCannotBeUsedIsRefusedWithoutBeingShown) {
  for (const std::string text : {"", "short", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64 at all, not at all!",
                                 "whsec_cGxhaW4gdGV4dCBvZiAyNSBieXRlcy4uL"}) {
    const auto key = signing_key(Secret(text));
    ASSERT_FALSE(key) << text;
    const auto body = text.size() > 6 ? text.substr(6) : "no body";
    EXPECT_THAT(key.error().message, testing::Not(testing::HasSubstr(body)));
  }
}

}  // namespace
}  // namespace guard::hooks
