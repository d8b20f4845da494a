// SPDX-License-Identifier: Apache-2.0
//
// The times of a rule group that its rules must fit into. Plain values; safe from any thread.
#pragma once

#include "guard/base/time.hpp"

namespace guard::config {

// Zero where the group's own are wrong.
struct GroupTimes {
  Duration window{0};
  Duration settle{0};
  Duration interval{0};
};

}  // namespace guard::config
