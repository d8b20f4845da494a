// SPDX-License-Identifier: Apache-2.0
//
// Which version runs in a place, told from what a group's `detect` shows, and when that has changed. A version runs
// there once it leads: more of it is seen than of any other. So the old one stays until the new one has more, both
// being up changes nothing, and a canary is none. Pure.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/model/rule.hpp"
#include "guard/model/sample.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace guard::core {

// How much of each version is seen in one place: instances, or whatever the expression counts. None is 0 or less.
using Running = std::map<std::string, double>;

struct VersionsSeen {
  std::map<Place, Running> places;
  std::optional<std::string> problem;  // in words: what some or all of the series do not tell
};

// A place is told by the labels `service` and `environment` of a series, and where it lacks one by the group's matcher
// that says the value itself.
VersionsSeen versions_seen(const RuleGroup& group, const std::vector<Sample>& samples);

// The version with the most; of several with as much `known`, if it is one of them, else none.
std::optional<std::string> leader_of(const Running& running, const std::string& known);

// What the readings of one place have shown since the known version last led.
struct Lookout {
  std::map<std::string, WallTime> appeared;  // the others that run now: since when
  std::optional<std::string> leads;          // another version than the known one
  WallTime leads_since{};
  int readings = 0;  // in a row, those without data passed over
};

// Another version runs than was known.
struct VersionChange {
  std::string version;
  WallTime appeared{};  // the reading that showed it first
  WallTime live_at{};   // the first of the readings in which it leads

  bool operator==(const VersionChange&) const = default;
};

// Takes one reading down; the change once two readings in a row show it, and at each further one until `known` says
// the same.
std::optional<VersionChange> follow(Lookout& lookout, const Running& running, const std::string& known, WallTime at);

}  // namespace guard::core
