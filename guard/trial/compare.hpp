// SPDX-License-Identifier: Apache-2.0
//
// What has become of a release by a moment, against what is expected of it. Pure.
#pragma once

#include "guard/replay/course.hpp"
#include "guard/trial/test.hpp"

#include <vector>

namespace guard::trial {

// How the release stood at its latest reading.
struct Standing {
  model::Watch watch;
  std::vector<replay::Conclusion> conclusions;
  Instant at;
};

// Each difference says what was expected, what came, and why.
std::vector<config::Diagnostic> differences(const Moment& expected, const Standing& standing);

}  // namespace guard::trial
