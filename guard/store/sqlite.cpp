// SPDX-License-Identifier: Apache-2.0
#include "guard/store/sqlite.hpp"

#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>

namespace guard::store {
namespace {

constexpr std::chrono::milliseconds busy_wait{1000};  // for a backup, which holds the file for moments only

struct Finalizer {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalizer>;

int bind(sqlite3_stmt* statement, int index, const Parameter& parameter) {
  if (const auto* number = std::get_if<std::int64_t>(&parameter)) return sqlite3_bind_int64(statement, index, *number);
  if (const auto* text = std::get_if<std::string_view>(&parameter)) {
    const auto* data = text->data() == nullptr ? "" : text->data();  // a null pointer would bind NULL
    return sqlite3_bind_text64(statement, index, data, text->size(), nullptr, SQLITE_UTF8);
  }
  return sqlite3_bind_null(statement, index);
}

// A full disk is not among them: nothing was written, and there may be room again.
bool cannot_be_trusted(int extended_code) {
  const int code = extended_code & 0xFF;
  return code == SQLITE_IOERR || code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

}  // namespace

std::string Row::text(int column) const {
  const auto* data = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return data == nullptr ? std::string{} : std::string(static_cast<const char*>(data), size);
}

std::int64_t Row::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

void Database::Closer::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

Database::~Database() = default;

Result<Database> Database::open(const std::filesystem::path& file, bool create) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE | (create ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
  Database database(file, handle);
  if (code != SQLITE_OK) return database.failed();
  sqlite3_busy_timeout(handle, static_cast<int>(busy_wait.count()));
  return database;
}

std::unexpected<Error> Database::failed() {
  const int code = handle_ ? sqlite3_extended_errcode(handle_.get()) : SQLITE_NOMEM;
  const auto words = fmt::format("{}: {} (SQLite {})", file_.string(),
                                 handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code), code);
  if (cannot_be_trusted(code) && trouble_.empty()) trouble_ = words;
  const bool held = (code & 0xFF) == SQLITE_BUSY;
  return fail(ErrorCode::internal, held ? words + "; another program holds the file: end it" : words);
}

Result<void> Database::take_alone() {
  if (auto taken = run("BEGIN EXCLUSIVE"); !taken) return taken;
  return run("COMMIT");
}

Result<void> Database::run(const std::string& sql, const std::vector<Parameter>& parameters) {
  return each(sql, parameters, [](const Row&) -> Result<void> { return {}; });
}

Result<void> Database::each(const std::string& sql, const std::vector<Parameter>& parameters, const Visit& visit) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(handle_.get(), sql.c_str(), -1, &raw, nullptr) != SQLITE_OK) return failed();
  const Statement statement(raw);
  int index = 0;
  for (const auto& parameter : parameters)
    if (bind(raw, ++index, parameter) != SQLITE_OK) return failed();
  while (true) {
    const int code = sqlite3_step(raw);
    if (code == SQLITE_DONE) return {};
    if (code != SQLITE_ROW) return failed();
    if (auto visited = visit(Row(raw)); !visited) return visited;
  }
}

Result<std::string> Database::text(const std::string& sql) {
  std::string value;
  bool found = false;
  const auto keep = [&](const Row& row) -> Result<void> {
    if (!std::exchange(found, true)) value = row.text(0);
    return {};
  };
  if (auto done = each(sql, {}, keep); !done) return std::unexpected(done.error());
  if (!found) return fail(ErrorCode::internal, fmt::format("{}: no answer to {}", file_.string(), sql));
  return value;
}

Result<std::int64_t> Database::integer(const std::string& sql) {
  std::int64_t value = 0;
  bool found = false;
  const auto keep = [&](const Row& row) -> Result<void> {
    if (!std::exchange(found, true)) value = row.integer(0);
    return {};
  };
  if (auto done = each(sql, {}, keep); !done) return std::unexpected(done.error());
  if (!found) return fail(ErrorCode::internal, fmt::format("{}: no answer to {}", file_.string(), sql));
  return value;
}

Result<void> Database::transaction(const std::function<Result<void>()>& work) {
  if (auto begun = run("BEGIN IMMEDIATE"); !begun) return begun;
  auto done = work();
  if (done) done = run("COMMIT");
  if (sqlite3_get_autocommit(handle_.get()) != 0) return done;  // committed, or SQLite took it back by itself
  const auto undone = run("ROLLBACK");
  if (!undone && trouble_.empty()) trouble_ = "a rollback failed: " + undone.error().message;
  return done;
}

}  // namespace guard::store
