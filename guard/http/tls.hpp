// SPDX-License-Identifier: Apache-2.0
//
// tls_config as OpenSSL has it. Reads files; safe from any thread.
#pragma once

#include "guard/base/error.hpp"
#include "guard/http/exchange.hpp"

#include <memory>

#include <boost/asio/ssl/context.hpp>

namespace guard::http {

// The context of a client: whom it trusts and what it shows. Fails with invalid, naming the key and the file.
Result<std::unique_ptr<boost::asio::ssl::context>> make_tls_context(const TlsSettings& tls);

}  // namespace guard::http
