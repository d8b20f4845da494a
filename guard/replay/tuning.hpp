// SPDX-License-Identifier: Apache-2.0
//
// What another objective, `for` or confidence would have done: releases that stayed are judged again by one rule at a
// time, with one of them moved. Blocks as long as the history does; any thread.
#pragma once

#include "guard/replay/backtest.hpp"

#include <optional>
#include <string>
#include <vector>

namespace guard::replay {

// One objective, and what it would have made of the releases that stayed.
struct Candidate {
  model::Objective objective;
  std::size_t fired = 0;          // so many it would have rolled back
  std::size_t broken_before = 0;  // before so many it was broken already, so that they were not held to it
};

// The objective as it is, broken for another time or with another confidence before it counts.
struct Firmness {
  Duration sustained{0};  // of a value
  double confidence = 0;  // of counted events; 0: of none
  std::size_t fired = 0;  // as of a candidate
  std::size_t broken_before = 0;
};

// How long a bad release of one size would have gone unseen, with the objective as it is.
struct Unseen {
  double size = 0;                // the share that fails
  std::optional<Duration> until;  // since it began; empty: for the whole window
};

struct Tuned {
  model::RuleGroupPtr group;
  std::size_t rule = 0;
  std::size_t releases = 0;                  // that stayed and were judged by it over their whole window
  std::vector<double> worst;                 // the worst value of each, the best release first
  std::vector<Candidate> candidates;         // the strictest first; the objective as it is is among them
  std::vector<Firmness> firmness;            // the quickest first; that of the rule is among them; none for `breaches`
  std::optional<model::Objective> proposed;  // the strictest that the wanted rate allows
  double most = 1;                           // the rate of good releases that it rolls back at most, with 95% certainty
  std::string refused;                       // in words: why none is proposed
  std::vector<Unseen> unseen;                // of a share of events, at the traffic of these releases
  double events = 0;                         // in a minute, in the middle of them
};

struct Tuning {
  Plan plan;          // only releases that stayed are looked at
  double wanted = 0;  // the highest rate of releases that are rolled back falsely, from 0 to 1
};

// Of each rule that has an objective on a value or a share, in the order of the files.
std::vector<Tuned> tune(const Tuning& tuning, const History& history, const OnRelease& on_release);

}  // namespace guard::replay
