// SPDX-License-Identifier: Apache-2.0
//
// Asks a Prometheus-compatible server (Prometheus, Thanos, Mimir, VictoriaMetrics) over its HTTP API, with POST forms
// because expressions outgrow URLs. Safe from any thread.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/http/client.hpp"
#include "guard/http/server_clock.hpp"
#include "guard/metrics/metrics_source.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace guard::metrics {

class PrometheusClient final : public MetricsSource {
 public:
  struct Options {
    std::map<std::string, std::string> params;  // sent with every query
    bool accept_partial = false;
    http::SkewObserver skew = {};  // told how the server's clock compares
  };
  // The server's clock is compared with `clock`, which must outlive the client.
  PrometheusClient(http::Client client, Options options, const Clock& clock);

  model::Samples query(const InstantQuery& query) override;
  model::Samples query_raw(const InstantQuery& query) override;
  model::Samples query_range(const RangeQuery& query) override;

  // Whether this is a Prometheus: asks for vector(1). Fails with invalid if what is there answers anything else, and
  // with unavailable if nothing answers, or only that it cannot now.
  Result<void> probe(Duration deadline) const;

  // Whether the server can parse `expr`: /api/v1/format_query (Prometheus 2.38), or else the value of long ago, for
  // which every server reads all of the expression and none of its data. Fails with invalid and the server's words if
  // it cannot; unavailable if it cannot be asked.
  Result<void> check_syntax(const std::string& expr, Duration deadline) const;

  // The addresses of the Alertmanagers that it sends its alerts to (/api/v1/alertmanagers). Fails with not_found if
  // this server does not tell, and with unavailable if it cannot be asked.
  Result<std::vector<std::string>> alertmanagers(Duration deadline) const;

  // Whether the last answer that said anything about it was no Prometheus'.
  bool is_foreign() const { return foreign_; }

 private:
  using Fields = std::vector<std::pair<std::string, std::string>>;
  // Native histograms are let pass where they are asked for as samples.
  enum class Take { numbers, all };
  model::Samples ask(const std::string& path, Fields fields, Duration deadline, Take take = Take::numbers) const;
  model::Samples judge(const http::Response& response, Take take) const;
  Result<void> evaluate_long_ago(const std::string& expr, Duration deadline) const;

  http::Client client_;
  Options options_;
  const Clock& clock_;
  mutable std::atomic<bool> foreign_ = false;
};

}  // namespace guard::metrics
