// SPDX-License-Identifier: Apache-2.0
//
// A Prometheus for one test: on a port of the loopback interface that was free, with a folder of its own, both gone
// with the object. While it lives, SIGINT and SIGTERM are kept back for `wait` to find, so that nothing is left behind;
// should this process be killed, the kernel kills Prometheus too. Blocking; the main thread only.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/trial/series_server.hpp"

#include <string>

namespace guard::trial {

struct PrometheusOptions {
  std::string program = "prometheus";  // found in PATH where it holds no slash
  const Clock* clock = nullptr;        // outlives it
  Wait wait;
};

// Blocks until it answers. Fails with unavailable: not found, ended at once (with its last words), or interrupted.
Result<std::unique_ptr<SeriesServer>> start_prometheus(const PrometheusOptions& options);

}  // namespace guard::trial
