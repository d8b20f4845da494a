// SPDX-License-Identifier: Apache-2.0
//
// TLS: only the server that was meant is spoken to, and it may ask who calls.
#include "guard/base/file.hpp"
#include "tests/http/client_of.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/folder.hpp"

#include <gmock/gmock.h>

namespace guard::http {
namespace {

namespace fs = std::filesystem;
using test::Authority;
using test::Identity;
using test::server_context;
using testing::HasSubstr;

constexpr const char* unverified =
    "the server's certificate could not be verified; check tls_config.ca_file and server_name";

class Tls : public testing::Test {
 protected:
  void SetUp() override {
    authority_ = std::make_unique<Authority>(folder_ / "ours");
    tls_.ca_file = authority_->ca_file();
  }

  // One request to a server with this certificate, by the settings as they are.
  Result<Response> ask(const Identity& identity, const Authority* client_ca = nullptr) {
    const auto context = server_context(identity, client_ca);
    const RawServer server(std::ref(recording_), context.get());
    auto settings = settings_for(server.url());
    if (!host_.empty()) settings.url = "https://" + host_ + ":" + std::to_string(server.port());
    settings.tls = tls_;
    const auto client = Client::make(settings, machine_clock);
    if (!client) return std::unexpected(client.error());
    return client->send(get());
  }
  void expect_unverified(const Result<Response>& response) {
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, ErrorCode::unavailable);
    EXPECT_THAT(response.error().message, HasSubstr(unverified));
    EXPECT_TRUE(recording_.requests().empty()) << "a stranger was told the request";
  }

  const test::Folder folder_;
  std::unique_ptr<Authority> authority_;
  Recording recording_{answer("private")};
  TlsSettings tls_;
  std::string host_;
};

TEST_F(Tls, AServerOfTheGivenAuthorityIsSpokenTo) {
  const auto response = ask(authority_->issue("IP:127.0.0.1"));
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "private");
}

TEST_F(Tls, AHostNameIsVerifiedAsSuch) {
  host_ = "localhost";
  expect_unverified(ask(authority_->issue("DNS:other")));
  EXPECT_TRUE(ask(authority_->issue("DNS:localhost")));
}

TEST_F(Tls, AServerOfAnotherAuthorityIsAStranger) {
  const Authority other(folder_ / "other");
  expect_unverified(ask(other.issue("IP:127.0.0.1")));
}

TEST_F(Tls, WithoutAnAuthorityOfItsOwnOnlyTheSystemsCount) {
  tls_.ca_file.reset();
  expect_unverified(ask(authority_->issue("IP:127.0.0.1")));
}

TEST_F(Tls, AServerWithAnotherNameIsAStranger) {
  expect_unverified(ask(authority_->issue("IP:127.0.0.2")));
  expect_unverified(ask(authority_->issue("DNS:localhost")));
}

TEST_F(Tls, ServerNameIsWhatIsVerifiedAndTheHostHeaderStaysTheUrls) {
  tls_.server_name = "prometheus.internal";
  const auto response = ask(authority_->issue("DNS:prometheus.internal"));
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_THAT(recording_.requests().back(), HasSubstr("\r\nHost: 127.0.0.1:"));
}

TEST_F(Tls, ServerNameWorksForAHostWithSeveralAddresses) {
  host_ = "localhost";  // ::1 first on many machines, where nobody listens
  tls_.server_name = "prometheus.internal";
  const auto response = ask(authority_->issue("DNS:prometheus.internal"));
  ASSERT_TRUE(response) << response.error().message;
}

TEST_F(Tls, ServerNameThatTheCertificateDoesNotHoldIsRefused) {
  tls_.server_name = "prometheus.internal";
  expect_unverified(ask(authority_->issue("IP:127.0.0.1")));
}

