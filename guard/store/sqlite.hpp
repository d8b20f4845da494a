// SPDX-License-Identifier: Apache-2.0
//
// The little of SQLite's C API that the journal needs: one connection, statements that clean up after themselves, and
// errors with their words. One thread at a time; never used across a fork (sqlite.org/howtocorrupt.html).
#pragma once

#include "guard/base/error.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace guard::store {

// One row of a result; valid only while it is visited.
class Row {
 public:
  explicit Row(sqlite3_stmt* statement) : statement_(statement) {}
  std::string text(int column) const;
  std::int64_t integer(int column) const;

 private:
  sqlite3_stmt* statement_;
};

// A bound parameter; text must outlive the call it is given to. std::monostate is NULL.
using Parameter = std::variant<std::monostate, std::int64_t, std::string_view>;

class Database {
 public:
  using Visit = std::function<Result<void>(const Row&)>;

  // Opens `file`, creating it where `create` says so. Fails with ErrorCode::internal.
  static Result<Database> open(const std::filesystem::path& file, bool create);
  ~Database();
  Database(Database&&) noexcept = default;
  Database& operator=(Database&&) noexcept = default;

  // Runs one statement and ignores its rows. Fails with ErrorCode::internal and SQLite's own words.
  Result<void> run(const std::string& sql, const std::vector<Parameter>& parameters = {});
  // Runs one statement and visits each row; ends early with the visitor's error.
  Result<void> each(const std::string& sql, const std::vector<Parameter>& parameters, const Visit& visit);
  // The first column of the first row; fails also if there is no row.
  Result<std::string> text(const std::string& sql);
  Result<std::int64_t> integer(const std::string& sql);
  // Runs `work` between BEGIN IMMEDIATE and COMMIT. If anything fails, all of it is taken back.
  Result<void> transaction(const std::function<Result<void>()>& work);

  // Takes the whole file, as the end of a commit does, and lets it go. Fails if another program does not let it.
  Result<void> take_alone();

  // Why the file can no longer be relied on, or empty: the disk or a rollback failed, or a page is damaged. The kernel
  // drops what it could not write and reports that only once (wiki.postgresql.org/wiki/Fsync_Errors), so the next sync
  // would wrongly succeed; and whether a commit that failed at its last write took place only shows on opening anew.
  const std::string& trouble() const { return trouble_; }

 private:
  struct Closer {
    void operator()(sqlite3* handle) const;
  };
  explicit Database(std::filesystem::path file, sqlite3* handle) : file_(std::move(file)), handle_(handle) {}
  std::unexpected<Error> failed();

  std::filesystem::path file_;
  std::unique_ptr<sqlite3, Closer> handle_;
  std::string trouble_;
};

}  // namespace guard::store
