// SPDX-License-Identifier: Apache-2.0
//
// A world in which a release breaks and its hook is called: where stories about acting once begin.
#pragma once

#include "tests/engine/watching.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

namespace guard::test {

class ActingOnce : public Engine {
 protected:
  // A release that breaks after it settled; run until its hook has been called, or would have been.
  void break_release() {
    ASSERT_NO_FATAL_FAILURE(watch());
    fail_service();
    world.run(4s);
    heal_service();
  }
  // Runs `what` as soon as a rollback is durably decided, before anything else is done about it.
  void when_decided(std::function<void()> what) {
    world.disk.on_commit = [what = std::move(what), done = false](const store::Batch& batch) mutable {
      const bool decided = std::any_of(batch.watches.begin(), batch.watches.end(),
                                       [](const model::Watch& watch) { return watch.open_rollback() != nullptr; });
      if (decided && !std::exchange(done, true)) what();
    };
  }
  model::Decision rollback_of(const std::string& id) { return world.view(id).decisions.front(); }
};

}  // namespace guard::test
