// SPDX-License-Identifier: Apache-2.0
//
// What a hook's program and a secret file must be like, tried on files of every kind.
#include "guard/config/trusted_file.hpp"

#include "guard/config/load.hpp"
#include "tests/support/folder.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::config {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

class TrustedFile : public testing::Test {
 protected:
  TrustedFile() { fs::create_directories(folder_ / "bin"); }

  fs::path write(const std::string& name, const std::string& text, int mode = 0700) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    fs::permissions(folder_ / name, fs::perms(mode));
    return folder_ / name;
  }
  std::string problem_of(const std::string& text, std::optional<std::string> path = std::nullopt) const {
    return program_problem(write("hook", text), {folder_.path(), std::move(path)});
  }
  std::string of_first_line(const std::string& rest) const {
    return "the first line of " + (folder_ / "hook").string() + " " + rest;
  }

  const test::Folder folder_;
};

TEST_F(TrustedFile, AProgramThatRunsHasNoProblem) {
  EXPECT_EQ(program_problem("/bin/sh", {folder_.path(), {}}), "");
  for (const auto* text : {"#!/bin/sh\n", "#! /bin/sh -e\necho\n", "#!/bin/sh", "#!/usr/bin/env sh\n",
                           "#!/usr/bin/env -S sh -e\n", "#!/usr/bin/env A=b sh\n"})
    EXPECT_EQ(problem_of(text), "") << text;
}

TEST_F(TrustedFile, AScriptThatNamesNoInterpreterIsNoProgram) {
  const auto unnamed = of_first_line(
      "does not begin with `#!`, so the system does not know what runs it; write for example #!/bin/sh "
      "there");
  EXPECT_EQ(problem_of("echo back\n"), unnamed);
  EXPECT_EQ(problem_of(""), unnamed);
  EXPECT_EQ(problem_of("\n#!/bin/sh\n"), unnamed);
  EXPECT_EQ(problem_of("#!\necho\n"), of_first_line("names no interpreter after `#!`; write for example #!/bin/sh"));
  EXPECT_EQ(problem_of("\xEF\xBB\xBF#!/bin/sh\n"),
            of_first_line("begins with a byte order mark; save the file without it"));
}

TEST_F(TrustedFile, AScriptWithWindowsLineEndsIsNoProgram) {
  EXPECT_THAT(problem_of("#!/bin/sh\r\necho\r\n"), StartsWith(of_first_line("ends in a carriage return")));
  EXPECT_EQ(problem_of("#!/bin/sh\necho\r\n"), "");
}

TEST_F(TrustedFile, AnInterpreterThatIsMissingIsFoundBeforeTheEmergency) {
  EXPECT_EQ(problem_of("#!/no/such/bash\n"),
            of_first_line("names /no/such/bash as its interpreter, which does not exist; install it or correct the "
                          "line"));
  EXPECT_EQ(problem_of("#!/etc/passwd\n"),
            of_first_line("names /etc/passwd as its interpreter, which is no program; install it or correct the line"));
}

TEST_F(TrustedFile, WhatEnvSeeksMustBeInThePathThatTheHookGets) {
  EXPECT_THAT(problem_of("#!/usr/bin/env mysh\n"),
              HasSubstr("seeks mysh by its name, which is not in the hook's PATH"));
  write("bin/mysh", "#!/bin/sh\n");
  EXPECT_NE(problem_of("#!/usr/bin/env mysh\n"), "");
  EXPECT_EQ(problem_of("#!/usr/bin/env mysh\n", "/nowhere:" + (folder_ / "bin").string() + ":"), "");
}

TEST_F(TrustedFile, WhatEveryoneCanWriteIsNotTrusted) {
  EXPECT_EQ(exposure(write("token", "x", 0666)), (folder_ / "token").string() +
                                                     " can be written by everyone on this machine; run `chmod o-w` on "
                                                     "it");
  EXPECT_EQ(exposure(write("token", "x", 0664)), "");
  EXPECT_EQ(exposure(folder_ / "missing"), "");
  EXPECT_THAT(program_problem(write("open", "#!/bin/sh\n", 0777), {folder_.path(), {}}),
              HasSubstr("can be written by everyone"));
  fs::permissions(folder_.path(), fs::perms(0777));
  EXPECT_THAT(exposure(folder_ / "token"), HasSubstr("can be replaced by everyone"));
  fs::permissions(folder_.path(), fs::perms(01777));
  EXPECT_EQ(exposure(folder_ / "token"), "");
}

TEST_F(TrustedFile, EverySecretOfTheConfigurationIsLookedAt) {
  write("rules.yml", R"(groups:
  - name: shop
    match: ['service="shop"']
    window: 1h
    rollback: { hook: undo, mode: ask }
    rules: [{ slo: e2e, signal: e2e, objective: succeeded, on_no_data: hold }]
)");
  const auto file = write("guard.yml", R"(prometheus: { url: "http://p:1", authorization: { credentials_file: a } }
alertmanager: { urls: ["http://a:1"], basic_auth: { username: x, password_file: b } }
rule_files: [rules.yml]
hooks: [{ name: undo, http: { url: "http://h:1", secret_file: c } }]
tokens: [{ name: o, role: operate, token_file: d }]
)");
  for (const auto* name : {"a", "b", "c", "d"}) write(name, "a-secret-that-is-long-enough", 0600);
  EXPECT_EQ(format(load_settings(file).diagnostics), "");
  for (const auto* name : {"a", "b", "c", "d"}) {
    fs::permissions(folder_ / name, fs::perms(0606));
    const auto loaded = load_settings(file);
    EXPECT_FALSE(loaded.value) << name;
    ASSERT_EQ(loaded.diagnostics.items.size(), 1U) << name;
    EXPECT_THAT(loaded.diagnostics.items[0].message,
                HasSubstr((folder_ / name).string() + " can be written by everyone on this machine"));
    fs::permissions(folder_ / name, fs::perms(0600));
  }
}

}  // namespace
}  // namespace guard::config
