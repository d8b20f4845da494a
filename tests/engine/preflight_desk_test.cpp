// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/preflight_desk.hpp"

#include "tests/engine/watching.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

class AskedDesk : public Engine {
 protected:
  Result<story::PreflightView> ask(const model::ReleaseSpec& spec) {
    Result<story::PreflightView> out = fail(ErrorCode::internal, "not answered");
    world.guard->preflight({spec, false, false}, [&](auto view) { out = std::move(view); });
    world.settle();
    return out;
  }
};

TEST_F(AskedDesk, AReleaseThatNoGroupWouldWatchIsRefused) {
  auto spec = shop_release("r2", "v3", "");
  spec.environment = "elsewhere";
  const auto refused = ask(spec);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message, "not answered");
}

TEST_F(AskedDesk, ItIsToldWhichVersionIsLiveWhateverTheQuestionSays) {
  watch();
  const auto view = ask(shop_release("r2", "v3", "v0"));
  ASSERT_TRUE(view) << view.error().message;
  EXPECT_EQ(view->live_version, "v2");
  EXPECT_EQ(view->group, shop_group().name);
}

}  // namespace
}  // namespace guard::test
