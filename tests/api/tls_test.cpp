// SPDX-License-Identifier: Apache-2.0
#include "tests/api/tls_client.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

namespace guard::test {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::StartsWith;

class Tls : public testing::Test {
 protected:
  Tls() {
    certificates.issue("server");
    certificates.issue("client");
  }

  config::WebTls files(bool mutual = false) {
    config::WebTls tls{certificates.certificate("server"), certificates.key("server"), std::nullopt};
    if (mutual) tls.client_ca_file = certificates.authority();
    return tls;
  }
  std::unique_ptr<Host> host_with(const config::WebTls& tls, const api::Limits& limits = {}) {
    return std::make_unique<Host>(Host::Setup{limits, {}, tls});
  }
  // The status of one request on a connection of its own; 0 where the connection failed.
  int ask(Host& host, const TlsChoice& choice = {}) {
    Client client(host, tls_channel(host, certificates, choice, sight));
    return client.ask(get("/-/healthy")).status;
  }
  std::string refusal(const config::WebTls& tls) {
    Host host;
    const auto server = api::Server::listen(host.loop, {{"127.0.0.1:0"}, tls, {}}, host.router);
    return server ? "" : server.error().message;
  }
  std::filesystem::path with_text(const std::string& name, const std::string& text) {
    std::ofstream(certificates.certificate(name)) << text;
    return certificates.certificate(name);
  }

  Certificates certificates;
  TlsSight sight;
};

TEST_F(Tls, SpeaksVersions1_2And1_3AndNoOlder) {
  const auto host = host_with(files());
  EXPECT_EQ(ask(*host, {TLS1_2_VERSION, ""}), 200);
  EXPECT_EQ(sight.version, "TLSv1.2");
  EXPECT_EQ(ask(*host, {TLS1_3_VERSION, ""}), 200);
  EXPECT_EQ(sight.version, "TLSv1.3");
  EXPECT_EQ(ask(*host, {TLS1_1_VERSION, ""}), 0);
}

TEST_F(Tls, ManyRequestsGoOverOneConnectionAndItEndsInOrder) {
  const auto host = host_with(files());
  Client client(*host, tls_channel(*host, certificates, {}, sight));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.ask(get("/-/healthy")).status, 200);
  EXPECT_EQ(client.ask(get("/nothing")).status, 404);
  EXPECT_TRUE(client.is_closed());
  client.leave();
  EXPECT_TRUE(host->until([&] { return host->server->quiet(); }));
}

TEST_F(Tls, ALongAnswerComesWhole) {
  const auto host = host_with(files());
  host->guard.view->reason = std::string(3U << 20U, 'x');
  Client client(*host, tls_channel(*host, certificates, {}, sight));
  EXPECT_GT(client.ask(get("/api/v1/releases")).body.size(), 9U << 20U);
}

TEST_F(Tls, WithAnAuthorityForClientsEachMustShowACertificateOfIt) {
  const auto host = host_with(files(true));
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    EXPECT_EQ(ask(*host, {version, "client"}), 200);
    EXPECT_EQ(ask(*host, {version, ""}), 0);
  }
}

TEST_F(Tls, ACertificateThatIsNamedIsEnoughAndAnotherIsNot) {
  certificates.issue("ada");
  auto tls = files(true);
  tls.clients = {{"ada", config::Role::deploy}};
  const auto host = host_with(tls);
  const auto whoami = [&](const std::string& certificate) {
    Client client(*host, tls_channel(*host, certificates, {0, certificate}, sight));
    return client.ask(get("/api/v1/whoami"));
  };
  EXPECT_THAT(whoami("ada").body, HasSubstr(R"("name":"ada","role":"deploy")"));
  EXPECT_EQ(whoami("client").status, 401);
  // A name among the alternative ones is as good.
  tls.clients = {{"localhost", config::Role::read}};
  EXPECT_THAT(
      [&] {
        const auto other = host_with(tls);
        Client client(*other, tls_channel(*other, certificates, {0, "client"}, sight));
        return client.ask(get("/api/v1/whoami")).body;
      }(),
      HasSubstr(R"("name":"localhost","role":"read")"));
}

