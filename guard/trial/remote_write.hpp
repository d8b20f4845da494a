// SPDX-License-Identifier: Apache-2.0
//
// Samples as Prometheus' remote-write receiver takes them (Remote-Write 1.0): a protobuf message in a snappy block.
// Blocks of text (OpenMetrics) cannot hold the marker that a series is stale; this can. Pure; safe from any thread.
#pragma once

#include "guard/trial/test.hpp"

#include <string>

namespace guard::trial {

// All samples of one series, one at each `interval` from time_zero on; empty where it has none.
std::string write_request(const Series& series, Duration interval);

// `text` in snappy's block format, with nothing compressed: it goes over the loopback interface, once.
std::string snappy_block(std::string_view text);

}  // namespace guard::trial
