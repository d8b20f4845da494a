// SPDX-License-Identifier: Apache-2.0
//
// What `defaults` of a rule file and of a group say. What was given and cannot be read was reported, and stands in for
// itself, so that groups and rules are not told that they lack it. Pure; safe from any thread.
#pragma once

#include "guard/config/rule_defaults.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace guard::config {

struct RollbackDefaults {
  std::optional<std::string> hook;
  std::optional<model::Mode> mode;
  std::optional<Duration> verify;
  std::optional<Duration> cooldown;
};

// A time as one place of the file has it. One that is given without a value was reported, and nothing rests on it.
struct GivenTime {
  bool given = false;
  std::optional<Duration> value;
};

struct FileDefaults {
  GivenTime window;
  GivenTime settle;
  GivenTime interval;
  RollbackDefaults rollback;
  RuleDefaults rule;
};

GivenTime read_given_time(const ObjectReader& object, std::string_view key);

// What `rollback` says, and `outer` where it says nothing.
RollbackDefaults read_rollback(const ObjectReader& object, RollbackDefaults outer);

FileDefaults read_file_defaults(const ObjectReader& file);

// Of a group that has `defaults`.
RuleDefaults read_group_defaults(const ObjectReader& group, const RuleDefaults& outer);

}  // namespace guard::config
