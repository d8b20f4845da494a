// SPDX-License-Identifier: Apache-2.0
//
// What form of an answer a client takes, by the q values of its Accept headers (RFC 9110, 12.4.2 and 12.5). Pure.
#pragma once

#include "guard/api/message.hpp"

namespace guard::api {

// The forms of /metrics.
struct ScrapeForm {
  bool open_metrics = false;  // OpenMetrics 1.0 instead of Prometheus' text format 0.0.4
  bool gzip = false;

  bool operator==(const ScrapeForm&) const = default;
};

// OpenMetrics for who names it and wants it no less than plain text; compressed for who takes gzip and does not rather
// want it plain. Whatever else is said: plain text 0.0.4, which everybody reads.
ScrapeForm scrape_form(const Request& request);

}  // namespace guard::api
