// SPDX-License-Identifier: Apache-2.0
//
// One round of a watch: the rules that have a source in common are asked at one evaluation time, and the answers become
// the watch's next state. `ask` of questions.hpp says what to ask, somebody asks it, `read` says what the answers mean.
// Who asks, a server that runs or a recording, makes no difference. Pure.
#pragma once

#include "guard/core/answers.hpp"

#include <optional>
#include <string>
#include <vector>

namespace guard::core {

// One reading that changed something.
struct RuleChange {
  std::string slo;
  Verdict before;
  RuleState after;
};

// What was asked for afterwards of one rule.
struct MadeUp {
  std::string slo;
  std::size_t readings = 0;  // 0: in vain, as the question failed
  std::size_t unseen = 0;    // of them, those of which there are no samples
  std::size_t broken = 0;    // those in breach
};

struct Reading {
  Watch watch;  // as it is now
  std::vector<RuleChange> changes;
  std::vector<MadeUp> made_up;
  std::vector<Outcome> outcomes;  // of each reading that was made, in order
  bool began_to_serve = false;    // the version that should run was seen to serve for the first time
};

// Judges every rule of the part that was asked. Nothing if the watch has moved on to another phase meanwhile, but for
// the end of `settle`.
std::optional<Reading> read(const Watch& known, const Answers& answers);

}  // namespace guard::core
