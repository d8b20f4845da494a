// SPDX-License-Identifier: Apache-2.0
//
// The clock of the server that gave an answer, by its Date (RFC 9110, 6.6.1). Windows, samples and alerts are compared
// with the guard's clock: where it is not the server's, all evidence is of another time. Pure; safe from any thread.
#pragma once

#include "guard/http/client.hpp"

#include <functional>
#include <optional>
#include <string>

namespace guard::http {

// When a question was sent and its answer came, by the guard's clock.
struct Exchange {
  WallTime sent{};
  WallTime received{};
};

// How far the server's clock is ahead of the guard's, less than zero where it is behind. The server read it, in whole
// seconds, at some moment of the exchange: what that explains is no difference. Nothing where it does not say.
std::optional<Duration> clock_skew(const Response& response, const Exchange& exchange);

// What is wrong with a skew beyond the tolerance, in words; nothing where it is within.
std::optional<std::string> other_clock(Duration skew);

// Told of each comparison; safe from any thread.
using SkewObserver = std::function<void(Duration)>;

// Compares, tells `observer` if there is one, and says what is wrong.
std::optional<std::string> compare_clocks(const Response& response, const Exchange& exchange,
                                          const SkewObserver& observer);

}  // namespace guard::http
