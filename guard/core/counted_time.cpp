// SPDX-License-Identifier: Apache-2.0
#include "guard/core/counted_time.hpp"

#include <algorithm>

namespace guard::core {

Duration counts_from(const Watch& watch) {
  if (watch.phase == Phase::verifying) return std::max(watch.phase_began, watch.serving.since.value_or(Duration{0}));
  return std::max(watch.settle_end(), watch.resettled);
}

Duration counts_until(const Watch& watch) {
  return watch.phase == Phase::verifying ? watch.phase_began + watch.group->rollback.verify : watch.group->window;
}

}  // namespace guard::core
