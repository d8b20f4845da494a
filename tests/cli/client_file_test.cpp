// SPDX-License-Identifier: Apache-2.0
//
// What a command takes from the client files, and what comes before it.
#include "guard/base/file.hpp"
#include "tests/cli/harness.hpp"
#include "tests/support/folder.hpp"

#include <cstdlib>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

class ClientFiles : public testing::Test {
 protected:
  ClientFiles() {
    line_.context.client_files = {folder_ / "own.yml", folder_ / "system.yml"};
    line_.guard = answers({answer(200, "ready\n")});
    for (const auto* token : {"own.token", "system.token", "other.token"}) write(token, "0123456789abcdef");
  }

  void write(const std::string& name, const std::string& text) const {
    EXPECT_TRUE(write_file_durably(folder_ / name, text));
  }
  // How the guard is reached by this command.
  client::Connection connection(std::vector<std::string> options = {}) {
    options.insert(options.begin(), "healthcheck");
    EXPECT_EQ(line_.run(options), 0) << line_.err();
    return line_.connections.empty() ? client::Connection{} : line_.connections.back();
  }

  const test::Folder folder_;
  CommandLine line_;
};

TEST_F(ClientFiles, AreNotNeeded) {
  EXPECT_EQ(connection().server.value_or(client::default_server), client::default_server);
  EXPECT_FALSE(connection().token_file);
}

TEST_F(ClientFiles, MaySayNothing) {
  write("own.yml", "# server: http://guard:1\n\n");
  EXPECT_EQ(connection().server.value_or(client::default_server), client::default_server);
}

TEST_F(ClientFiles, OneThatCannotBeReadIsNoReasonToAskAnotherGuard) {
  fs::create_symlink(folder_ / "gone.yml", folder_ / "own.yml");
  EXPECT_NE(line_.run({"healthcheck"}), 0);
  EXPECT_THAT(line_.err(), HasSubstr("own.yml"));
}

TEST_F(ClientFiles, SayWhichGuardIsAskedAndAsWhom) {
  write("own.yml", "server: http://guard:1\ntoken_file: own.token\nca_file: own.token\n");
  const auto used = connection();
  EXPECT_EQ(used.server, "http://guard:1");
  EXPECT_EQ(used.token_file, folder_ / "own.token");
  EXPECT_EQ(used.ca_file, folder_ / "own.token");
}

TEST_F(ClientFiles, TheUsersOwnComesBeforeTheSystems) {
  write("own.yml", "token_file: own.token\n");
  write("system.yml", "server: http://guard:1\ntoken_file: system.token\n");
  const auto used = connection();
  EXPECT_EQ(used.server, "http://guard:1");
  EXPECT_EQ(used.token_file, folder_ / "own.token");
}

TEST_F(ClientFiles, OptionsAndEnvironmentComeBeforeThem) {
  write("own.yml", "token_file: own.token\n");
  EXPECT_EQ(connection({"--token-file", (folder_ / "other.token").string()}).token_file, folder_ / "other.token");
  ::setenv("RELEASE_GUARD_TOKEN_FILE", (folder_ / "other.token").c_str(), 1);
  EXPECT_EQ(connection().token_file, folder_ / "other.token");
  ::unsetenv("RELEASE_GUARD_TOKEN_FILE");
  EXPECT_EQ(connection().token_file, folder_ / "own.token");
}

TEST_F(ClientFiles, ATokenIsShownToTheServerItIsKeptWithAndToNoOther) {
  write("own.yml", "server: http://guard:1/\ntoken_file: own.token\n");
  EXPECT_EQ(connection({"--server", "http://guard:1"}).token_file, folder_ / "own.token");
  const auto elsewhere = connection({"--server", "http://other:1"});
  EXPECT_EQ(elsewhere.server, "http://other:1");
  EXPECT_FALSE(elsewhere.token_file);
}

TEST_F(ClientFiles, WhyATokenWasNotShownIsSaidWhereOneIsAskedFor) {
  write("own.yml", "server: http://127.0.0.1:1\ntoken_file: own.token\n");
  line_.guard = answers({answer(401, R"({"error":"no token","code":"unauthorized"})")});
  EXPECT_NE(line_.run({"release", "list", "--server", "http://localhost:1"}), 0);
  EXPECT_THAT(line_.err(), HasSubstr("or RELEASE_GUARD_TOKEN_FILE (the token of " + (folder_ / "own.yml").string() +
                                     " is for http://127.0.0.1:1 alone)"));
}

TEST_F(ClientFiles, TheSystemsTokenIsNotShownToTheUsersOwnServer) {
  write("own.yml", "server: http://mine:1\n");
  write("system.yml", "server: http://guard:1\ntoken_file: system.token\n");
  const auto used = connection();
  EXPECT_EQ(used.server, "http://mine:1");
  EXPECT_FALSE(used.token_file);
}

TEST_F(ClientFiles, ACertificateAndItsKeyComeFromOnePlace) {
  write("own.yml", "cert_file: own.token\nkey_file: own.token\n");
  write("system.yml", "cert_file: system.token\nkey_file: system.token\n");
  EXPECT_EQ(connection().key_file, folder_ / "own.token");
  const auto other = (folder_ / "other.token").string();
  EXPECT_EQ(connection({"--cert-file", other, "--key-file", other}).key_file, other);
}

TEST_F(ClientFiles, OneThatIsWrongIsRefusedWithItsPlace) {
  write("own.yml", "sever: http://guard:1\n");
  EXPECT_EQ(line_.run({"healthcheck", "--server", "http://other:1"}), 1);
  EXPECT_THAT(line_.err(), StartsWith("release-guard: " + (folder_ / "own.yml").string() + ":1:1: "));
  EXPECT_TRUE(line_.connections.empty());
}

TEST_F(ClientFiles, ANamedFileThatCannotBeReadIsToldWithTheFileThatNamesIt) {
  write("own.yml", "token_file: gone.token\n");
  EXPECT_EQ(line_.run({"healthcheck"}), 1);
  EXPECT_THAT(line_.err(), HasSubstr((folder_ / "own.yml").string() +
                                     ": `token_file`: " + (folder_ / "gone.token").string() + ": cannot open"));
  connection({"--token-file", (folder_ / "own.token").string()});
}

TEST_F(ClientFiles, AreNotReadByServe) {
  write("own.yml", "nonsense\n");
  EXPECT_EQ(line_.run({"serve"}), 0) << line_.err();
}

}  // namespace
}  // namespace guard::test
