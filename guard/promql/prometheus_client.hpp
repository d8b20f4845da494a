// SPDX-License-Identifier: Apache-2.0
//
// Asks a Prometheus-compatible server (Prometheus, Thanos, Mimir, VictoriaMetrics) over its HTTP API, with POST forms
// because expressions outgrow URLs. Safe from any thread.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/http/client.hpp"
#include "guard/http/server_clock.hpp"
#include "guard/promql/metrics_source.hpp"

#include <map>
#include <memory>
#include <string>

namespace guard::promql {

class PrometheusClient final : public MetricsSource {
 public:
  struct Options {
    std::map<std::string, std::string> params;  // sent with every query
    bool accept_partial = false;
    http::SkewObserver skew = {};  // told how the server's clock compares
  };
  // The server's clock is compared with `clock`, which must outlive the client.
  PrometheusClient(http::Client client, Options options, const Clock& clock);

  core::Samples query(const InstantQuery& query) override;
  core::Samples query_range(const RangeQuery& query) override;

  // Whether the server can parse `expr` (/api/v1/format_query, Prometheus 2.38). Fails with invalid and the server's
  // words if it cannot; unavailable if it cannot be asked. A server that does not know the endpoint accepts all.
  Result<void> check_syntax(const std::string& expr, Duration deadline) const;

 private:
  using Fields = std::vector<std::pair<std::string, std::string>>;
  core::Samples ask(const std::string& path, Fields fields, Duration deadline) const;

  http::Client client_;
  Options options_;
  const Clock& clock_;
};

}  // namespace guard::promql
