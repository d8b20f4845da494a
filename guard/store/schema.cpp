// SPDX-License-Identifier: Apache-2.0
#include "guard/store/schema.hpp"

#include "guard/base/durable_folder.hpp"
#include "guard/store/stored_groups.hpp"
#include "guard/store/stored_json.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

namespace guard::store {
namespace {

constexpr std::int64_t application_id = 0x52475264;  // "RGRd": tells the journal from any other SQLite file
constexpr std::int64_t schema_version = 6;

constexpr int kept_rollback = 1 << 20;  // bytes

constexpr auto freezes_table =
    "CREATE TABLE freezes(id TEXT PRIMARY KEY, until INTEGER NOT NULL, body TEXT NOT NULL) STRICT";

constexpr auto seen_table =
    "CREATE TABLE seen(service TEXT NOT NULL, environment TEXT NOT NULL, version TEXT NOT NULL, since INTEGER NOT "
    "NULL, "
    "PRIMARY KEY(service, environment)) STRICT";

// By the alert's labels, as JSON.
constexpr auto told_table =
    "CREATE TABLE told(receiver TEXT NOT NULL, alert TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY(receiver, alert)) "
    "STRICT";

constexpr auto groups_table = "CREATE TABLE rule_groups(digest TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT";

constexpr const char* tables[] = {
    "CREATE TABLE watches(id TEXT PRIMARY KEY, service TEXT NOT NULL, environment TEXT NOT NULL, phase TEXT NOT NULL, "
    "final INTEGER NOT NULL, announced_at INTEGER NOT NULL, ended_at INTEGER, group_digest TEXT NOT NULL, "
    "body TEXT NOT NULL) STRICT",
    groups_table,
    "CREATE INDEX watches_by_age ON watches(announced_at)",
    // No foreign key: a line may be written for a release that a prune has just taken, and must not fail its batch.
    "CREATE TABLE timeline(sequence INTEGER PRIMARY KEY AUTOINCREMENT, release TEXT NOT NULL, at INTEGER NOT NULL, "
    "kind TEXT NOT NULL, message TEXT NOT NULL, body TEXT NOT NULL) STRICT",
    "CREATE INDEX timeline_by_release ON timeline(release)",
    "CREATE TABLE alerts(fingerprint TEXT PRIMARY KEY, received_at INTEGER NOT NULL, body TEXT NOT NULL) STRICT",
    "CREATE TABLE cut_groups(group_key TEXT PRIMARY KEY, received_at INTEGER NOT NULL) STRICT",
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT",
    freezes_table,
    seen_table,
    told_table,
};

Result<void> run_all(Database& database, const std::vector<std::string>& statements) {
  for (const auto& sql : statements)
    if (auto done = database.run(sql); !done) return done;
  return {};
}

// Takes the rules out of what is stored of one watch.
Result<void> take_group_out(Database& database, const std::string& id, const std::string& body) {
  auto watch = parse_stored(body);
  auto* members = watch ? watch->if_object() : nullptr;
  auto* group = members == nullptr ? nullptr : members->if_contains("group");
  if (group == nullptr)
    return fail(ErrorCode::invalid, fmt::format("release \"{}\" cannot be read: it has no rules", id));
  const auto name = put_group(database, json::serialize(*group));
  if (!name) return std::unexpected(name.error());
  members->erase("group");
  return database.run("UPDATE watches SET group_digest = ?1, body = ?2 WHERE id = ?3",
                      {*name, json::serialize(*watch), id});
}

Result<void> store_groups_once(Database& database) {
  if (auto made =
          run_all(database, {groups_table, "ALTER TABLE watches ADD COLUMN group_digest TEXT NOT NULL DEFAULT ''"});
      !made)
    return made;
  // All are read before the first is written: a table is not changed while it is gone through.
  std::vector<std::pair<std::string, std::string>> watches;
  const auto keep = [&](const Row& row) -> Result<void> {
    watches.emplace_back(row.text(0), row.text(1));
    return {};
  };
  auto done = database.each("SELECT id, body FROM watches", {}, keep);
  for (const auto& [id, body] : watches) {
    if (!done) return done;
    done = take_group_out(database, id, body);
  }
  return done;
}

// From the version of that number to the next. What the first version stored of the timeline are words alone.
const std::function<Result<void>(Database&)> upgrades[] = {
    [](Database& database) { return database.run("ALTER TABLE timeline ADD COLUMN body TEXT NOT NULL DEFAULT ''"); },
    [](Database& database) { return database.run(freezes_table); },
    [](Database& database) { return database.run(seen_table); },
    store_groups_once,
    [](Database& database) { return database.run(told_table); },
};

std::unexpected<Error> refuse(const std::filesystem::path& file, std::string_view what) {
  return fail(ErrorCode::internal,
              fmt::format("{}: {}. Nothing was changed. Restore it from a backup, or move it away to begin anew: the "
                          "guard then forgets every release it is watching",
                          file.string(), what));
}

// Not the file's fault: locked, read-only, or no right to it.
std::unexpected<Error> cannot_use(const Error& error) {
  return fail(ErrorCode::internal,
              error.message +
                  ". The guard must be able to read and write this file and its folder, and no other "
                  "program may have it open; see to that, then start the guard again");
}

// One connection and one process, by choice: the WAL-reset defect of SQLite 3.7.0 to 3.51.2 (Debian 12 has 3.40.1)
// needs two connections in WAL mode, so there is neither. A rollback journal also keeps everything in one file that
// can be copied, and a torn page is undone rather than cutting off the newest commits, as a torn WAL does.
// The file is locked for no longer than a commit takes, so that a backup can be made beside the guard. A commit ends
// the rollback journal by zeroing and syncing its header: what it takes of the disk is kept for the next commit, up to
// a size that usual commits need.
Result<void> configure(Database& database) {
  return run_all(database, {"PRAGMA trusted_schema=OFF", "PRAGMA cell_size_check=ON", "PRAGMA journal_mode=PERSIST",
                            fmt::format("PRAGMA journal_size_limit={}", kept_rollback), "PRAGMA synchronous=EXTRA"});
}

// True if this rollback journal may hold what an unfinished commit overwrote (sqlite.org/fileformat.html, "hot").
bool may_be_unfinished(const std::filesystem::path& rollback) {
  std::ifstream file(rollback, std::ios::binary);
  return file.get() > 0;
}

// Under another name until its tables are durable: an empty file under the real name is then always damage.
Result<void> create(const std::filesystem::path& file) {
  auto fresh = file;
  fresh += ".new";
  std::error_code ignored;
  std::filesystem::remove(fresh, ignored);
  std::filesystem::remove(fresh.string() + "-journal", ignored);
  {
    auto database = Database::open(fresh, true);
    if (!database) return std::unexpected(database.error());
    if (auto done = database->run("PRAGMA synchronous=EXTRA"); !done) return done;
    const auto make_tables = [&]() -> Result<void> {
      for (const auto* sql : tables)
        if (auto done = database->run(sql); !done) return done;
      return run_all(*database, {fmt::format("PRAGMA application_id={}", application_id),
                                 fmt::format("PRAGMA user_version={}", schema_version)});
    };
    if (auto done = database->transaction(make_tables); !done) return done;
  }
  if (::chmod(fresh.c_str(), 0600) != 0 || ::rename(fresh.c_str(), file.c_str()) != 0)
    return fail(ErrorCode::internal, fmt::format("{}: cannot put in place: {}", file.string(), std::strerror(errno)));
  return sync_folder(file.parent_path());
}

Result<void> check(Database& database, const std::filesystem::path& file) {
  const auto application = database.integer("PRAGMA application_id");
  const auto version = database.integer("PRAGMA user_version");
  if (!application || !version) return refuse(file, (application ? version : application).error().message);
  if (*application != application_id) return refuse(file, "this is not a journal of the release guard");
  if (*version > schema_version)
    return fail(ErrorCode::internal,
                fmt::format("{}: written by a newer release guard (schema {}, this one knows up to {}); start that "
                            "version, or a newer one",
                            file.string(), *version, schema_version));
  if (*version < 1) return refuse(file, fmt::format("its schema {} is not known", *version));
  const auto state = database.text("PRAGMA quick_check(1)");
  if (!state) return refuse(file, "the journal is damaged: " + state.error().message);
  if (*state != "ok") return refuse(file, "the journal is damaged: " + *state);
  return {};
}

// An older file becomes one of this version, in one transaction.
Result<void> upgrade(Database& database) {
  const auto version = database.integer("PRAGMA user_version");
  if (!version) return std::unexpected(version.error());
  if (*version == schema_version) return {};
  return database.transaction([&]() -> Result<void> {
    for (auto from = *version; from < schema_version; ++from)
      if (auto done = upgrades[from - 1](database); !done) return done;
    return database.run(fmt::format("PRAGMA user_version={}", schema_version));
  });
}

}  // namespace

Result<Database> open_database(const std::filesystem::path& file) {
  std::error_code error;
  auto leftover = file;
  leftover += "-journal";
  if (!std::filesystem::exists(file, error)) {
    if (may_be_unfinished(leftover))
      return refuse(leftover, fmt::format("it belongs to {}, which is gone", file.filename().string()));
    if (auto created = create(file); !created) return std::unexpected(created.error());
  } else if (std::filesystem::file_size(file, error) == 0) {
    return refuse(file, "the journal is damaged: the file is empty");
  }
  auto database = Database::open(file, false);
  if (!database) return cannot_use(database.error());
  auto usable = configure(*database);
  if (usable) usable = database->take_alone();
  if (!usable) return database->trouble().empty() ? cannot_use(usable.error()) : refuse(file, usable.error().message);
  if (auto done = check(*database, file); !done) return std::unexpected(done.error());
  if (const auto done = upgrade(*database); !done) {
    if (done.error().code == ErrorCode::invalid) return refuse(file, done.error().message);
    return cannot_use(done.error());
  }
  return database;
}

}  // namespace guard::store
