// SPDX-License-Identifier: Apache-2.0
//
// What commands share that look back over a time: how long, and at which releases. The main thread only.
#pragma once

#include "guard/base/time.hpp"
#include "guard/client/guard_api.hpp"

#include <string>

#include <CLI/App.hpp>

namespace guard::cli {

struct SpanOptions {
  Duration since{0};
  std::string service{};      // empty: any
  std::string environment{};  // empty: any
};

// --since, --service and --environment; what `options` has is the default.
void add_span_options(CLI::App& command, SpanOptions& options);

// As the API has them.
client::Query query_of(const SpanOptions& options);

}  // namespace guard::cli
