// SPDX-License-Identifier: Apache-2.0
//
// Tells every Alertmanager what the guard has to say. Level-triggered: at each look it compares what should fire with
// what each target has taken, and pushes the difference; what fires is pushed again before it expires, and what no
// longer does is resolved. A target that fails is tried again on the one backoff curve, each by itself, with one post
// under way and a bounded number of alerts in it. Loop thread only; posts run on a lane of their own.
#pragma once

#include "guard/alerts/alert_sink.hpp"
#include "guard/alerts/own_alert.hpp"
#include "guard/base/clock.hpp"
#include "guard/base/log.hpp"
#include "guard/base/random.hpp"
#include "guard/engine/executor.hpp"
#include "guard/engine/telemetry.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <vector>

namespace guard::notify {

// An alert is pushed again this often, and expires after four times as long: as Prometheus does it (rules/alerting.go).
inline constexpr Duration push_every = std::chrono::minutes(1);
inline constexpr Duration expires_after = 4 * push_every;
inline constexpr std::size_t most_in_one_push = 200;

class Notifier {
 public:
  struct Parts {
    engine::Executor& executor;
    engine::Telemetry& telemetry;
    const Clock& clock;
    Random& random;
    const Log& log;
    std::function<std::vector<alerts::OwnAlert>()> firing;  // what should fire now, the most pressing first
    std::function<void()> wake;                             // asks for a tick() soon
  };
  explicit Notifier(Parts parts) : parts_(std::move(parts)) {}

  // Who is told from now on. One that was told before, by its name, goes on where it stood.
  void set_targets(const std::vector<alerts::AlertSinkPtr>& sinks);

  // Looks if it is time to, and starts the posts that are due; when the next thing is due.
  MonoTime tick();

 private:
  struct Told {
    alerts::OwnAlert alert;
    MonoTime again_at{};    // when it is to be pushed again
    MonoTime expires_at{};  // when it ends there by itself
  };
  struct Target {
    std::size_t index = 0;
    alerts::AlertSinkPtr sink;
    std::map<model::Labels, Told> told;  // what it has taken and not yet been told the end of
    MonoTime due{};                      // when it is to be seen whether there is something to tell
    MonoTime beat_at{};                  // when it is posted to though there is not
    int failures = 0;                    // in a row
    bool posting = false;
  };
  using TargetPtr = std::shared_ptr<Target>;

  void look();
  MonoTime advance(const TargetPtr& target, Instant now);
  std::vector<alerts::Pushed> difference(Target& target, Instant now) const;
  void post(const TargetPtr& target, std::vector<alerts::Pushed> alerts, Instant now);
  void posted(const TargetPtr& target, const Result<void>& outcome);

  Parts parts_;
  std::vector<TargetPtr> targets_;
  std::vector<alerts::OwnAlert> firing_;
  std::set<model::Labels> firing_labels_;
  MonoTime look_at_{};
};

}  // namespace guard::notify
