// SPDX-License-Identifier: Apache-2.0
//
// The listener's TLS: 1.2 and 1.3, no renegotiation, and client certificates where a CA for them is configured.
// Reads files; safe from any thread, but for certified_names().
#pragma once

#include "guard/base/error.hpp"
#include "guard/config/settings.hpp"

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/ssl/context.hpp>
#include <openssl/ssl.h>

namespace guard::api {

using TlsContextPtr = std::shared_ptr<boost::asio::ssl::context>;

// Fails with invalid, naming the file that cannot be used and why.
Result<TlsContextPtr> make_tls_context(const config::WebTls& settings);

// The names in the certificate that the other side has shown and proved: its common name, and its alternative names of
// DNS and mail (RFC 5280, 4.2.1.6). None where it has shown none.
std::vector<std::string> certified_names(SSL* connection);

}  // namespace guard::api
