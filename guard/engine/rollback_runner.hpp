// SPDX-License-Identifier: Apache-2.0
//
// Calls hooks, to roll back or for a rule: commits `calling`, calls, commits the outcome; retries under the same key;
// hands an unknown outcome to a person, and one that could not be begun in time. Level-triggered on the journaled
// decision, so a restarted guard goes on with it. Loop thread only; the call itself runs on the hook lane.
#pragma once

#include "guard/base/log.hpp"
#include "guard/base/random.hpp"
#include "guard/engine/executor.hpp"
#include "guard/engine/kill_switch.hpp"
#include "guard/engine/ledger.hpp"
#include "guard/engine/runtime.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace guard::engine {

class RollbackRunner {
 public:
  struct Parts {
    Ledger& ledger;
    Executor& executor;
    Telemetry& telemetry;
    const Clock& clock;
    Random& random;
    const Log& log;
    std::function<void()> wake;                                 // asks for store_unrecorded() soon
    std::function<void(const std::string&, MonoTime)> wake_by;  // asks for reconcile() of this release by then
  };
  // `runtime` gives the hooks in force; while `kill_switch` is on nothing is begun that no person ordered.
  RollbackRunner(Parts parts, std::function<RuntimePtr()> runtime, KillSwitch& kill_switch);

  // Starts or resumes what the watch's open call needs now. Safe to call at any time, any number of times.
  void reconcile(const model::Watch& watch);

  // When reconcile() has something to do for this release again, if it waits.
  std::optional<MonoTime> due(const std::string& id) const;

  // Tries again, now and then, to store outcomes that the journal would not take; the next moment to do so.
  std::optional<MonoTime> store_unrecorded();
  bool has_unrecorded() const { return !unstored_.empty(); }

  // Stops starting attempts; what runs goes on.
  void stop() { stopping_ = true; }
  // Calls whose outcome would end with the guard's own process (HTTP), from their intent to their outcome in the
  // journal: to be waited for before exiting.
  std::size_t in_process_calls() const;

 private:
  void start(const std::string& id);
  void begin(const model::Watch& watch, const hooks::HookPtr& hook);
  void give_up(const model::Watch& given, const std::string& why);
  void resume(const model::Watch& watch);
  void resume_unbegun(const std::string& id, const hooks::HookPtr& hook, const hooks::HookCall& call);
  void call(const std::string& id, const hooks::HookPtr& hook, hooks::HookCall call);
  void ended(const std::string& id, const hooks::HookPtr& hook, const hooks::HookResult& result);
  void record(const std::string& id, const model::RetryPolicy& policy, const hooks::HookResult& result);
  bool is_waiting(const model::Watch& watch);
  bool is_held(const model::Watch& watch);
  void retry_soon(const std::string& id);
  hooks::HookPtr hook_of(const model::Watch& watch) const;

  Parts parts_;
  std::function<RuntimePtr()> runtime_;
  KillSwitch& kill_switch_;
  struct Unrecorded {
    std::string id;
    model::RetryPolicy policy;
    hooks::HookResult result;
  };
  std::vector<Unrecorded> unrecorded_;  // to be stored again at store_at_
  MonoTime store_at_{};
  std::set<std::string> unstored_;  // releases whose outcome the journal has refused and not taken since
  // Releases with a begin, call or record under way in this process, and whether its outcome would end with it.
  std::map<std::string, bool> active_;
  // When what waits may be begun, on boot time: what the journal has is wall time, which may be set.
  struct Ready {
    int decision = 0;
    MonoTime at{};
  };
  std::map<std::string, Ready> ready_at_;
  std::set<std::string> told_held_;
  bool stopping_ = false;
};

}  // namespace guard::engine
