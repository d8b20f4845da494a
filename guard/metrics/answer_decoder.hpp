// SPDX-License-Identifier: Apache-2.0
//
// A Prometheus answer as values, strictly: whatever is not exactly what the HTTP API promises is an error with a
// reason, never a guess (prometheus docs/querying/api.md; VictoriaMetrics' and Thanos' deviations where named).
// Pure; safe from any thread.
#pragma once

#include "guard/model/sample.hpp"

#include <string_view>

namespace guard::metrics {

struct RawAnswer {
  int status = 0;
  std::string_view body;
  bool accept_partial = false;     // warnings are let pass
  bool accept_histograms = false;  // native ones are no number, but may be counted
};

// vector, scalar and matrix become samples (a matrix one per point). Errors: query_failed (transient for 429 and 5xx,
// permanent for the rest), partial_result, wrong_type.
model::Samples decode_answer(const RawAnswer& answer);

// True if the answer says that something other than a Prometheus API is there, or that it does not let the guard in: a
// login page, another server, a wrong path. An answer about overload or an outage says nothing of that.
bool is_foreign(const RawAnswer& answer);

}  // namespace guard::metrics
