// SPDX-License-Identifier: Apache-2.0
//
// May a release begin now? A list of named checks over what is known of its place, whoever shows them. Pure.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/core/staging.hpp"
#include "guard/model/check.hpp"
#include "guard/model/evaluation.hpp"
#include "guard/model/freeze.hpp"
#include "guard/model/rule.hpp"

#include <optional>
#include <string>
#include <vector>

namespace guard::core {

// What stands in a place: a rollback under way, or something that needs a person.
struct Unfinished {
  std::string release;
  std::string what;  // in words
  std::string advice;
};

struct GateFacts {
  RuleGroupPtr group;                          // that would watch the release; empty: none, or it cannot be told
  std::string group_problem;                   // why there is none
  bool group_unknown = false;                  // it would depend on what was not said of the release
  std::optional<std::string> version_problem;  // why its hook does not take the version
  std::optional<Freeze> freeze;                // that refuses it
  std::vector<Unfinished> unfinished;
  bool kill_switch = false;
  std::vector<std::string> breaker;  // which services breach at once; empty: it is closed
  // Of each rule of alerts that may roll back, its reading with every alert counted that fires.
  std::vector<Evaluation> alerts;
  std::optional<Check> error_budget;  // where the group asks for it
  std::optional<Shown> staging;       // where the group asks for it
  bool version_unknown = false;       // the group asks for it, and nobody said which version
  bool wants_preflight = false;       // the group asks for a recent one
  std::optional<Shown> preflight;     // where that was looked up
  bool requirement_refuses = true;    // false: what is not shown only warns
};

// In the order in which they are worth reading: rules, freeze, place, staging, preflight, alerts, error_budget, brakes.
// Those that do not apply are left out.
std::vector<Check> gate_checks(const GateFacts& facts);

// True if a check has failed.
bool has_failed(const std::vector<Check>& checks);

// True if every check has passed.
bool is_open(const std::vector<Check>& checks);

}  // namespace guard::core
