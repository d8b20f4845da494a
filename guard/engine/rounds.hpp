// SPDX-License-Identifier: Apache-2.0
//
// Runs rounds: when a release is due, asks every question of its round side by side, waits for all answers (each has
// a deadline), and submits the judgement to the ledger. One round per release at a time; a round that is still
// running when the next is due makes that one be skipped, never stacked. Loop thread only.
#pragma once

#include "guard/alerts/received_alerts.hpp"
#include "guard/base/log.hpp"
#include "guard/engine/executor.hpp"
#include "guard/engine/ledger.hpp"
#include "guard/engine/round.hpp"
#include "guard/engine/runtime.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace guard::engine {

class Rounds {
 public:
  struct Parts {
    Ledger& ledger;
    Executor& executor;
    Telemetry& telemetry;
    const Clock& clock;
    const Log& log;
    const alerts::ReceivedAlerts& heard;
    std::function<RuntimePtr()> runtime;
    std::function<BrakeInputs()> brakes;
  };
  explicit Rounds(Parts parts) : parts_(std::move(parts)) {}

  // Starts the round of `watch` if it is due at `now`; the moment of its next one.
  MonoTime tick(const core::Watch& watch, Instant now);
  // Makes the next tick read this release at once.
  void look_now(const std::string& id);
  void forget(const std::string& id) { schedule_.erase(id); }

 private:
  struct Schedule {
    MonoTime due{};
    bool running = false;
    bool again = false;  // woken while a round was running: its answers may be older than what woke it
  };
  struct Round;
  using RoundPtr = std::shared_ptr<Round>;

  void start(const core::Watch& watch, Instant now);
  void ask_metrics(const RoundPtr& round, const Question& question);
  void ask_alerts(const RoundPtr& round);
  void answered(const RoundPtr& round);
  void judge(const RoundPtr& round);
  void log_change(const std::string& id, const Change& change) const;

  Parts parts_;
  std::map<std::string, Schedule> schedule_;
};

}  // namespace guard::engine
