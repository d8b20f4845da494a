// SPDX-License-Identifier: Apache-2.0
#include "guard/api/tls.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <arpa/inet.h>
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
  return fail(ErrorCode::invalid, fmt::format("tls_server_config.{}: {}: {}; give a readable PEM file", key,
                                              file.string(), error.message()));
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

std::optional<std::string> address_of(const ASN1_OCTET_STRING* string) {
  const auto* bytes = ASN1_STRING_get0_data(string);
  const int length = ASN1_STRING_length(string);
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = length == 4 ? AF_INET : AF_INET6;
  if ((length != 4 && length != 16) || inet_ntop(family, bytes, text.data(), text.size()) == nullptr)
    return std::nullopt;
  return text.data();
}

enum class Names { of_people, all };  // DNS and mail; and addresses and URIs

std::optional<std::string> name_in(const GENERAL_NAME& name, Names wanted) {
  if (name.type == GEN_DNS || name.type == GEN_EMAIL) return text_of(name.d.ia5);
  if (wanted == Names::of_people) return std::nullopt;
  if (name.type == GEN_URI) return text_of(name.d.ia5);
  return name.type == GEN_IPADD ? address_of(name.d.iPAddress) : std::nullopt;
}

void add_alternative_names(X509* certificate, Names wanted, std::vector<std::string>& out) {
  using List = std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)>;
  const List names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
                   &GENERAL_NAMES_free);
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i)
    if (auto text = name_in(*sk_GENERAL_NAME_value(names.get(), i), wanted)) out.push_back(std::move(*text));
}

bool has_one_of(X509* certificate, const std::vector<std::string>& allowed) {
  std::vector<std::string> names;
  add_alternative_names(certificate, Names::all, names);
  return std::ranges::find_first_of(names, allowed) != names.end();
}

void look_at_certificates(ssl::context& context, const config::TlsPolicy& policy) {
  const auto demand = policy.certificate_optional ? ssl::verify_none : ssl::verify_fail_if_no_peer_cert;
  context.set_verify_mode(ssl::verify_peer | demand);
  if (policy.allowed_names.empty()) return;
  // Called for each certificate of the chain; the client's own is the last.
  context.set_verify_callback([allowed = policy.allowed_names](bool good, ssl::verify_context& chain) {
    auto* store = chain.native_handle();
    if (!good || X509_STORE_CTX_get_error_depth(store) > 0) return good;
    return has_one_of(X509_STORE_CTX_get_current_cert(store), allowed);
  });
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
                fmt::format("tls_server_config.key_file: {}: this is not the key of cert_file {}; give the key "
                            "that belongs to the certificate",
                            settings.key_file.string(), settings.cert_file.string()));
  if (auto loaded = checked(error, "key_file", settings.key_file); !loaded || !settings.client_ca_file) return loaded;
  context.load_verify_file(settings.client_ca_file->string(), error);
  if (auto loaded = checked(error, "client_ca_file", *settings.client_ca_file); !loaded) return loaded;
  look_at_certificates(context, settings.policy);
  return {};
}

Result<void> choose(SSL_CTX* context, const config::TlsPolicy& policy) {
  const auto number = [](config::TlsVersion version) {
    return version == config::TlsVersion::tls13 ? TLS1_3_VERSION : TLS1_2_VERSION;
  };
  const auto chosen = [&](const std::string& names, auto choose_them) {
    return names.empty() || choose_them(context, names.c_str()) == 1;
  };
  const auto curves = [](SSL_CTX* of, const char* names) {
    return static_cast<int>(SSL_CTX_set1_groups_list(of, names));
  };
  SSL_CTX_set_min_proto_version(context, number(policy.min_version));
  SSL_CTX_set_max_proto_version(context, number(policy.max_version));
  if (policy.own_order) SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE);
  if (!chosen(policy.ciphers, SSL_CTX_set_cipher_list) || !chosen(policy.suites, SSL_CTX_set_ciphersuites))
    return fail(ErrorCode::invalid, "tls_server_config.cipher_suites: OpenSSL of this machine takes none of them");
  if (!chosen(policy.curves, curves))
    return fail(ErrorCode::invalid, "tls_server_config.curve_preferences: OpenSSL of this machine does not take them");
  return {};
}

}  // namespace

std::vector<std::string> certified_names(SSL* connection) {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(connection), &X509_free);
  std::vector<std::string> out;
  if (!certificate || SSL_get_verify_result(connection) != X509_V_OK) return out;
  add_common_name(certificate.get(), out);
  add_alternative_names(certificate.get(), Names::of_people, out);
  return out;
}

Result<TlsContextPtr> make_tls_context(const config::WebTls& settings) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  auto* native = context->native_handle();
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION);
  if (auto done = choose(native, settings.policy); !done) return std::unexpected(done.error());
  // Where clients show certificates, OpenSSL resumes sessions only of a named context and fails the others.
  constexpr std::array<unsigned char, 5> name{'g', 'u', 'a', 'r', 'd'};
  SSL_CTX_set_session_id_context(native, name.data(), name.size());
  if (auto loaded = load_files(*context, settings); !loaded) return std::unexpected(loaded.error());
  return context;
}

}  // namespace guard::api
