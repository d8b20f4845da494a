// SPDX-License-Identifier: Apache-2.0
//
// Who the client says it is, and to whom: credentials and headers reach the configured origin and nobody else.
#include "guard/base/file.hpp"
#include "tests/http/client_of.hpp"
#include "tests/support/folder.hpp"

#include <gmock/gmock.h>

namespace guard::http {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class Credentials : public testing::Test {
 protected:
  void SetUp() override { settings_.url = server_.url(); }

  fs::path file(const std::string& name, const std::string& text) const {
    EXPECT_TRUE(write_file_durably(folder_ / name, text));
    return folder_ / name;
  }
  // What the server was sent by one request with the settings as they are.
  std::string sent(const Request& request = get()) {
    const auto response = Client::make(settings_, machine_clock)->send(request);
    EXPECT_TRUE(response) << response.error().message;
    return recording_.requests().back();
  }
  Error refusal(const Request& request = get()) {
    const auto response = Client::make(settings_, machine_clock)->send(request);
    EXPECT_FALSE(response);
    EXPECT_EQ(server_.connections(), 0) << "it was sent all the same";
    return response ? Error{} : response.error();
  }

  const test::Folder folder_;
  Recording recording_{answer("ok")};
  RawServer server_{std::ref(recording_)};
  ClientSettings settings_;
};

TEST_F(Credentials, BasicAuthIsNameAndPasswordInBase64) {
  settings_.basic_auth = BasicAuth{"Aladdin", Secret("open sesame"), {}};
  EXPECT_THAT(sent(), HasSubstr("\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"));
  settings_.basic_auth = BasicAuth{"user", {}, file("password", "pass:word\n")};
  EXPECT_THAT(sent(), HasSubstr("\r\nAuthorization: Basic dXNlcjpwYXNzOndvcmQ=\r\n"));
  settings_.basic_auth = BasicAuth{"nobody", {}, {}};
  EXPECT_THAT(sent(), HasSubstr("\r\nAuthorization: Basic bm9ib2R5Og==\r\n"));
}

TEST_F(Credentials, AFileIsReadAgainForEachRequestSoThatARotatedTokenCounts) {
  settings_.authorization = Authorization{"Bearer", {}, file("token", "first\n")};
  const auto client = Client::make(settings_, machine_clock);
  ASSERT_TRUE(client->send(get()));
  EXPECT_THAT(recording_.requests().back(), HasSubstr("\r\nAuthorization: Bearer first\r\n"));
  file("token", "second\n");
  ASSERT_TRUE(client->send(get()));
  EXPECT_THAT(recording_.requests().back(), HasSubstr("\r\nAuthorization: Bearer second\r\n"));
}

TEST_F(Credentials, AFileThatIsGoneOrEmptySendsNothing) {
  settings_.authorization = Authorization{"Bearer", {}, folder_ / "missing"};
  EXPECT_EQ(refusal(), (Error{ErrorCode::unauthorized,
                              (folder_ / "missing").string() + ": cannot open: No such file or directory"}));
  settings_.authorization = Authorization{"Bearer", {}, file("blank", " \n")};
  EXPECT_EQ(refusal().code, ErrorCode::unauthorized);
}

TEST_F(Credentials, ASecretWithALineBreakIsRefusedAndNotShown) {
  settings_.authorization = Authorization{"Bearer", Secret("tok\r\nX-Evil: en"), {}};
  EXPECT_EQ(refusal(), (Error{ErrorCode::invalid, "header Authorization holds a control character"}));
}

TEST_F(Credentials, AHeaderWithAControlCharacterIsRefused) {
  for (const auto& value : {std::string("a\r\nb"), std::string("a\nb"), std::string("a\0b", 3), std::string("a\x7f")}) {
    settings_.headers = {{"X-Scope-OrgID", value}};
    EXPECT_EQ(refusal(), (Error{ErrorCode::invalid, "header X-Scope-OrgID holds a control character"}));
  }
  settings_.headers = {{"X-Scope\r\nX-Evil", "1"}};
  EXPECT_EQ(refusal(), (Error{ErrorCode::invalid, "header name holds a control character"}));
  settings_.headers.clear();
  auto request = get();
  request.headers.emplace("Idempotency-Key", "a\r\nb");
  EXPECT_EQ(refusal(request).code, ErrorCode::invalid);
}

TEST_F(Credentials, APathWithWhiteSpaceIsRefused) {
  for (const std::string path : {"/a b", "/a\r\nX-Evil: 1", "/a\tb"}) {
    auto request = get();
    request.path = path;
    EXPECT_EQ(refusal(request), (Error{ErrorCode::invalid, "the path holds white space or control characters"}));
  }
}

TEST_F(Credentials, MoreHeadersAndTheBasePathGoWithEachRequest) {
  settings_.url += "/prometheus/";
  settings_.headers = {{"X-Scope-OrgID", "team-a|team-b"}};
  const auto request = sent();
  EXPECT_THAT(request, testing::StartsWith("GET /prometheus/x HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nX-Scope-OrgID: team-a|team-b\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nUser-Agent: release-guard\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nAccept-Encoding: identity\r\n"));
}

TEST_F(Credentials, ThePathIsSentAsItWasEncoded) {
  auto request = get();
  request.path = "/api?a=1+2&b=%2B%2f,;'\"&filter=a%3D%22b%22";
  EXPECT_THAT(sent(request), testing::StartsWith("GET " + request.path + " HTTP/1.1\r\n"));
}

TEST_F(Credentials, ABodyIsSentWithItsTypeAndNoOtherBodyIs) {
  EXPECT_THAT(sent(post("a=b")), HasSubstr("\r\nContent-Type: text/plain\r\n"));
  EXPECT_THAT(recording_.requests().back(), testing::EndsWith("\r\n\r\na=b"));
  EXPECT_THAT(sent(), Not(HasSubstr("Content-Type")));
}

TEST_F(Credentials, Fault7ARedirectIsAnAnswerAndNobodyElseSeesTheCredentials) {
  Recording elsewhere(answer("stolen"));
  const RawServer other(std::ref(elsewhere));
  for (const int status : {301, 302, 303, 307, 308}) {
    Recording here("HTTP/1.1 " + std::to_string(status) + " Moved\r\nLocation: " + other.url() +
                   "/\r\nContent-Length: 0\r\n\r\n");
    const RawServer server(std::ref(here));
    auto settings = settings_for(server.url());
    settings.basic_auth = BasicAuth{"user", Secret("secret"), {}};
    const auto response = Client::make(settings, machine_clock)->send(post("x"));
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->status, status);
    EXPECT_EQ(response->header("location"), other.url() + "/");
    EXPECT_EQ(here.requests().size(), 1U);
  }
  EXPECT_EQ(other.connections(), 0);
}

TEST_F(Credentials, A401DoesNotMakeTheClientTryAgain) {
  Recording here("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"x\"\r\nContent-Length: 0\r\n\r\n");
  const RawServer server(std::ref(here));
  settings_.url = server.url();
  settings_.basic_auth = BasicAuth{"user", Secret("secret"), {}};
  const auto response = Client::make(settings_, machine_clock)->send(get());
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 401);
  EXPECT_EQ(here.requests().size(), 1U);
}

}  // namespace
}  // namespace guard::http
