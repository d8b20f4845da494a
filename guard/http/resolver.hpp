// SPDX-License-Identifier: Apache-2.0
//
// The addresses of a host, in bounded time: getaddrinfo(3) knows no deadline, and a name server that does not answer
// must not hold up whoever asks. Safe from any thread.
#pragma once

#include "guard/base/error.hpp"
#include "guard/base/time.hpp"

#include <functional>
#include <string>
#include <vector>

#include <boost/asio/ip/address.hpp>

namespace guard::http {

using Addresses = std::vector<boost::asio::ip::address>;

// Blocks for as long as it likes; empty where nothing is found.
using Lookup = std::function<Addresses(const std::string& host)>;
Addresses system_lookup(const std::string& host);

// An address stands for itself. Fails with unavailable where nothing is found, after `timeout`, or while too many
// earlier lookups of this host still hang: each goes on, on a thread of its own, until the system gives it up.
Result<Addresses> resolve(const std::string& host, Duration timeout, Lookup lookup = system_lookup);

}  // namespace guard::http
