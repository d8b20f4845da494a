// SPDX-License-Identifier: Apache-2.0
//
// Finds releases that nobody announces: reads what each group's `detect` shows, as often as the group's rules, and has
// a change of version kept and announced. Its questions are few at once and on the lane of what is not about a release
// that is watched, so that they hold none of those up. What was last seen is in the journal: a change while no guard
// ran is found by the next one. Loop thread only.
#pragma once

#include "guard/base/log.hpp"
#include "guard/core/detection.hpp"
#include "guard/engine/announcement.hpp"
#include "guard/engine/executor.hpp"
#include "guard/engine/ledger.hpp"
#include "guard/engine/runtime.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace guard::engine {

class Detector {
 public:
  struct Parts {
    Ledger& ledger;
    Executor& executor;
    Telemetry& telemetry;
    const Clock& clock;
    const Log& log;
    const core::RecentPreflights& preflights;
    std::function<RuntimePtr()> runtime;
    std::function<core::BrakeInputs()> brakes;
    std::function<void()> wake;  // asks for a tick() soon
  };
  explicit Detector(Parts parts) : parts_(std::move(parts)) {}

  // Asks for the groups that are due; when to look again.
  MonoTime tick(Instant now);

  // Each group that finds releases, and whether its last reading told nothing, or not all.
  std::map<std::string, bool> blind() const;

 private:
  struct Poll {
    MonoTime due{};
    bool asking = false;
    std::optional<std::string> trouble;  // why the last reading told nothing, or not all
  };

  void ask(const model::RuleGroupPtr& group, const RuntimePtr& runtime, Instant now);
  void answered(const model::RuleGroupPtr& group, WallTime at, const model::Samples& answer);
  void record_trouble(const model::RuleGroup& group, const std::optional<std::string>& trouble);
  void look(const model::RuleGroup& group, const model::Place& place, const core::Running& running, WallTime at);
  bool is_of(const model::RuleGroup& group, const model::ReleaseSpec& spec) const;
  void submit(const model::Place& place, const core::VersionChange& change);

  Parts parts_;
  std::map<std::string, Poll> polls_;                                       // by the names of groups
  std::map<std::pair<std::string, model::Place>, core::Lookout> lookouts_;  // of each group by itself
  std::set<model::Place> pending_;                                          // what they showed is being stored
  std::size_t asking_ = 0;
};

}  // namespace guard::engine
