// SPDX-License-Identifier: Apache-2.0
#include "guard/api/tls.hpp"

#include <array>
#include <optional>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509err.h>
#include <openssl/x509v3.h>

namespace guard::api {
namespace {

namespace ssl = boost::asio::ssl;
using ErrorCodeOf = boost::system::error_code;

Result<void> checked(const ErrorCodeOf& error, const char* key, const std::filesystem::path& file) {
  if (!error) return {};
  return fail(ErrorCode::invalid, fmt::format("web.tls_server_config.{}: {}: {}; give a readable PEM file", key,
                                              file.string(), error.message()));
}

Result<void> load_files(ssl::context& context, const config::WebTls& settings) {
  ErrorCodeOf error;
  context.use_certificate_chain_file(settings.cert_file.string(), error);
  if (auto loaded = checked(error, "cert_file", settings.cert_file); !loaded) return loaded;
  // Without this OpenSSL would ask the terminal for the passphrase of an encrypted key.
  context.set_password_callback([](std::size_t, ssl::context::password_purpose) { return std::string(); }, error);
  context.use_private_key_file(settings.key_file.string(), ssl::context::pem, error);
  if (error && ERR_GET_REASON(static_cast<unsigned long>(error.value())) == X509_R_KEY_VALUES_MISMATCH)
    return fail(ErrorCode::invalid,
                fmt::format("web.tls_server_config.key_file: {}: this is not the key of cert_file {}; give the key "
                            "that belongs to the certificate",
                            settings.key_file.string(), settings.cert_file.string()));
  if (auto loaded = checked(error, "key_file", settings.key_file); !loaded || !settings.client_ca_file) return loaded;
  context.load_verify_file(settings.client_ca_file->string(), error);
  if (auto loaded = checked(error, "client_ca_file", *settings.client_ca_file); !loaded) return loaded;
  context.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
  return {};
}

// Nothing where it cannot be read, or hides something behind a NUL.
std::optional<std::string> text_of(const ASN1_STRING* string) {
  unsigned char* text = nullptr;
  const int length = ASN1_STRING_to_UTF8(&text, string);
  if (length < 0) return std::nullopt;
  std::string out(text, text + length);
  OPENSSL_free(text);
  return out.empty() || out.find('\0') != std::string::npos ? std::nullopt : std::optional(out);
}

void add_common_name(X509* certificate, std::vector<std::string>& out) {
  auto* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0) return;
  if (auto name = text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)))) out.push_back(std::move(*name));
}

void add_alternative_names(X509* certificate, std::vector<std::string>& out) {
  using Names = std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)>;
  const Names names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
                    &GENERAL_NAMES_free);
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const auto* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS && name->type != GEN_EMAIL) continue;
    if (auto text = text_of(name->d.ia5)) out.push_back(std::move(*text));
  }
}

}  // namespace

std::vector<std::string> certified_names(SSL* connection) {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(connection), &X509_free);
  std::vector<std::string> out;
  if (!certificate || SSL_get_verify_result(connection) != X509_V_OK) return out;
  add_common_name(certificate.get(), out);
  add_alternative_names(certificate.get(), out);
  return out;
}

Result<TlsContextPtr> make_tls_context(const config::WebTls& settings) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  auto* native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // Where clients show certificates, OpenSSL resumes sessions only of a named context and fails the others.
  constexpr std::array<unsigned char, 5> name{'g', 'u', 'a', 'r', 'd'};
  SSL_CTX_set_session_id_context(native, name.data(), name.size());
  if (auto loaded = load_files(*context, settings); !loaded) return std::unexpected(loaded.error());
  return context;
}

}  // namespace guard::api
