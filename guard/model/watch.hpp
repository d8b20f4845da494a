// SPDX-License-Identifier: Apache-2.0
//
// A watch: one release with everything the guard knows about it. This is the value the journal stores whole and the
// engine replaces whole; nothing about a release lives anywhere else.
#pragma once

#include "guard/model/decision.hpp"
#include "guard/model/freeze.hpp"
#include "guard/model/release.hpp"
#include "guard/model/rule.hpp"
#include "guard/model/rule_state.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace guard::model {

// What its group's `serves` told of the version that should run: the release's, after a rollback the one it went back
// to.
struct Serving {
  std::optional<Duration> since;      // the clock.age at which it was first seen to serve
  std::optional<WallTime> seen_at;    // the same moment
  bool denied = false;                // until then: the latest answer was no, and not that nobody can tell
  std::optional<std::string> detail;  // that answer in words, once it was asked

  bool operator==(const Serving&) const = default;
};

struct Watch {
  ReleaseSpec spec;
  Phase phase = Phase::deploying;
  WallTime phase_since{};
  std::string phase_reason;  // in words: why it stands here
  WallTime announced_at{};
  WallTime switch_began{};  // evidence from before this is not the release's
  std::optional<WallTime> live_at;
  std::optional<WallTime> ended_at;
  WatchClock clock;         // runs from live, stands still while paused
  Duration phase_began{0};  // clock.age when the phase was entered
  WatchClock since_call;    // runs from the end of its last rollback that was called: the cooldown
  Duration resettled{0};    // readings count from this clock.age on: a release that was to replace it was given up
  bool paused = false;
  bool is_rollback = false;     // it undoes an earlier release: never rolled back automatically
  bool breach_decided = false;  // a rollback rule was breached: this release can no longer pass
  std::optional<std::string>
      disturbance;  // in words: why nobody knows whether what is measured is this release; it cannot pass
  std::optional<std::string> unproven;  // in words: what its version was to show elsewhere and did not; it only warns
  std::optional<std::string>
      contested;        // in words: why a person must say whether its previous version is the one to go back to
  bool judged = false;  // it came to an end that says how good it is, once at least
  bool failed = false;  // it ended breached, was rolled back or its rollback failed, once at least
  std::optional<WallTime> held_again_at;    // since its rollback every objective has been seen to hold again, from here
  std::optional<WallTime> broken_again_at;  // after that one broke again, and has not held again yet
  Serving serving;                          // of a group that says what shows it
  std::optional<BegunFreeze> freeze;        // of its place, by going live
  std::optional<std::string>
      superseded_by;             // what went live after it: set while its hook returns, and on a failed rollback
  RuleGroupPtr group;            // the rules it started with
  std::vector<RuleState> rules;  // as many as group->rules, same order
  std::map<std::string, Signal> signals;
  std::vector<Decision> decisions;

  // The subject its templates speak of; in `verifying` and `rolled_back` version is the one that should run again.
  promql::Subject subject(Instant now) const;
  Decision* open_rollback();  // the rollback decision that is not finished, or nullptr
  const Decision* open_rollback() const;
  // What is carried out now, a rollback or a rule's call, or nullptr: what is being called comes before what waits.
  Decision* open_call();
  const Decision* open_call() const;
  bool is_calling() const;                                  // a hook is being called
  const RuleState* state_of(const std::string& slo) const;  // of the rule with this name, or nullptr
  const Decision* last_rollback() const;                    // the newest rollback decision, or nullptr
  // True while it is not seen yet that the version that should run serves: until then no reading counts.
  bool awaits_serving() const;
  // The clock.age at which `settle` is over, which runs from when the version was seen to serve.
  Duration settle_end() const;
  // The clock.age from which readings count, while it settles or is watched and no version is waited for.
  Duration settled_at() const;
  // True while readings do not count yet. Not the phase: the first reading after `settle` is what ends `settling`, and
  // it counts.
  bool is_settling(Instant now) const;
  // True if it ended without ever being live.
  bool never_came() const;
  // The version that its newest rollback goes back to, and without one the version that a rollback would.
  const std::string& goes_back_to() const;
  // True if there is another version to go back to.
  bool can_go_back() const;
  // Closes one of its open decisions with this outcome. If it was ever called, the cooldown of a rollback runs from
  // here; what was certainly not done for a rule is not waited for.
  void close_call(Decision& open, CallState outcome, Instant now);
  // What the guard had concluded from a breach when the abort decisions[index] set it aside. Nothing where that is no
  // abort, the guard had concluded nothing, or the rollback had been tried to its end.
  std::optional<DecisionKind> overruled_by(std::size_t index) const;
};

}  // namespace guard::model
