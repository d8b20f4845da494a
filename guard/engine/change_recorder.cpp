// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/change_recorder.hpp"

#include "guard/story/next_steps.hpp"

#include <utility>

#include <fmt/format.h>

namespace guard::engine {

using model::Watch;

void ChangeRecorder::take(const Watch& watch) {
  seen_[watch.spec.id] = {watch.phase,  watch.decisions.size(), watch.open_rollback() != nullptr,
                          watch.judged, watch.failed,           {}};
}

void ChangeRecorder::forget(const std::string& id) {
  seen_.erase(id);
}

void ChangeRecorder::record(const Watch& watch) {
  auto& seen = seen_[watch.spec.id];
  for (; seen.decisions < watch.decisions.size(); ++seen.decisions) {
    const auto& decision = watch.decisions[seen.decisions];
    telemetry_.happened(
        DecisionMade{decision.kind, decision.brake, !decision.actor.empty(), watch.overruled_by(seen.decisions)});
    log_.info("engine", "decision",
              {{"release", watch.spec.id},
               {"number", fmt::to_string(decision.number)},
               {"kind", std::string(to_string(decision.kind))},
               {"brake", std::string(to_string(decision.brake))},
               {"reason", decision.reason}});
  }
  if (watch.judged && !std::exchange(seen.judged, true)) telemetry_.happened(Judged{});
  if (watch.failed && !std::exchange(seen.failed, true)) telemetry_.happened(Failed{});
  const bool open = watch.open_rollback() != nullptr;
  if (seen.rollback_open && !open) record_rollback_end(watch);
  seen.rollback_open = open;
  if (seen.phase == watch.phase) return;
  log_.info("engine", "phase changed",
            {{"release", watch.spec.id},
             {"service", watch.spec.service},
             {"from", std::string(to_string(seen.phase))},
             {"to", std::string(to_string(watch.phase))},
             {"reason", watch.phase_reason}});
  seen.phase = watch.phase;
  if (model::is_final(watch.phase)) telemetry_.happened(Ended{watch.phase});
}

bool ChangeRecorder::record_need(const Watch& watch, Instant now) {
  auto& told = seen_[watch.spec.id].needed;
  auto needed = core::person_needed(watch, now);
  if (told == needed) return false;
  if (!told)
    log_.warn("engine", "a person is needed",
              {{"release", watch.spec.id},
               {"why", story::words_of(*needed, watch, now)},
               {"contacts", model::contacts_text(watch.group->contacts)}});
  told = std::move(needed);
  return true;
}

void ChangeRecorder::record_rollback_end(const Watch& watch) const {
  const auto* decision = watch.last_rollback();
  const bool called_off = decision->attempts.empty() && watch.phase != model::Phase::rollback_failed;
  if (called_off) return;
  RollbackFinished finished{decision->trigger, decision->state, {}};
  const bool detected = decision->detected_at != WallTime{};  // a person may order what no rule has seen
  if (decision->state == model::CallState::confirmed && decision->finished_at && detected)
    finished.since_breach = *decision->finished_at - decision->detected_at;
  telemetry_.happened(finished);
}

}  // namespace guard::engine
