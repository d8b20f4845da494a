// SPDX-License-Identifier: Apache-2.0
//
// A world with a release that is being watched and is healthy so far: where most stories about the engine begin.
#pragma once

#include "tests/engine/harness.hpp"

namespace guard::test {

using namespace std::chrono_literals;
using model::AttemptResult;
using model::Brake;
using model::CallState;
using model::DecisionKind;
using model::Phase;
using model::Verb;

class Engine : public testing::Test {
 protected:
  // A release in `watching`, past its settle time, healthy so far.
  void watch(const std::string& id = "r1") {
    ASSERT_TRUE(world.announce(shop_release(id)));
    world.run(7s);
    ASSERT_EQ(world.phase(id), Phase::watching);
  }
  void fail_service() { world.metrics->now[error_rate] = one(0.2); }
  void heal_service() { world.metrics->now[error_rate] = one(0.001); }
  const model::Decision& last_decision(const std::string& id) {
    decision_ = world.view(id).decisions.back();
    return decision_;
  }

  World world;

 private:
  model::Decision decision_;
};

}  // namespace guard::test
