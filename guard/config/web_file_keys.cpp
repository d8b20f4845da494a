// SPDX-License-Identifier: Apache-2.0
#include "guard/config/go_tls.hpp"
#include "guard/config/keys.hpp"
#include "guard/config/settings.hpp"

#include <array>

namespace guard::config {
namespace {

using enum Need;

constexpr std::array file_keys{
    KeyInfo{"tls_server_config", one(objects::web_file_tls), optional, "", "serve HTTPS"},
    KeyInfo{"http_server_config", one(objects::web_file_http), optional, "", "how responses are sent"},
    KeyInfo{"basic_auth_users", "texts by name", optional, "",
            "the users and the bcrypt hashes of their passwords; what each may do says `web.users`", "", true}};
constexpr std::array file_refused{RefusedKey{"rate_limit", "the guard limits connections, sizes and times by itself"}};

constexpr std::array tls_keys{
    KeyInfo{"cert_file", "path", required, "", "the certificate chain"},
    KeyInfo{"key_file", "path", required, "", "its key"},
    KeyInfo{"client_ca_file", "path", optional, "", "the CA whose certificates are taken from clients"},
    KeyInfo{"client_auth_type", one_of(client_auth_types), optional, "NoClientCert",
            "whether a client must show a certificate of `client_ca_file`"},
    KeyInfo{"client_allowed_sans", "list of texts", optional, "",
            "the certificate must have one of these alternative names (DNS, IP, mail or URI)"},
    KeyInfo{"min_version", one_of(names_of<TlsVersion>), optional, "TLS12", "the oldest version that is spoken"},
    KeyInfo{"max_version", one_of(names_of<TlsVersion>), optional, "TLS13", "the newest version that is spoken"},
    KeyInfo{
        "cipher_suites", list_of("list of cipher suites", cipher_names), optional, "",
        "the cipher suites that are spoken, best first; where none of TLS 1.3 is among them, that has all of its own"},
    KeyInfo{"prefer_server_cipher_suites", "true or false", optional, "true",
            "which order counts: that of the guard, or that of the client"},
    KeyInfo{"curve_preferences", list_of("list of curves", curve_names), optional, "",
            "the elliptic curves of a handshake, best first"}};
constexpr std::array tls_refused{RefusedKey{"cert", "put it in a file and name it with `cert_file`"},
                                 RefusedKey{"key", "put it in a file and name it with `key_file`"},
                                 RefusedKey{"client_ca", "put it in a file and name it with `client_ca_file`"}};

constexpr std::array http_keys{
    KeyInfo{"http2", "true or false", optional, "false", "the guard speaks HTTP/1.1, so only false is taken"},
    KeyInfo{"headers", "texts by name", optional, "",
            "further headers of every response: Content-Security-Policy, Strict-Transport-Security, X-Frame-Options, "
            "X-Content-Type-Options, X-XSS-Protection"}};

}  // namespace

namespace objects {
constexpr ObjectInfo web_file{"the web configuration file", file_keys, file_refused};
constexpr ObjectInfo web_file_tls{"`tls_server_config` of the web configuration file", tls_keys, tls_refused};
constexpr ObjectInfo web_file_http{"`http_server_config`", http_keys};
}  // namespace objects

}  // namespace guard::config
