// SPDX-License-Identifier: Apache-2.0
//
// A release of the past, as it is judged again. Values.
#pragma once

#include "guard/model/evaluation.hpp"
#include "guard/model/release.hpp"

#include <map>
#include <optional>
#include <string>

namespace guard::replay {

struct Release {
  model::ReleaseSpec spec;                       // `live_at` is set
  std::optional<WallTime> switch_began = {};     // where that is known: earlier than a minute before it was live
  std::optional<WallTime> replaced_at;           // when another went live in its place; empty: not known of
  bool undone = false;                           // and that one put back what it had replaced
  std::map<std::string, model::Signal> signals;  // what its pipeline posted, each with its time
  std::string found_by;                          // in words: how it is known of
};

}  // namespace guard::replay
