// SPDX-License-Identifier: Apache-2.0
//
// Samples of counters, as they are stored, become events: what each series added from one scrape to the next. Nothing
// is extrapolated, as `increase()` does. Pure.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/model/sample.hpp"

#include <vector>

namespace guard::core {

// What one series added after `from`, up to `at`.
struct Increase {
  WallTime from{};
  WallTime at{};
  double count = 0;
  bool anew = false;  // the counter fell

  bool operator==(const Increase&) const = default;
};

// The increases of all series. A counter that falls began anew at 0. A series that appears beside others of its target,
// scraped before, counts from 0, as its first event is one; of a target that appears nobody knows when it counted what
// it brings, and its first samples only start it. A target is told by its labels `job` and `instance`; without the
// latter no series is known to be new. `beside` are the samples that show when targets were scraped, those of `samples`
// or more. The samples of one series stand together, in order of
// time, as a server answers.
std::vector<Increase> increases(const std::vector<Sample>& samples, const std::vector<Sample>& beside);

}  // namespace guard::core
