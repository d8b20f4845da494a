// SPDX-License-Identifier: Apache-2.0
#include "guard/config/client_file.hpp"

#include "guard/base/file.hpp"
#include "tests/support/folder.hpp"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::config {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

class ClientFileTest : public testing::Test {
 protected:
  Loaded<ClientFile> read(const std::string& text) const {
    EXPECT_TRUE(write_file_durably(path(), text));
    return load_client_file(path());
  }
  // What is said of the text, with every problem behind the file's name.
  std::string complaint(const std::string& text) const {
    const auto loaded = read(text);
    EXPECT_FALSE(loaded.value);
    return format(loaded.diagnostics);
  }
  fs::path path() const { return folder_ / "config.yml"; }

  const test::Folder folder_;
};

TEST(ClientFileFull, SaysWhichGuardAndAsWhom) {
  const auto folder = fs::path(TESTDATA_DIR) / "config/full";
  const auto loaded = load_client_file(folder / "client.yml");
  ASSERT_TRUE(loaded.value) << format(loaded.diagnostics);
  EXPECT_EQ(loaded.value->server, "https://guard.example.org:8929/guard");
  EXPECT_EQ(loaded.value->token_file, folder / "operator.token");
  EXPECT_EQ(loaded.value->ca_file, folder / "ca.pem");
  EXPECT_EQ(loaded.value->cert_file, folder / "ca.pem");
  EXPECT_EQ(loaded.value->key_file, "/etc/ssl/private/me.pem");
}

TEST_F(ClientFileTest, MayLeaveAnythingOut) {
  const auto loaded = read("token_file: t\n");
  ASSERT_TRUE(loaded.value) << format(loaded.diagnostics);
  EXPECT_FALSE(loaded.value->server);
  EXPECT_EQ(loaded.value->token_file, folder_ / "t");
  EXPECT_FALSE(loaded.value->ca_file);
}

TEST_F(ClientFileTest, AWrongKeyIsNamedWhereItStands) {
  EXPECT_THAT(complaint("server: http://guard:1\nsever: x\n"), StartsWith(path().string() + ":2:1: "));
  EXPECT_THAT(complaint("sever: http://guard:1\n"), HasSubstr("server"));
}

TEST_F(ClientFileTest, ATokenBelongsIntoAFileOfItsOwn) {
  const auto said = complaint("token: hunter2hunter2\n");
  EXPECT_THAT(said, HasSubstr("put it in a file and name it with `token_file`"));
  EXPECT_THAT(said, testing::Not(HasSubstr("hunter2")));
}

TEST_F(ClientFileTest, AServerIsAUrlWithoutQuery) {
  EXPECT_THAT(complaint("server: guard:8929\n"), StartsWith(path().string() + ":1:9: `server`"));
  EXPECT_THAT(complaint("server: http://guard:8929/?a=b\n"), HasSubstr("cannot have a query"));
}

TEST_F(ClientFileTest, ACertificateNeedsItsKey) {
  EXPECT_THAT(complaint("cert_file: me.pem\n"), HasSubstr("belong together"));
  EXPECT_THAT(complaint("key_file: me.pem\n"), HasSubstr("belong together"));
}

TEST_F(ClientFileTest, WhereEveryoneMayWriteAnotherServerNoTokenIsShown) {
  EXPECT_TRUE(read("server: http://guard:1\n").value);
  fs::permissions(path(), fs::perms::others_write, fs::perm_options::add);
  const auto loaded = load_client_file(path());
  EXPECT_FALSE(loaded.value);
  EXPECT_EQ(format(loaded.diagnostics),
            path().string() + ": can be written by everyone on this machine; run `chmod o-w` on it\n");
}

TEST_F(ClientFileTest, TheFilesThatItNamesAreLookedAtWhereThatIsAskedFor) {
  EXPECT_TRUE(read("token_file: gone\nca_file: gone\n").value);
  EXPECT_THAT(format(load_client_file(path(), NamedFiles::readable).diagnostics),
              testing::AllOf(HasSubstr(path().string() + ":1:13: `token_file`: "), HasSubstr(":2:10: `ca_file`: ")));
}

TEST_F(ClientFileTest, WhatIsNoObjectIsRefused) {
  EXPECT_THAT(complaint("- server\n"), StartsWith(path().string() + ":1:1: "));
  EXPECT_THAT(complaint("server: [\n"), StartsWith(path().string() + ":"));
}

}  // namespace
}  // namespace guard::config
