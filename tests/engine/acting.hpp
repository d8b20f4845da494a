// SPDX-License-Identifier: Apache-2.0
//
// A world in which a release breaks and its hook is called: where stories about acting once begin.
#pragma once

#include "tests/engine/harness.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

namespace guard::test {

using namespace std::chrono_literals;
using model::AttemptResult;
using model::CallState;
using model::Phase;
using model::Verb;

class ActingOnce : public testing::Test {
 protected:
  // A release that breaks after it settled; run until its hook has been called, or would have been.
  void break_release() {
    ASSERT_TRUE(world.announce(shop_release("r1")));
    world.run(7s);
    ASSERT_EQ(world.phase("r1"), Phase::watching);
    world.metrics->now[error_rate] = one(0.2);
    world.run(4s);
    world.metrics->now[error_rate] = one(0.001);
  }
  // Runs `what` as soon as a rollback is durably decided, before anything else is done about it.
  void when_decided(std::function<void()> what) {
    world.disk.on_commit = [what = std::move(what), done = false](const store::Batch& batch) mutable {
      const bool decided = std::any_of(batch.watches.begin(), batch.watches.end(),
                                       [](const model::Watch& watch) { return watch.open_rollback() != nullptr; });
      if (decided && !std::exchange(done, true)) what();
    };
  }
  const model::Decision& rollback_of(const std::string& id) {
    decision_ = world.view(id).decisions.front();
    return decision_;
  }

  World world;

 private:
  model::Decision decision_;
};

}  // namespace guard::test
