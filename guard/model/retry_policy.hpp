// SPDX-License-Identifier: Apache-2.0
//
// How a hook is tried again. Values.
#pragma once

#include "guard/base/time.hpp"

namespace guard::model {

// How to go on after `retry`, `not_started` or `unknown`. Attempts count the calls of one decision that may have
// reached the hook; what was not started is tried until the deadline.
struct RetryPolicy {
  int attempts = 3;
  Duration backoff{0};
  Duration longest_backoff{0};
  bool idempotent = false;  // an unknown outcome may be tried again with the same key; otherwise a person decides
  Duration deadline{0};     // from the decision, or a person's order to call again; no attempt starts after it
};

}  // namespace guard::model
