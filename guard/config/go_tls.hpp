// SPDX-License-Identifier: Apache-2.0
//
// What Go calls the parts of TLS, and OpenSSL. Constants; safe from any thread.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace guard::config {

struct TlsName {
  std::string_view go;
  std::string_view openssl;
  bool of_tls13 = false;
};

// crypto/tls.CipherSuites.
inline constexpr std::array tls_ciphers{
    TlsName{"TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256", true},
    TlsName{"TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384", true},
    TlsName{"TLS_CHACHA20_POLY1305_SHA256", "TLS_CHACHA20_POLY1305_SHA256", true},
    TlsName{"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "ECDHE-ECDSA-AES128-SHA"},
    TlsName{"TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "ECDHE-ECDSA-AES256-SHA"},
    TlsName{"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "ECDHE-RSA-AES128-SHA"},
    TlsName{"TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "ECDHE-RSA-AES256-SHA"},
    TlsName{"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"},
    TlsName{"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384"},
    TlsName{"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256"},
    TlsName{"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384"},
    TlsName{"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-CHACHA20-POLY1305"},
    TlsName{"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"}};

inline constexpr std::array tls_curves{TlsName{"CurveP256", "P-256"}, TlsName{"CurveP384", "P-384"},
                                       TlsName{"CurveP521", "P-521"}, TlsName{"X25519", "X25519"}};

template <std::size_t N>
constexpr std::array<std::string_view, N> go_names(const std::array<TlsName, N>& table) {
  std::array<std::string_view, N> out{};
  std::ranges::transform(table, out.begin(), &TlsName::go);
  return out;
}

inline constexpr auto cipher_names = go_names(tls_ciphers);
inline constexpr auto curve_names = go_names(tls_curves);

// crypto/tls.ClientAuthType, as far as it proves something.
inline constexpr std::array<std::string_view, 3> client_auth_types{"NoClientCert", "VerifyClientCertIfGiven",
                                                                   "RequireAndVerifyClientCert"};

}  // namespace guard::config
