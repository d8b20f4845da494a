// SPDX-License-Identifier: Apache-2.0
//
// A journal in a folder of its own, opened as often as the test asks, and its file under other hands.
#pragma once

#include "guard/store/sqlite_store.hpp"
#include "tests/store/sample.hpp"

#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <sqlite3.h>

namespace guard::store::test {

class OnDisk : public testing::Test {
 protected:
  std::unique_ptr<Store> open() {
    auto journal = open_journal(folder_.path());
    EXPECT_TRUE(journal) << (journal ? "" : journal.error().message);
    return journal ? std::move(*journal) : nullptr;
  }
  std::string refusal() {
    const auto journal = open_journal(folder_.path());
    return journal ? "it was opened" : journal.error().message;
  }
  std::filesystem::path file() const { return folder_.path() / "journal.db"; }
  void sql(const std::string& statement) const {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(file().c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, statement.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
    sqlite3_close(handle);
  }

  Folder folder_;
};

}  // namespace guard::store::test
