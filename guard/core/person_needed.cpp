// SPDX-License-Identifier: Apache-2.0
#include "guard/core/person_needed.hpp"

#include "guard/core/counted_progress.hpp"
#include "guard/core/evidence.hpp"
#include "guard/core/serving.hpp"
#include "guard/core/unread.hpp"

namespace guard::core {
namespace {

std::optional<PersonNeeded> needed_if(bool needed, Need need) {
  return needed ? std::optional(PersonNeeded{need}) : std::nullopt;
}

// Every rule that counts and was not read for too long, or that sees too little to judge.
std::optional<PersonNeeded> unread_rules(const Watch& watch, Instant now) {
  PersonNeeded needed{Need::unread_rules};
  for (std::size_t i = 0; i < watch.rules.size(); ++i)
    if (unread_since(watch, i, now) || (decides(watch.group->rules[i]) && falls_short(watch, i, now)))
      needed.rules.push_back(i);
  return needed.rules.empty() ? std::nullopt : std::optional(std::move(needed));
}

std::optional<PersonNeeded> needed_to_read(const Watch& watch, Instant now) {
  if (is_serving_overdue(watch, now)) return PersonNeeded{Need::serving_overdue};
  return unread_rules(watch, now);
}

std::optional<PersonNeeded> needed_while_judged(const Watch& watch, Instant now) {
  if (model::held_breach(watch.decisions) != nullptr) return PersonNeeded{Need::held_breach};
  if (watch.disturbance) return PersonNeeded{Need::disturbance};
  return needed_to_read(watch, now);
}

}  // namespace

std::optional<PersonNeeded> person_needed(const Watch& watch, Instant now) {
  switch (watch.phase) {
    case Phase::deploying:
      // A pipeline that died between start and live leaves the release before this one with its rollback held back.
      return needed_if(now.wall - watch.phase_since >= watch.group->window, Need::live_or_abort);
    case Phase::settling:
    case Phase::watching:
      return needed_while_judged(watch, now);
    case Phase::awaiting_approval:
      return PersonNeeded{Need::approval};
    case Phase::verifying:
      return watch.broken_again_at ? PersonNeeded{Need::broken_again} : needed_to_read(watch, now);
    case Phase::rollback_failed:
      return needed_if(is_left_to_person(watch), Need::failed_rollback);
    case Phase::rolling_back:
    case Phase::passed:
    case Phase::breached:
    case Phase::unverified:
    case Phase::rolled_back:
    case Phase::aborted:
    case Phase::superseded:
      return std::nullopt;
  }
  return std::nullopt;
}

bool is_left_to_person(const Watch& watch) {
  return watch.phase == Phase::rollback_failed && !watch.superseded_by;
}

}  // namespace guard::core
