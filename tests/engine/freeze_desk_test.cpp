// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/freeze_desk.hpp"

#include "tests/engine/harness.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;

class FreezeDesk : public testing::Test {
 protected:
  model::Freeze freeze() const {
    model::Freeze out;
    out.origin = model::FreezeOrigin::ordered;
    out.id = "sale";
    out.span.until = world_.clock.now().wall + 1h;
    out.reason = "the sale";
    out.actor = "kim";
    return out;
  }
  Result<engine::Frozen> begin(const model::Freeze& freeze) {
    Result<engine::Frozen> out = fail(ErrorCode::internal, "no answer");
    desk_.begin(freeze, [&](auto frozen) { out = std::move(frozen); });
    executor_.settle();
    return out;
  }

  World world_;
  Disk disk_;
  MemoryStore store_{disk_};
  QueueExecutor executor_;
  alerts::ReceivedAlerts heard_;
  engine::Ledger ledger_{{store_, executor_, world_.clock, world_.telemetry, heard_}, [](const auto&) {}};
  int changes_ = 0;
  engine::FreezeDesk desk_{
      {ledger_, world_.clock, world_.log, [this] { return world_.runtime(); }, [this] { ++changes_; }}};
};

TEST_F(FreezeDesk, OneThatIsBegunTwiceIsToldOnce) {
  EXPECT_TRUE(begin(freeze())->created);
  EXPECT_FALSE(begin(freeze())->created);
  EXPECT_EQ(changes_, 1);
  ASSERT_EQ(desk_.known().size(), 1U);
  EXPECT_EQ(desk_.known()[0].reason, "the sale");
}

TEST_F(FreezeDesk, OneThatIsNotStoredHasNotBegun) {
  disk_.full = true;
  EXPECT_FALSE(begin(freeze()));
  EXPECT_TRUE(desk_.known().empty());
  EXPECT_EQ(changes_, 0);
}

TEST_F(FreezeDesk, OneThatIsEndedIsKnownNoMore) {
  ASSERT_TRUE(begin(freeze()));
  Result<model::Freeze> ended = fail(ErrorCode::internal, "no answer");
  desk_.end({"sale", {"kim"}, "sold out"}, [&](auto freeze) { ended = std::move(freeze); });
  executor_.settle();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->span.until, world_.clock.now().wall);
  EXPECT_TRUE(desk_.known().empty());
  EXPECT_THAT(world_.lines, testing::Contains(testing::HasSubstr("a freeze is ended before its time: sold out")));
}

}  // namespace
}  // namespace guard::test
