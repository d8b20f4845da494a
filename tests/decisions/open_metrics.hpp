// SPDX-License-Identifier: Apache-2.0
//
// Stories as OpenMetrics text, as `promtool tsdb create-blocks-from openmetrics` reads it: the samples that rules on
// shares, on counts and on `up` read, around live. Pure.
#pragma once

#include "tests/sim/story.hpp"

#include <string>

namespace guard::decisions {

class OpenMetrics {
 public:
  // Of (live - before, live + after], and of the same time a week before; as of `job` in place of the shop, and as if
  // it had gone live `later`.
  struct Told {
    std::string job;
    Duration later{0};
    Duration before{0};
    Duration after{0};
  };
  void add(const sim::Story& story, const Told& told);
  // Metrics of one name stand together, as the format wants it.
  std::string text() const;

 private:
  std::string requests_;
  std::string times_;
  std::string up_;
};

}  // namespace guard::decisions
