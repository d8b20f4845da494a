// SPDX-License-Identifier: Apache-2.0
//
// How long the other side asks to be left alone (RFC 9110, 10.2.3). Pure.
#pragma once

#include "guard/http/client.hpp"

#include <optional>

namespace guard::http {

// The Retry-After of an answer: seconds, or an HTTP date; an hour at most. Nothing where there is none, or it cannot be
// read.
std::optional<Duration> retry_after(const Response& response, WallTime now);

}  // namespace guard::http
