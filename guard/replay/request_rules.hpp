// SPDX-License-Identifier: Apache-2.0
//
// Rules for the requests that a job serves: how many fail, how long they take, whether they still come. What probes and
// scrapes ask for is left out where it can be told apart: they always succeed, and are there when no user is. Blocks as
// long as the server does; any thread.
#pragma once

#include "guard/replay/proposing.hpp"

namespace guard::replay {

// Adds to `proposal` what can be asked of `names`, the metrics of its job, and says what cannot.
void propose_requests(const Questions& questions, const Names& names, Proposal& proposal);

}  // namespace guard::replay