TEST_F(Tls, InsecureSkipVerifySpeaksToAnyone) {
  const Authority other(folder_ / "other");
  tls_.insecure_skip_verify = true;
  EXPECT_TRUE(ask(other.issue("DNS:anything")));
}

TEST_F(Tls, AServerThatAsksForACertificateGetsOurs) {
  const auto mine = authority_->issue("DNS:release-guard");
  tls_.cert_file = mine.cert_file;
  tls_.key_file = mine.key_file;
  EXPECT_TRUE(ask(authority_->issue("IP:127.0.0.1"), authority_.get()));
}

TEST_F(Tls, AServerThatAsksForACertificateGetsNoAnswerFromUsWithoutOne) {
  const auto response = ask(authority_->issue("IP:127.0.0.1"), authority_.get());
  ASSERT_FALSE(response);
  EXPECT_TRUE(recording_.requests().empty());
}

TEST_F(Tls, APlainServerIsNotSpokenToInTheClear) {
  const RawServer server([](Peer& peer) {
    peer.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    peer.hang();
  });
  auto settings = settings_for("https://127.0.0.1:" + std::to_string(server.port()));
  const auto response = Client::make(settings, machine_clock)->send(get());
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::unavailable);
}

TEST_F(Tls, ACertificateIsReadAgainForEachConnection) {
  const auto mine = authority_->issue("DNS:release-guard");
  const Authority stranger(folder_ / "stranger");
  const auto theirs = stranger.issue("DNS:release-guard");
  tls_.cert_file = folder_ / "mine.pem";
  tls_.key_file = folder_ / "mine.key";
  const auto install = [&](const Identity& identity) {
    fs::copy_file(identity.cert_file, *tls_.cert_file, fs::copy_options::overwrite_existing);
    fs::copy_file(identity.key_file, *tls_.key_file, fs::copy_options::overwrite_existing);
  };
  install(theirs);
  const auto context = server_context(authority_->issue("IP:127.0.0.1"), authority_.get());
  const RawServer server(std::ref(recording_), context.get());
  auto settings = settings_for(server.url());
  settings.tls = tls_;
  const auto client = Client::make(settings, machine_clock);
  ASSERT_TRUE(client);
  EXPECT_FALSE(client->send(get()));
  install(mine);
  EXPECT_TRUE(client->send(get()));
}

TEST_F(Tls, FilesThatCannotBeUsedAreRefusedBeforeTheFirstRequest) {
  ASSERT_TRUE(write_file_durably(folder_ / "garbage", "garbage"));
  const auto refusal = [](const TlsSettings& tls) {
    auto settings = settings_for("https://127.0.0.1:1");
    settings.tls = tls;
    const auto client = Client::make(settings, machine_clock);
    EXPECT_FALSE(client);
    return client ? Error{} : client.error();
  };
  const auto mine = authority_->issue("DNS:release-guard");
  TlsSettings tls;
  tls.ca_file = folder_ / "garbage";
  EXPECT_EQ(refusal(tls),
            (Error{ErrorCode::invalid, "tls_config.ca_file: " + tls.ca_file->string() + " holds no certificate"}));
  tls.ca_file = folder_ / "missing";
  EXPECT_EQ(refusal(tls).code, ErrorCode::invalid);
  tls.ca_file.reset();
  tls.cert_file = mine.cert_file;
  EXPECT_EQ(refusal(tls), (Error{ErrorCode::invalid, "tls_config needs cert_file and key_file together"}));
  tls.key_file = authority_->issue("DNS:other").key_file;
  EXPECT_EQ(refusal(tls), (Error{ErrorCode::invalid, "tls_config.key_file: " + tls.key_file->string() +
                                                         " holds no key, or not that of cert_file"}));
  tls.cert_file = folder_ / "garbage";
  EXPECT_EQ(refusal(tls),
            (Error{ErrorCode::invalid, "tls_config.cert_file: " + tls.cert_file->string() + " holds no certificate"}));
}

}  // namespace
}  // namespace guard::http
