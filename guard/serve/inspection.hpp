// SPDX-License-Identifier: Apache-2.0
//
// What the answers of a server tell against the rules: series that are not there, several, broken objectives, ranges
// under two scrapes, cost. Asks more than a start should wait for, so only who checks rules does. Blocking; safe from
// any thread.
#pragma once

#include "guard/metrics/prometheus_client.hpp"
#include "guard/serve/question_time.hpp"
#include "guard/serve/rehearsal.hpp"

namespace guard::serve {

// Asks `server`, which has parsed them all, about each expression of the rules, and adds what is found to `to`, without
// what comments silence; what could not be looked at is added there, too.
void inspect(const config::Settings& settings, metrics::PrometheusClient& server, const QuestionTime& time,
             Rehearsal& to);

}  // namespace guard::serve
