// SPDX-License-Identifier: Apache-2.0
//
// The listener's TLS: 1.2 and 1.3, no renegotiation, and client certificates where a CA for them is configured.
// Reads files; loop thread only.
#pragma once

#include "guard/base/error.hpp"
#include "guard/config/settings.hpp"

#include <memory>

#include <boost/asio/ssl/context.hpp>

namespace guard::api {

using TlsContextPtr = std::shared_ptr<boost::asio::ssl::context>;

// Fails with invalid, naming the file that cannot be used and why.
Result<TlsContextPtr> make_tls_context(const config::WebTls& settings);

}  // namespace guard::api
