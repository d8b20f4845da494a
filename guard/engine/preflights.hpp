// SPDX-License-Identifier: Apache-2.0
//
// Runs preflights: several looks at once on threads of their own, never on those of the rounds that judge, and the
// proof of the alert path, which goes out and comes back through the loop. Each ends at its deadline, whatever still
// hangs; one at a time. Loop thread only.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/base/random.hpp"
#include "guard/engine/executor.hpp"
#include "guard/engine/guard_service.hpp"
#include "guard/engine/runtime.hpp"
#include "guard/preflight/situation.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace guard::engine {

class Preflights {
 public:
  struct Parts {
    Executor& executor;
    const Clock& clock;
    Random& random;
    std::function<void()> wake;  // asks for a tick() soon
  };
  explicit Preflights(Parts parts) : parts_(std::move(parts)) {}

  // What is known on the loop before anybody is asked.
  struct Plan {
    preflight::Situation situation;  // its time is set when it begins
    preflight::Means means;
    model::Checks known;                                  // found out already; they come first
    std::function<void(Completion<model::Checks>)> gate;  // asks what the gate says of the release
  };
  // Fails with unavailable while another one runs.
  void begin(Plan plan, const PreflightQuery& query, Completion<model::Checks> done);

  // An alert with these labels came by webhook, and fires.
  void alert_arrived(const model::Labels& labels);

  // Ends what is over time; the moment when the next thing is.
  MonoTime tick();

 private:
  struct Run;
  using RunPtr = std::shared_ptr<Run>;

  struct Finding;
  void find(const RunPtr& run, Finding finding, std::function<model::Checks()> look);
  void ask_gate(const RunPtr& run, const std::function<void(Completion<model::Checks>)>& gate);
  void send_proof(const RunPtr& run);
  void end_proof(const RunPtr& run, std::optional<Duration> came_back_after);
  void take(const RunPtr& run, std::size_t index, model::Checks found);
  void report();

  Parts parts_;
  RunPtr running_;
};

}  // namespace guard::engine
