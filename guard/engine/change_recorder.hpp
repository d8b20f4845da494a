// SPDX-License-Identifier: Apache-2.0
//
// What is new about a release since it was last told, for the log and the metrics: each decision, end of a rollback and
// change of phase once, also over a restart. Loop thread only.
#pragma once

#include "guard/base/log.hpp"
#include "guard/core/person_needed.hpp"
#include "guard/engine/telemetry.hpp"
#include "guard/model/watch.hpp"

#include <map>
#include <optional>
#include <string>

namespace guard::engine {

class ChangeRecorder {
 public:
  ChangeRecorder(Telemetry& telemetry, const Log& log) : telemetry_(telemetry), log_(log) {}

  // Takes the release for told as it stands: an earlier process has told it.
  void take(const model::Watch& watch);
  void record(const model::Watch& watch);
  // True if whether a person is needed has changed: that comes and goes with the clock as well, without anything that
  // is stored.
  bool record_need(const model::Watch& watch, Instant now);
  void forget(const std::string& id);

 private:
  struct LastTold {
    model::Phase phase = model::Phase::deploying;
    std::size_t decisions = 0;
    bool rollback_open = false;
    bool judged = false;
    bool failed = false;
    std::optional<core::PersonNeeded> needed;
  };

  void record_rollback_end(const model::Watch& watch) const;

  Telemetry& telemetry_;
  const Log& log_;
  std::map<std::string, LastTold> seen_;
};

}  // namespace guard::engine
