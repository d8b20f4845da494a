// SPDX-License-Identifier: Apache-2.0
#include "guard/base/file.hpp"

#include "tests/support/folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace guard {
namespace {

namespace fs = std::filesystem;

class File : public testing::Test {
 protected:
  fs::path in_folder(const std::string& name) const { return folder_ / name; }

  const test::Folder folder_;
};

TEST_F(File, WhatIsWrittenIsReadBack) {
  const std::string text("a\0b\nc", 5);
  ASSERT_TRUE(write_file_durably(in_folder("x"), text));
  EXPECT_EQ(*read_file(in_folder("x")), text);
  ASSERT_TRUE(write_file_durably(in_folder("x"), ""));
  EXPECT_EQ(*read_file(in_folder("x")), "");
}

TEST_F(File, WritingLeavesNothingElseBehindAndKeepsTheTextPrivate) {
  ASSERT_TRUE(write_file_durably(in_folder("x"), "secret"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator{}), 1);
  struct stat status{};
  ASSERT_EQ(::stat(in_folder("x").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(File, AFileThatIsAPipeIsReadToItsEndAndStopsNobody) {
  ASSERT_EQ(::mkfifo(in_folder("pipe").c_str(), 0600), 0);
  EXPECT_EQ(*read_file(in_folder("pipe")), "") << "nobody writes into it";
  const int writer = ::open(in_folder("pipe").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(writer, 0);
  ASSERT_EQ(::write(writer, "text", 4), 4);
  const auto held_open = read_file(in_folder("pipe"));
  EXPECT_EQ(held_open.error().code, ErrorCode::unavailable);
  EXPECT_EQ(held_open.error().message, in_folder("pipe").string() + ": it is a pipe into which nothing is written");
  ::close(writer);
}

TEST_F(File, WhatPeopleKeepKeepsItsModeAndItsLink) {
  ASSERT_TRUE(write_file_durably(in_folder("rules"), "old"));
  fs::permissions(in_folder("rules"), fs::perms(0640));
  fs::create_symlink("rules", in_folder("link"));
  ASSERT_TRUE(rewrite_file_durably(in_folder("link"), "new"));
  EXPECT_TRUE(fs::is_symlink(in_folder("link")));
  EXPECT_EQ(*read_file(in_folder("rules")), "new");
  EXPECT_EQ(fs::status(in_folder("rules")).permissions(), fs::perms(0640));
  ASSERT_TRUE(rewrite_file_durably(in_folder("fresh"), "x"));
  EXPECT_EQ(fs::status(in_folder("fresh")).permissions(), fs::perms(0644));
}

TEST_F(File, AFailedWriteLeavesTheOldText) {
  ASSERT_TRUE(write_file_durably(in_folder("x"), "old"));
  fs::create_directory(in_folder("x.tmp"));
  EXPECT_FALSE(write_file_durably(in_folder("x"), "new"));
  EXPECT_EQ(*read_file(in_folder("x")), "old");
}

TEST_F(File, ErrorsNameThePathAndTheReason) {
  const auto missing = read_file(in_folder("x"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  EXPECT_EQ(missing.error().message, in_folder("x").string() + ": cannot open: No such file or directory");
  EXPECT_EQ(read_file(folder_.path()).error().code, ErrorCode::internal);
  EXPECT_EQ(write_file_durably(in_folder("no/x"), "a").error().code, ErrorCode::not_found);
}

TEST_F(File, ALargeFileIsRefusedBeforeItFillsMemory) {
  ASSERT_TRUE(write_file_durably(in_folder("x"), std::string(100'001, 'a')));
  EXPECT_EQ(read_file(in_folder("x"), 100'001)->size(), 100'001U);
  EXPECT_EQ(read_file(in_folder("x"), 100'000).error(),
            (Error{ErrorCode::too_large, in_folder("x").string() + ": larger than 100000 bytes"}));
  EXPECT_EQ(read_file("/dev/zero", 100'000).error().code, ErrorCode::too_large);
}

TEST_F(File, ASecretIsReadWithoutTheWhiteSpaceAroundIt) {
  ASSERT_TRUE(write_file_durably(in_folder("x"), " hunter2\r\n"));
  EXPECT_EQ(read_secret(in_folder("x"))->reveal(), "hunter2");
}

TEST_F(File, AnEmptySecretIsNone) {
  ASSERT_TRUE(write_file_durably(in_folder("x"), " \n"));
  EXPECT_EQ(read_secret(in_folder("x")).error(),
            (Error{ErrorCode::invalid, in_folder("x").string() + ": the file is empty; put the secret in it"}));
  EXPECT_EQ(read_secret(in_folder("y")).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace guard
