// SPDX-License-Identifier: Apache-2.0
//
// Families of metrics as OpenMetrics 1.0 writes them (prometheus/docs, specs/om): prometheus-cpp only knows the older
// format. Pure.
#pragma once

#include <string>
#include <vector>

#include <prometheus/metric_family.h>

namespace guard::exporters {

// The families in their order, and `# EOF`. A counter's family has the name of its series without `_total`; one whose
// name does not end so is of unknown type, because a reader would look for that ending.
std::string open_metrics(const std::vector<prometheus::MetricFamily>& families);

}  // namespace guard::exporters
