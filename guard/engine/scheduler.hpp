// SPDX-License-Identifier: Apache-2.0
//
// Runs rounds: when a part of a release is due, its questions join the queue; once their turn has come they are asked
// side by side until a deadline, and the judgement of what came back is submitted to the ledger. One round of a part at
// a time, over before the next is due. Where there are more questions than answers, every release is read less often,
// the one read the longest ago first, and none is left out. Loop thread only.
#pragma once

#include "guard/alerts/received_alerts.hpp"
#include "guard/base/log.hpp"
#include "guard/core/brakes.hpp"
#include "guard/core/round.hpp"
#include "guard/engine/alert_lookups.hpp"
#include "guard/engine/executor.hpp"
#include "guard/engine/fair_queue.hpp"
#include "guard/engine/ledger.hpp"
#include "guard/engine/open_round.hpp"
#include "guard/engine/runtime.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace guard::engine {

class Scheduler {
 public:
  struct Parts {
    Ledger& ledger;
    Executor& executor;
    Telemetry& telemetry;
    const Clock& clock;
    const Log& log;
    const alerts::ReceivedAlerts& heard;
    std::function<RuntimePtr()> runtime;
    std::function<core::BrakeInputs()> brakes;
    std::function<void(std::function<void()>)> when_brakes_known;  // calls back once `brakes` are as of now
    std::function<void(const std::string&, MonoTime)> wake_by;     // asks for a tick() of this release by then
  };
  explicit Scheduler(Parts parts) : parts_(std::move(parts)), lookups_({parts_.executor, parts_.clock}) {}

  // Opens the rounds of `watch` that are due at `now`, and ends those whose time is over; when to look again.
  MonoTime tick(const model::Watch& watch, Instant now);
  // Asks what may be asked now. To be called after the tick of every watch, so that all of them take part.
  void ask();
  // Has what alerts and signals say of this release read at once.
  void read_now(const std::string& id);
  void forget(const std::string& id);
  // Tells `done` what fires by `source`, or where there is none by what was heard; perhaps at once.
  void tell_firing(const std::shared_ptr<alerts::AlertsSource>& source, MonoTime deadline, AlertLookups::Done done);

 private:
  struct Schedule {
    MonoTime due{};
    MonoTime read_at{};  // the end of its latest round, or when it was first due
    bool again = false;  // woken while a round was running: its answers may be older than what woke it
    bool late = false;   // it is being told that rounds are left out
    bool slow = false;
    Took took;
    OpenRoundPtr round;  // until it is judged
  };
  using Key = std::pair<std::string, core::Part>;

  MonoTime tick(const model::Watch& watch, core::Part part, Instant now);
  void open(const model::Watch& watch, core::Part part, Instant now);
  void put_off(const model::Watch& watch, Schedule& schedule, Instant now);
  void start(const std::string& id, Schedule& schedule, Instant now);
  bool ask_next(FairQueue& queue, bool past);
  void answered(const OpenRoundPtr& round, const OpenRound::Batch& batch, OpenRound::Answer answer);
  void ask_alerts(const OpenRoundPtr& round);
  void end(const OpenRoundPtr& round);
  void judge(const OpenRoundPtr& round);
  void submit(const OpenRoundPtr& round);
  void judged(const Key& key, const OpenRoundPtr& round);
  void log_change(const std::string& id, const core::RuleChange& change) const;

  Parts parts_;
  AlertLookups lookups_;
  FairQueue now_{{query_threads, 4, 4}};
  FairQueue past_{{past_questions, 2, 0}};
  std::map<Key, Schedule> schedule_;
};

}  // namespace guard::engine
