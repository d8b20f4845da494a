// SPDX-License-Identifier: Apache-2.0
//
// What a release replaces, as far as the guard knows, against what its pipeline says. Two pipelines at once, or one
// that looked too early, name a version that is no longer live: a rollback to it would undo a release that nobody found
// bad. Pure functions over a draft.
#pragma once

#include "guard/engine/ledger.hpp"

#include <string>

namespace guard::engine {

struct Replaced {
  std::string version;     // what was live in the place; empty: not known
  bool contested = false;  // certainly another version than `previous_version`, and not by another name of it
};

// For a release of the draft that goes live now.
Replaced replaced_by(const Draft& draft, const core::Watch& fresh);

// In words, for a release that replaced another version than its pipeline says; empty where it did not.
std::string words_of(const Replaced& replaced, const core::ReleaseSpec& spec);

}  // namespace guard::engine
