// SPDX-License-Identifier: Apache-2.0
#include "guard/http/tls.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

namespace guard::http {
namespace {

namespace ssl = boost::asio::ssl;
using Problem = boost::system::error_code;

Result<void> trust(ssl::context& context, const TlsSettings& tls) {
  Problem problem;
  if (tls.ca_file)
    context.load_verify_file(tls.ca_file->string(), problem);
  else
    context.set_default_verify_paths(problem);
  if (problem && tls.ca_file)
    return fail(ErrorCode::invalid, fmt::format("tls_config.ca_file: {} holds no certificate", tls.ca_file->string()));
  context.set_verify_mode(tls.insecure_skip_verify ? ssl::verify_none : ssl::verify_peer, problem);
  return {};
}

Result<void> show(ssl::context& context, const TlsSettings& tls) {
  if (!tls.cert_file || !tls.key_file) return {};
  Problem problem;
  // Without this OpenSSL would ask the terminal for the passphrase of an encrypted key.
  context.set_password_callback([](std::size_t, ssl::context::password_purpose) { return std::string(); }, problem);
  context.use_certificate_chain_file(tls.cert_file->string(), problem);
  if (problem)
    return fail(ErrorCode::invalid,
                fmt::format("tls_config.cert_file: {} holds no certificate", tls.cert_file->string()));
  context.use_private_key_file(tls.key_file->string(), ssl::context::pem, problem);
  if (problem || SSL_CTX_check_private_key(context.native_handle()) != 1)
    return fail(ErrorCode::invalid,
                fmt::format("tls_config.key_file: {} holds no key, or not that of cert_file", tls.key_file->string()));
  return {};
}

}  // namespace

Result<std::unique_ptr<ssl::context>> make_tls_context(const TlsSettings& tls) {
  auto context = std::make_unique<ssl::context>(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  if (auto trusted = trust(*context, tls); !trusted) return std::unexpected(trusted.error());
  if (auto shown = show(*context, tls); !shown) return std::unexpected(shown.error());
  return context;
}

}  // namespace guard::http
