// SPDX-License-Identifier: Apache-2.0
//
// Whether a release needs a person, and what for; the words are made from it elsewhere. Pure.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/model/watch.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace guard::core {

enum class Need {
  live_or_abort,    // it was announced long ago, and nobody said that it is live
  approval,         // a rollback waits for it
  held_breach,      // a breach that is not rolled back
  disturbance,      // nobody knows whether what is measured is this release
  serving_overdue,  // the version that should run was not seen to serve in time
  unread_rules,     // nobody can tell whether it is healthy
  broken_again,     // after its rollback
  failed_rollback,
};

struct PersonNeeded {
  Need need = Need::approval;
  std::vector<std::size_t> rules = {};  // of `unread_rules`: which, by their index

  bool operator==(const PersonNeeded&) const = default;
};

// The first of them that holds now; nothing where the guard needs nobody.
std::optional<PersonNeeded> person_needed(const Watch& watch, Instant now);

// True where it has ended and needs a person all the same, whatever the time is.
bool is_left_to_person(const Watch& watch);

}  // namespace guard::core
