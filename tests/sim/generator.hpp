// SPDX-License-Identifier: Apache-2.0
//
// Tells a story: lets the requests of a plan come, target by target, and keeps what each scrape would have stored:
//   http_requests_total{job,instance,status}, statuses 200 and 500
//   http_request_duration_seconds_bucket{job,instance,le}, with the bounds 0.5, 1 and 2.5, and ..._count
//   up{job,instance}
// of job "shop", and of job "shop-neighbour" where another service matters. A sample that is missing is just not there.
// Equal plans tell equal stories. Pure; safe from any thread.
#pragma once

#include "tests/sim/story.hpp"

namespace guard::sim {

Story tell(const Plan& plan);

}  // namespace guard::sim
