// SPDX-License-Identifier: Apache-2.0
//
// A breached release and what becomes of its rollback decision.
#pragma once

#include "tests/engine/harness.hpp"
#include "tests/support/folder.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

namespace guard::test {

class Calls : public testing::Test {
 protected:
  void break_service() { world.metrics->now[error_rate] = one(0.2); }
  // A release that is breached and whose rollback is decided, with the hook called once if no lane is held.
  void breach(const std::string& id = "r1") {
    ASSERT_TRUE(world.announce(shop_release(id)));
    world.run(std::chrono::seconds(7));
    break_service();
    world.run(std::chrono::seconds(4));
  }
  model::Decision decision(const std::string& id = "r1") {
    const auto view = world.view(id);
    const auto it = std::find_if(view.decisions.rbegin(), view.decisions.rend(),
                                 [](const auto& d) { return d.kind == model::DecisionKind::rollback; });
    return it == view.decisions.rend() ? model::Decision{} : *it;
  }
  // The guard dies once the decision is in the journal and before its hook is called.
  void breach_and_die_before_calling() {
    world.disk.on_commit = [this](const store::Batch& batch) {
      for (const model::Watch& watch : batch.watches)
        if (watch.open_rollback() != nullptr) world.executor->hold(engine::Lane::journal);
    };
    breach();
    world.disk.on_commit = nullptr;
    ASSERT_EQ(world.hook->calls.size(), 0U);
  }
  // One turn of the loop without time passing; when the next is due.
  MonoTime beat() {
    const auto next = world.guard->tick();
    world.settle();
    return next;
  }
  std::size_t calls() const { return world.hook->calls.size(); }
  long notes(const std::string& text) const {
    return std::count_if(world.disk.events.begin(), world.disk.events.end(),
                         [&](const auto& event) { return event.message.find(text) != std::string::npos; });
  }
  void use_kill_switch() {
    world.settings.brakes.kill_switch_file = folder / "stop";
    world.restart();
  }
  void throw_kill_switch() const { std::ofstream(folder / "stop").put('\n'); }

  World world;
  const Folder folder;
};

}  // namespace guard::test
