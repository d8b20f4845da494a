// SPDX-License-Identifier: Apache-2.0
//
// The nouns of guard/model that views hold, as they are read of a guard: names of enums stay text. view_fields.hpp has
// one list of fields for each of these and its original, so that neither can lack a field of the other. Plain values.
#pragma once

#include "guard/base/time.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace guard::story {

struct AnsweredSpec {
  std::string id;
  std::string service;
  std::string environment;
  std::string version;
  std::string previous_version;
  std::string kind;
  std::map<std::string, std::string> labels;
};

struct AnsweredAttempt {
  int number = 0;
  std::string result;
  std::string detail;
  std::string output;
  WallTime started_at{};
  std::optional<Duration> duration;
};

struct AnsweredDecision {
  int number = 0;
  std::string kind;
  std::string trigger;
  std::string brake;
  std::string slo;
  std::string reason;
  std::string actor;
  WallTime at{};
  WallTime detected_at{};
  std::string hook;
  std::string target;
  std::string key;
  std::string state;
  std::vector<AnsweredAttempt> attempts;
  std::optional<WallTime> next_attempt_at;
  std::optional<WallTime> finished_at;
};

}  // namespace guard::story
