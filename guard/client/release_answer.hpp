// SPDX-License-Identifier: Apache-2.0
//
// A release as the API answers it, read for showing to a person: the texts are made safe for a terminal, names of
// phases and verdicts stay text, and members that a newer guard adds are ignored. Values; reading is pure.
#pragma once

#include "guard/base/error.hpp"
#include "guard/base/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guard::client {

struct RuleAnswer {
  std::string slo;
  std::string action;
  std::string objective;
  std::string value_text;  // empty: no value
  std::string verdict;
  std::string reason;
  std::string reading_reason;
  std::optional<WallTime> since;
  std::optional<WallTime> read_at;
  std::string explanation;
  std::string query;
  std::string condition;  // of only_if; empty: none
  std::string runbook_url;
};

struct AttemptAnswer {
  std::int64_t number = 0;
  std::string result;
  std::string detail;
  std::string output;
};

struct DecisionAnswer {
  std::int64_t number = 0;
  std::string kind;
  std::string trigger;
  std::string brake;
  std::string reason;
  std::string actor;
  std::optional<WallTime> at;
  std::string state;
  std::string hook;
  std::vector<AttemptAnswer> attempts;
};

struct NextAnswer {
  std::string what;
  std::optional<WallTime> at;
};

struct TimelineAnswer {
  std::optional<WallTime> at;
  std::string kind;
  std::string message;
};

struct ReleaseAnswer {
  std::string id;
  std::string service;
  std::string environment;
  std::string version;
  std::string previous_version;
  std::string kind;
  std::string phase;
  std::optional<WallTime> phase_since;
  std::string reason;
  bool final = false;
  bool paused = false;
  std::optional<WallTime> live_at;
  std::optional<WallTime> settle_end;
  std::optional<WallTime> window_end;
  std::optional<WallTime> verify_end;
  std::optional<WallTime> held_again_at;
  std::optional<WallTime> broken_again_at;
  std::string group;
  std::string mode;
  std::string hook;
  std::string needs_person;
  std::vector<std::string> broke;
  std::vector<NextAnswer> next;
  std::vector<RuleAnswer> rules;
  std::vector<DecisionAnswer> decisions;
  std::vector<TimelineAnswer> timeline;
  bool timeline_is_cut = false;  // there are older entries
};

// What holds rollbacks or releases back for everybody.
struct InForceAnswer {
  struct Freeze {
    std::optional<WallTime> until;
    std::string reason;
  };
  bool kill_switch = false;
  std::vector<Freeze> freezes;
};

struct ListAnswer {
  std::vector<ReleaseAnswer> releases;  // in the guard's order
  InForceAnswer in_force;
};

// Fails with broken if the body is not what a guard of this version answers.
Result<ReleaseAnswer> read_release(std::string_view body);
// The same for the list of releases.
Result<ListAnswer> read_releases(std::string_view body);

}  // namespace guard::client
