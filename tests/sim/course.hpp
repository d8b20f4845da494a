// SPDX-License-Identifier: Apache-2.0
//
// The truth behind a story: how many requests come at a moment, which share of them fails or is slow, and which targets
// are alive. Moments are told as the time since live. Pure; safe from any thread.
#pragma once

#include "tests/sim/random.hpp"
#include "tests/sim/story.hpp"

#include <vector>

namespace guard::sim {

class Course {
 public:
  Course(const Plan& plan, WallTime live, Random random);

  // Requests a second to all targets together.
  double rate(Duration since_live) const;
  double failing(Duration since_live) const;
  double slow(Duration since_live) const;
  bool alive(int target, Duration since_live) const;
  int alive_targets(Duration since_live) const;
  // The share that fails of the neighbour, a service without a release.
  double neighbour_failing(Duration since_live) const;

 private:
  bool happens(Duration since_live) const;
  bool in_burst(Duration since_live) const;
  void draw_bursts(Random& random);

  struct Burst {
    Duration begins;
    Duration ends;
  };
  const Plan& plan_;
  WallTime live_;
  double rhythm_at_live_;
  std::vector<Burst> bursts_;  // in order of time
};

}  // namespace guard::sim