TEST_F(Tls, ACertificateIsLookedAtWhereOneIsShown) {
  auto tls = files(true);
  tls.policy.certificate_optional = true;
  const auto host = host_with(tls);
  EXPECT_EQ(ask(*host), 200);
  EXPECT_EQ(ask(*host, {0, "client"}), 200);
  Certificates others;
  others.issue("client");
  std::filesystem::copy_file(others.certificate("client"), certificates.certificate("stranger"));
  std::filesystem::copy_file(others.key("client"), certificates.key("stranger"));
  EXPECT_EQ(ask(*host, {0, "stranger"}), 0);
}

// A common name is no alternative one.
TEST_F(Tls, OnlyACertificateWithAnAllowedNameIsTaken) {
  const std::vector<std::pair<std::string, int>> cases{{"localhost", 200}, {"127.0.0.1", 200}, {"client", 0}};
  for (const auto& [name, status] : cases) {
    auto tls = files(true);
    tls.policy.allowed_names = {"other", name};
    const auto host = host_with(tls);
    EXPECT_EQ(ask(*host, {0, "client"}), status) << name;
  }
}

TEST_F(Tls, VersionsCiphersAndCurvesAreThoseOfThePolicy) {
  auto tls = files();
  tls.policy.min_version = config::TlsVersion::tls13;
  EXPECT_EQ(ask(*host_with(tls), {TLS1_2_VERSION, ""}), 0);
  EXPECT_EQ(ask(*host_with(tls), {TLS1_3_VERSION, ""}), 200);
  tls = files();
  tls.policy.max_version = config::TlsVersion::tls12;
  tls.policy.ciphers = "ECDHE-ECDSA-AES256-GCM-SHA384";
  tls.policy.curves = "P-384";
  EXPECT_EQ(ask(*host_with(tls), {TLS1_3_VERSION, ""}), 0);
  EXPECT_EQ(ask(*host_with(tls), {TLS1_2_VERSION, ""}), 200);
  EXPECT_EQ(sight.cipher, "ECDHE-ECDSA-AES256-GCM-SHA384");
  EXPECT_EQ(sight.curve, "secp384r1");
  tls = files();
  tls.policy.suites = "TLS_CHACHA20_POLY1305_SHA256";
  EXPECT_EQ(ask(*host_with(tls), {TLS1_3_VERSION, ""}), 200);
  EXPECT_EQ(sight.cipher, "TLS_CHACHA20_POLY1305_SHA256");
  tls.policy.curves = "nonsense";
  EXPECT_THAT(refusal(tls), StartsWith("tls_server_config.curve_preferences: "));
}

TEST_F(Tls, TheOrderOfCiphersIsTheGuardsOrTheClients) {
  auto tls = files();
  tls.policy.max_version = config::TlsVersion::tls12;
  tls.policy.ciphers = "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-GCM-SHA384";
  EXPECT_EQ(ask(*host_with(tls)), 200);
  EXPECT_EQ(sight.cipher, "ECDHE-ECDSA-CHACHA20-POLY1305");
  tls.policy.own_order = false;
  EXPECT_EQ(ask(*host_with(tls)), 200);
  EXPECT_EQ(sight.cipher, "ECDHE-ECDSA-AES256-GCM-SHA384") << "OpenSSL's clients like it best";
}

TEST_F(Tls, ACertificateOfAnotherAuthorityIsRefused) {
  Certificates others;
  others.issue("client");
  const auto host = host_with(files(true));
  std::filesystem::copy_file(others.certificate("client"), certificates.certificate("stranger"));
  std::filesystem::copy_file(others.key("client"), certificates.key("stranger"));
  EXPECT_EQ(ask(*host, {0, "stranger"}), 0);
}

