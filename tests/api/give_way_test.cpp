// SPDX-License-Identifier: Apache-2.0
#include "guard/api/give_way.hpp"

#include <deque>

#include <gtest/gtest.h>

namespace guard::api {
namespace {

class Fake final : public Connection {
 public:
  Fake(Standing standing, std::string sender) : standing_(standing), sender_(std::move(sender)) {}
  Standing standing() const override { return standing_; }
  const std::string& sender() const override { return sender_; }
  void end() override {}
  void give_way() override {}

 private:
  Standing standing_;
  std::string sender_;
};

class GiveWay : public testing::Test {
 protected:
  void add(Standing standing, std::string sender = "10.0.0.1") {
    fakes_.emplace_back(standing, std::move(sender));
    open_.push_back(&fakes_.back());
  }
  // Which of those added, from 0; -1: none.
  int first() const {
    const auto* found = first_to_go(open_);
    for (std::size_t i = 0; i < open_.size(); ++i)
      if (open_[i] == found) return static_cast<int>(i);
    return -1;
  }

 private:
  std::deque<Fake> fakes_;
  std::vector<Connection*> open_;
};

TEST_F(GiveWay, WhoHasLeastToLoseGoesFirst) {
  EXPECT_EQ(first(), -1);
  add(Standing::busy);
  EXPECT_EQ(first(), -1) << "what is under way is brought to its end";
  add(Standing::asking);
  EXPECT_EQ(first(), 1);
  add(Standing::stranger);
  EXPECT_EQ(first(), 2);
  add(Standing::leaving);
  EXPECT_EQ(first(), 2) << "it goes anyhow";
  add(Standing::idle);
  EXPECT_EQ(first(), 4);
}

TEST_F(GiveWay, TheOldestGoesFirst) {
  add(Standing::idle);
  add(Standing::idle);
  EXPECT_EQ(first(), 0);
}

TEST_F(GiveWay, WhoHoldsManyGivesOneUpBeforeWhoHoldsFew) {
  add(Standing::stranger, "10.0.0.1");
  add(Standing::stranger, "10.0.0.2");
  add(Standing::stranger, "10.0.0.2");
  add(Standing::asking, "10.0.0.1");
  add(Standing::asking, "10.0.0.1");
  EXPECT_EQ(first(), 1) << "only those that stand alike are counted";
}

TEST_F(GiveWay, ATokenThatHoldsManyGivesOneUp) {
  add(Standing::asking, "pipeline");
  add(Standing::asking, "alertmanager");
  add(Standing::asking, "alertmanager");
  EXPECT_EQ(first(), 1);
}

}  // namespace
}  // namespace guard::api
