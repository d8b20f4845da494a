// SPDX-License-Identifier: Apache-2.0
//
// Calls rollback hooks: commits `calling`, calls, commits the outcome; retries under the same key; hands an unknown
// outcome to a person. Level-triggered on the journaled decision, so a restarted guard goes on with it. Loop thread
// only; the call itself runs on the hook lane.
#pragma once

#include "guard/base/log.hpp"
#include "guard/base/random.hpp"
#include "guard/engine/executor.hpp"
#include "guard/engine/ledger.hpp"
#include "guard/engine/runtime.hpp"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace guard::engine {

class Caller {
 public:
  struct Parts {
    Ledger& ledger;
    Executor& executor;
    Telemetry& telemetry;
    const Clock& clock;
    Random& random;
    const Log& log;
  };
  // `runtime` gives the hooks in force.
  Caller(Parts parts, std::function<RuntimePtr()> runtime);

  // Starts or resumes what the watch's open rollback decision needs now. Safe to call at any time, any number of times.
  void reconcile(const core::Watch& watch);

  // When the next attempt of this watch is due, if it waits for one.
  static std::optional<WallTime> due(const core::Watch& watch);

  // Tries again to store outcomes that the journal would not take.
  void store_unrecorded();
  bool has_unrecorded() const { return !unrecorded_.empty(); }

  // Stops starting attempts; what runs goes on.
  void stop() { stopping_ = true; }
  // Calls that end with the guard's own process (HTTP): to be waited for before exiting.
  std::size_t in_process_calls() const { return in_process_; }

 private:
  void begin(const core::Watch& watch);
  void resume(const core::Watch& watch);
  void call(const std::string& id, const hooks::HookPtr& hook, hooks::HookCall call);
  void ended(const std::string& id, const hooks::HookPtr& hook, const hooks::HookResult& result);
  void record(const std::string& id, const hooks::RetryPolicy& policy, const hooks::HookResult& result);
  hooks::HookPtr hook_of(const core::Watch& watch) const;

  Parts parts_;
  std::function<RuntimePtr()> runtime_;
  struct Unrecorded {
    std::string id;
    hooks::RetryPolicy policy;
    hooks::HookResult result;
  };
  std::vector<Unrecorded> unrecorded_;
  std::set<std::string> active_;  // releases with a begin, call or record under way in this process
  std::size_t in_process_ = 0;
  bool stopping_ = false;
};

}  // namespace guard::engine