TEST_F(Tls, AReloadTakesTheNewCertificateForNewConnections) {
  const auto host = host_with(files());
  Client old(*host, tls_channel(*host, certificates, {}, sight));
  EXPECT_EQ(old.ask(get("/-/healthy")).status, 200);
  const auto before = sight.certificate;
  certificates.issue("server");
  ASSERT_TRUE(host->server->renew(files(), {}));
  EXPECT_EQ(ask(*host), 200);
  EXPECT_NE(sight.certificate, before);
  EXPECT_EQ(old.ask(get("/-/healthy")).status, 200) << "the old connection goes on";
}

// Whose certificate counts may be what the reload is about.
TEST_F(Tls, AConnectionThatACertificateLetInEndsWithAReload) {
  auto tls = files();
  tls.client_ca_file = certificates.authority();
  const auto host = host_with(tls);
  TlsSight sight;
  Client client(*host, tls_channel(*host, certificates, {0, "client"}, sight));
  EXPECT_EQ(client.ask(get("/-/healthy")).status, 200);
  EXPECT_TRUE(host->server->renew(tls, {}));
  EXPECT_TRUE(client.is_closed());
}

TEST_F(Tls, ABadReloadKeepsTheOldCertificate) {
  const auto host = host_with(files());
  with_text("server", "not a certificate");
  EXPECT_FALSE(host->server->renew(files(), {}));
  EXPECT_EQ(ask(*host), 200);
}

TEST_F(Tls, SwitchingItOnOrOffTakesARestart) {
  const auto host = host_with(files());
  EXPECT_EQ(host->server->renew(std::nullopt, {}).error().message,
            "tls_server_config was added or removed: restart the guard for that");
  EXPECT_EQ(ask(*host), 200);
  Host plain;
  EXPECT_FALSE(plain.server->renew(files(), {}));
  EXPECT_TRUE(plain.server->renew(std::nullopt, {}));
}

TEST_F(Tls, AFileThatCannotBeUsedIsNamedWithWhy) {
  auto tls = files();
  tls.cert_file = "/nowhere/x.pem";
  EXPECT_THAT(refusal(tls), StartsWith("tls_server_config.cert_file: /nowhere/x.pem: "));
  tls = files();
  tls.key_file = with_text("key", "no key");
  EXPECT_THAT(refusal(tls), StartsWith("tls_server_config.key_file: "));
  tls = files();
  tls.client_ca_file = with_text("ca", "");
  EXPECT_THAT(refusal(tls), StartsWith("tls_server_config.client_ca_file: "));
}

TEST_F(Tls, AKeyThatIsNotTheCertificatesIsSaidToBeAnothers) {
  auto tls = files();
  tls.key_file = certificates.key("client");
  EXPECT_THAT(refusal(tls), HasSubstr("this is not the key of cert_file"));
}

TEST_F(Tls, AClientThatSpeaksPlainHttpIsDropped) {
  const auto host = host_with(files());
  Client client(*host);
  client.send(get("/-/healthy"));
  EXPECT_TRUE(client.is_closed());
}

TEST_F(Tls, AHandshakeThatStallsIsDroppedInTime) {
  api::Limits limits;
  limits.head_time = milliseconds(30);
  const auto host = host_with(files(), limits);
  Client client(*host);
  EXPECT_TRUE(client.is_closed());
}

TEST_F(Tls, ASlowHeadIsTold408) {
  api::Limits limits;
  limits.head_time = milliseconds(200);
  const auto host = host_with(files(), limits);
  Client client(*host, tls_channel(*host, certificates, {}, sight));
  EXPECT_EQ(client.ask("GET / HT").status, 408);
}

TEST_F(Tls, StoppingEndsIdleConnections) {
  const auto host = host_with(files());
  Client client(*host, tls_channel(*host, certificates, {}, sight));
  EXPECT_EQ(client.ask(get("/-/healthy")).status, 200);
  host->server->stop();
  EXPECT_TRUE(client.is_closed());
  EXPECT_TRUE(host->until([&] { return host->server->quiet(); }));
}

}  // namespace
}  // namespace guard::test
