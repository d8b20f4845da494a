// SPDX-License-Identifier: Apache-2.0
#include "guard/model/release.hpp"

#include <algorithm>
#include <utility>

namespace guard::model {

Labels labels_of(const ReleaseSpec& spec) {
  Labels labels = spec.labels;
  labels["service"] = spec.service;
  labels["environment"] = spec.environment;
  labels["version"] = spec.version;
  labels["previous_version"] = spec.previous_version;
  labels["kind"] = to_string(spec.kind);
  return labels;
}

bool is_final(Phase phase) {
  switch (phase) {
    case Phase::deploying:
    case Phase::settling:
    case Phase::watching:
    case Phase::awaiting_approval:
    case Phase::rolling_back:
    case Phase::verifying:
      return false;
    case Phase::passed:
    case Phase::breached:
    case Phase::unverified:
    case Phase::rolled_back:
    case Phase::rollback_failed:
    case Phase::aborted:
    case Phase::superseded:
      return true;
  }
  return true;
}

bool is_judged(Phase phase) {
  return phase == Phase::settling || phase == Phase::watching || phase == Phase::awaiting_approval ||
         phase == Phase::verifying;
}

Duration WatchClock::age(Instant now) const {
  if (!as_of) return elapsed;
  return std::max(Duration{0}, elapsed + (now.mono - as_of->mono));
}

void WatchClock::start(Instant now, std::string boot) {
  elapsed = age(now);
  as_of = now;
  boot_id = std::move(boot);
}

void WatchClock::stop(Instant now) {
  elapsed = age(now);
  as_of.reset();
}

void WatchClock::resume_after_reboot(Instant now, const std::string& boot, Duration limit) {
  if (as_of) {
    const auto room = std::max(Duration{0}, limit - elapsed);
    elapsed += std::clamp(now.wall - as_of->wall, Duration{0}, room);
    as_of = now;
  }
  boot_id = boot;
}

}  // namespace guard::model
