// SPDX-License-Identifier: Apache-2.0
#include "guard/client/guard_api.hpp"
#include "tests/cli/harness.hpp"
#include "tests/support/folder.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class ApiTest : public testing::Test {
 protected:
  Result<std::string> get(Result<client::Response> answered) {
    line_.guard = answers({std::move(answered)});
    const auto api = client::GuardApi::connect({}, line_.context.connect);
    return api->get("/x");
  }

  CommandLine line_;
};

TEST_F(ApiTest, GivesTheBodyOfASuccess) {
  EXPECT_EQ(get(answer(200, "fine")), "fine");
  EXPECT_EQ(get(answer(201, "made")), "made");
}

TEST_F(ApiTest, SaysWhatTheGuardSaid) {
  const auto refused = get(answer(409, R"({"error":"the release is paused already","code":"conflict"})"));
  EXPECT_EQ(refused.error(), (Error{ErrorCode::conflict, "the release is paused already"}));
}

TEST_F(ApiTest, SaysWhatToDoWithoutAToken) {
  const auto refused = get(answer(401, R"({"error":"no token","code":"unauthorized"})"));
  EXPECT_EQ(refused.error().message, "no token; give a token with --token-file or RELEASE_GUARD_TOKEN_FILE");
}

TEST_F(ApiTest, TellsAStrangersAnswerFromTheGuards) {
  const auto strange = get(answer(502, "<html>Bad Gateway</html>"));
  EXPECT_EQ(strange.error().code, ErrorCode::broken);
  EXPECT_THAT(strange.error().message, HasSubstr("http://127.0.0.1:8929 answered HTTP 502 and not as a guard does"));
  EXPECT_EQ(get(answer(302, "")).error().code, ErrorCode::broken);
}

TEST_F(ApiTest, SaysThatNobodyAnswersAndWhatToDo) {
  EXPECT_EQ(get(nobody_answers()).error().message,
            "no guard answers at http://127.0.0.1:8929: is it running? give --server or RELEASE_GUARD_SERVER "
            "(connection refused)");
}

TEST_F(ApiTest, NamesTheAddress) {
  EXPECT_EQ(get(fail(ErrorCode::broken, "connection reset")).error().message,
            "http://127.0.0.1:8929: connection reset");
}

TEST_F(ApiTest, SaysThatTheGuardIsSlow) {
  EXPECT_THAT(get(fail(ErrorCode::timeout, "deadline")).error().message, HasSubstr("did not answer within 20s"));
}

TEST_F(ApiTest, AnUnusableAddressIsTheServerOptionsFault) {
  line_.context.connect = [](const client::Connection&) -> Result<client::Send> {
    return fail(ErrorCode::invalid, "\"guard\" is no URL");
  };
  EXPECT_EQ(client::GuardApi::connect({}, line_.context.connect).error().message, "--server: \"guard\" is no URL");
}

TEST_F(ApiTest, AServerThatIsNoUrlIsAnsweredWithTheGuardsOwn) {
  EXPECT_EQ(
      client::GuardApi::connect({"127.0.0.1:1", {}, {}}, line_.context.connect).error().message,
      "--server: \"127.0.0.1:1\" is not a usable URL: it begins with neither http:// nor https://; write for example "
      "http://127.0.0.1:8929");
}

TEST_F(ApiTest, EveryCallHasADeadline) {
  EXPECT_TRUE(get(answer(200, "")));
  EXPECT_GT(line_.requests.at(0).deadline.count(), 0);
}

TEST(ApiPath, EncodesWhatAnIdMayHold) {
  EXPECT_EQ(client::release_path("a/b ü%", "/live"), "/api/v1/releases/a%2Fb%20%C3%BC%25/live");
  EXPECT_EQ(client::release_path("v1.4-2_x~"), "/api/v1/releases/v1.4-2_x~");
}

TEST(ApiOptions, ComeFromFlagsOrTheEnvironment) {
  const test::Folder folder;
  const auto file = [&](const std::string& name) {
    std::ofstream(folder / name) << "0123456789abcdef";
    return (folder / name).string();
  };
  const auto run_token = file("run.token");
  const auto token = file("t");
  const auto ca = file("ca.pem");
  ::setenv("RELEASE_GUARD_SERVER", "https://guard.internal", 1);
  ::setenv("RELEASE_GUARD_TOKEN_FILE", run_token.c_str(), 1);
  CommandLine line;
  line.guard = answers({answer(200, "ready\n")});
  line.run({"healthcheck"});
  line.run({"healthcheck", "--server", "http://other:1", "--token-file=" + token, "--ca-file=" + ca});
  ::unsetenv("RELEASE_GUARD_SERVER");
  ::unsetenv("RELEASE_GUARD_TOKEN_FILE");
  ASSERT_EQ(line.connections.size(), 2U);
  EXPECT_EQ(line.connections[0].server, "https://guard.internal");
  EXPECT_EQ(line.connections[0].token_file, run_token);
  EXPECT_EQ(line.connections[1].server, "http://other:1");
  EXPECT_EQ(line.connections[1].token_file, token);
  EXPECT_EQ(line.connections[1].ca_file, ca);
}

TEST(ApiOptions, AFileThatCannotBeReadIsNamedByItsFlagAndNotByTheAddress) {
  for (const auto& [flag, said] :
       {std::pair{"--token-file=/nope", "--token-file or RELEASE_GUARD_TOKEN_FILE: /nope: cannot open: No such file"},
        std::pair{"--token-file=/", "--token-file or RELEASE_GUARD_TOKEN_FILE: /: cannot read: Is a directory"},
        std::pair{"--ca-file=/nope", "--ca-file: /nope: cannot open: No such file"}}) {
    CommandLine line;
    EXPECT_EQ(line.run({"healthcheck", flag}), 1);
    EXPECT_THAT(line.err(), testing::StartsWith(std::string("release-guard: ") + said));
    EXPECT_THAT(line.err(), testing::Not(testing::HasSubstr("http://")));
    EXPECT_EQ(line.connections.size(), 0U);
  }
}

TEST(Healthcheck, IsOneLineAndAnExitCode) {
  CommandLine ready;
  ready.guard = answers({answer(200, "ready\nreally\n")});
  EXPECT_EQ(ready.run({"healthcheck"}), 0);
  EXPECT_EQ(ready.requests.at(0).path, "/-/ready");
  EXPECT_EQ(ready.out(), "ready really\n");

  CommandLine starting;
  starting.guard = answers({answer(503, R"({"error":"the journal is not loaded yet","code":"unavailable"})")});
  EXPECT_EQ(starting.run({"healthcheck"}), 1);
  EXPECT_EQ(starting.err(), "release-guard: the journal is not loaded yet\n");
}

}  // namespace
}  // namespace guard::test
