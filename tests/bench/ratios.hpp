// SPDX-License-Identifier: Apache-2.0
//
// What a benchmark program says: not how long something took on this machine, but how it compares to something else
// that was measured in the same run. ratios.cpp has the main(), which measures, prints the table and then these.
#pragma once

#include <string>
#include <vector>

namespace guard::bench {

struct Ratio {
  std::string what;      // the name of a benchmark
  std::string compared;  // the name of the one it is divided by
  std::string words;     // what the number is, for people: "Judging a round takes {} of the time …"
};

// Given by each program.
std::vector<Ratio> ratios();

}  // namespace guard::bench
