// SPDX-License-Identifier: Apache-2.0
#include "guard/store/sqlite_store.hpp"

#include "guard/base/durable_folder.hpp"
#include "guard/store/event_json.hpp"
#include "guard/store/schema.hpp"
#include "guard/store/storage_lock.hpp"
#include "guard/store/stored_groups.hpp"
#include "guard/store/stored_json.hpp"
#include "guard/store/watch_json.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace guard::store {
namespace {

constexpr std::uintmax_t usual_commit = 128U << 10U;  // bytes that there must be room for: a large webhook

constexpr std::string_view heard_name = "alertmanager_heard_at";

std::int64_t number(WallTime time) {
  return time.time_since_epoch().count();
}

WallTime time_of(std::int64_t milliseconds) {
  return WallTime(Duration(milliseconds));
}

// In the order of their names, so that the same labels are the same text.
std::string labels_text(const model::Labels& labels) {
  return json::serialize(JsonWriter::write(labels));
}

class SqliteStore final : public Store {
 public:
  SqliteStore(std::filesystem::path file, StorageLock lock, KeptPath kept, Database database)
      : file_(std::move(file)), lock_(std::move(lock)), kept_(std::move(kept)), database_(std::move(database)) {}

  Result<Contents> load() override;
  Result<void> commit(const Batch& batch) override;
  Result<void> probe() override;
  Result<TimelinePage> timeline(const TimelineQuery& query) override;
  Result<void> forget(const Outlived& outlived) override;

 private:
  Result<void> write(const std::function<Result<void>()>& work);
  Result<void> relied_on(const std::function<Result<void>()>& work);
  Result<void> still_there();
  Result<void> put(const model::Watch& watch);
  Result<void> put(const TimelineEvent& event);
  Result<void> put(const ReceivedAlert& received);
  Result<void> put(const GroupHeard& group);
  Result<void> put(const model::Freeze& freeze);
  Result<void> put(const model::SeenVersion& seen);
  Result<void> put(const ToldAlert& told);
  Result<void> drop(const ToldNoLonger& told);
  Result<void> drop_older(const NewestOfKind& newest);
  Result<void> drop(const std::string& fingerprint);
  std::unexpected<Error> unreadable(std::string_view what, const std::string& name, const Error& error) const;
  std::unexpected<Error> unreadable(const std::string& what) const;
  Result<model::Watch> watch_of(const Row& row, const std::map<std::string, model::RuleGroupPtr>& groups) const;

  std::filesystem::path file_;
  StorageLock lock_;  // released after the file is closed
  KeptPath kept_;
  Database database_;
  StoredGroups groups_;
  std::optional<Error> moved_;  // once a path led elsewhere: it may lead back, but others were there meanwhile
};

std::unexpected<Error> SqliteStore::unreadable(std::string_view what, const std::string& name,
                                               const Error& error) const {
  return unreadable(fmt::format("{} \"{}\" cannot be read: {}", what, name, error.message));
}

std::unexpected<Error> SqliteStore::unreadable(const std::string& what) const {
  return fail(ErrorCode::internal,
              fmt::format("{}: {}. Restore the file from a backup, or move it away to begin anew: the guard then "
                          "forgets every release it is watching",
                          file_.string(), what));
}

// Of id, body and the digest of its group.
Result<model::Watch> SqliteStore::watch_of(const Row& row,
                                           const std::map<std::string, model::RuleGroupPtr>& groups) const {
  const auto group = groups.find(row.text(2));
  if (group == groups.end())
    return unreadable("release", row.text(0), {ErrorCode::invalid, "the rules it started with are not stored"});
  auto watch = decode_watch(row.text(1), group->second);
  if (!watch) return unreadable("release", row.text(0), watch.error());
  return watch;
}

Result<Contents> SqliteStore::load() {
  const auto groups = groups_.load(database_);
  if (!groups && groups.error().code == ErrorCode::invalid) return unreadable(groups.error().message);
  if (!groups) return std::unexpected(groups.error());
  Contents contents;
  const auto keep_watch = [&](const Row& row) -> Result<void> {
    auto watch = watch_of(row, *groups);
    if (!watch) return std::unexpected(watch.error());
    contents.watches.push_back(std::move(*watch));
    return {};
  };
  const auto keep_alert = [&](const Row& row) -> Result<void> {
    auto alert = decode_alert(row.text(1));
    if (!alert) return unreadable("alert", row.text(0), alert.error());
    contents.alerts.push_back(std::move(*alert));
    return {};
  };
  const auto keep_cut = [&](const Row& row) -> Result<void> {
    contents.cut_short.push_back({row.text(0), true, time_of(row.integer(1))});
    return {};
  };
  const auto keep_freeze = [&](const Row& row) -> Result<void> {
    auto freeze = decode_freeze(row.text(1));
    if (!freeze) return unreadable("freeze", row.text(0), freeze.error());
    contents.freezes.push_back(std::move(*freeze));
    return {};
  };
  const auto keep_heard = [&](const Row& row) -> Result<void> {
    contents.alertmanager_heard_at = time_of(row.integer(0));
    return {};
  };
  const auto keep_seen = [&](const Row& row) -> Result<void> {
    contents.seen.push_back({{row.text(0), row.text(1)}, row.text(2), time_of(row.integer(3))});
    return {};
  };
  const auto keep_told = [&](const Row& row) -> Result<void> {
    auto told = decode_told(row.text(1));
    if (!told) return unreadable("what was told to receiver", row.text(0), told.error());
    contents.told.push_back(std::move(*told));
    return {};
  };
  auto done = database_.each("SELECT id, body, group_digest FROM watches ORDER BY announced_at, rowid", {}, keep_watch);
  if (done) done = database_.each("SELECT fingerprint, body FROM alerts ORDER BY rowid", {}, keep_alert);
  if (done) done = database_.each("SELECT group_key, received_at FROM cut_groups ORDER BY rowid", {}, keep_cut);
  if (done) done = database_.each("SELECT id, body FROM freezes ORDER BY rowid", {}, keep_freeze);
  if (done)
    done = database_.each("SELECT service, environment, version, since FROM seen ORDER BY rowid", {}, keep_seen);
  if (done) done = database_.each("SELECT receiver, body FROM told ORDER BY rowid", {}, keep_told);
  if (done) done = database_.each("SELECT value FROM meta WHERE name = ?1", {heard_name}, keep_heard);
  if (!done) return std::unexpected(done.error());
  return contents;
}

Result<void> SqliteStore::still_there() {
  if (moved_) return std::unexpected(*moved_);
  auto there = lock_.check();
  if (there) there = kept_.check();
  if (!there && there.error().code == ErrorCode::broken) moved_ = there.error();
  return there;
}

// Asked before and after: what went into a file that was just taken away must not be acted on either.
Result<void> SqliteStore::write(const std::function<Result<void>()>& work) {
  if (auto there = still_there(); !there) return there;
  auto done = relied_on([&] { return database_.transaction(work); });
  groups_.end(done.has_value());
  return done ? still_there() : done;
}

Result<void> SqliteStore::probe() {
  if (auto there = still_there(); !there) return there;
  if (auto taken = relied_on([&] { return database_.take_alone(); }); !taken) return taken;
  return find_room(file_.parent_path(), usual_commit);
}

Result<void> SqliteStore::relied_on(const std::function<Result<void>()>& work) {
  auto done = database_.trouble().empty() ? work() : Result<void>{};
  if (database_.trouble().empty()) return done;
  return fail(ErrorCode::broken,
              fmt::format("the journal is closed since it could not be relied on: {}; check the disk, then restart "
                          "the guard: it goes on from what is stored",
                          database_.trouble()));
}

Result<void> SqliteStore::put(const model::Watch& watch) {
  const auto group = groups_.put(database_, watch.group);
  if (!group) return std::unexpected(group.error());
  const auto body = encode(watch);
  const auto ended = watch.ended_at ? Parameter(number(*watch.ended_at)) : Parameter();
  return database_.run(
      "INSERT INTO watches(id, service, environment, phase, final, announced_at, ended_at, group_digest, body) "
      "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT(id) DO UPDATE SET phase = ?4, final = ?5, ended_at = ?7, "
      "group_digest = ?8, body = ?9",
      {watch.spec.id, watch.spec.service, watch.spec.environment, to_string(watch.phase),
       std::int64_t{model::is_final(watch.phase)}, number(watch.announced_at), ended, *group, body});
}

Result<void> SqliteStore::put(const TimelineEvent& event) {
  return database_.run(
      "INSERT INTO timeline(release, at, kind, message, body) VALUES(?1, ?2, ?3, ?4, ?5)",
      {event.release, number(event.at), to_string(model::kind_of(event.what)), event.message, encode(event.what)});
}

Result<void> SqliteStore::drop_older(const NewestOfKind& newest) {
  return database_.run(
      "DELETE FROM timeline WHERE release = ?1 AND kind = ?2 AND sequence <= (SELECT sequence FROM timeline WHERE "
      "release = ?1 AND kind = ?2 ORDER BY sequence DESC LIMIT 1 OFFSET ?3)",
      {newest.release, to_string(newest.kind), static_cast<std::int64_t>(newest.kept)});
}

Result<void> SqliteStore::drop(const std::string& fingerprint) {
  return database_.run("DELETE FROM alerts WHERE fingerprint = ?1", {fingerprint});
}

Result<void> SqliteStore::put(const ReceivedAlert& received) {
  const auto body = encode(received);
  return database_.run(
      "INSERT INTO alerts(fingerprint, received_at, body) VALUES(?1, ?2, ?3) "
      "ON CONFLICT(fingerprint) DO UPDATE SET received_at = ?2, body = ?3",
      {received.alert.fingerprint, number(received.received_at), body});
}

Result<void> SqliteStore::put(const GroupHeard& group) {
  if (!group.cut_short) return database_.run("DELETE FROM cut_groups WHERE group_key = ?1", {group.key});
  return database_.run(
      "INSERT INTO cut_groups(group_key, received_at) VALUES(?1, ?2) ON CONFLICT(group_key) DO UPDATE SET "
      "received_at = ?2",
      {group.key, number(group.received_at)});
}

Result<void> SqliteStore::put(const model::Freeze& freeze) {
  return database_.run(
      "INSERT INTO freezes(id, until, body) VALUES(?1, ?2, ?3) ON CONFLICT(id) DO UPDATE SET until = ?2, body = ?3",
      {freeze.id, number(freeze.span.until), encode(freeze)});
}

Result<void> SqliteStore::put(const model::SeenVersion& seen) {
  return database_.run(
      "INSERT INTO seen(service, environment, version, since) VALUES(?1, ?2, ?3, ?4) ON CONFLICT(service, environment) "
      "DO UPDATE SET version = ?3, since = ?4",
      {seen.place.service, seen.place.environment, seen.version, number(seen.since)});
}

Result<void> SqliteStore::put(const ToldAlert& told) {
  const auto alert = labels_text(told.alert.labels);
  const auto body = encode(told);
  return database_.run(
      "INSERT INTO told(receiver, alert, body) VALUES(?1, ?2, ?3) ON CONFLICT(receiver, alert) DO UPDATE SET body = ?3",
      {told.receiver, alert, body});
}

Result<void> SqliteStore::drop(const ToldNoLonger& told) {
  return database_.run("DELETE FROM told WHERE receiver = ?1 AND alert = ?2", {told.receiver, labels_text(told.alert)});
}

Result<void> SqliteStore::commit(const Batch& batch) {
  if (batch.empty()) return {};
  return write([&]() -> Result<void> {
    Result<void> done;
    for (const model::Watch& watch : batch.watches)
      if (done = put(watch); !done) return done;
    for (const auto& event : batch.events)
      if (done = put(event); !done) return done;
    for (const auto& alert : batch.alerts)
      if (done = put(alert); !done) return done;
    for (const auto& group : batch.groups)
      if (done = put(group); !done) return done;
    for (const auto& fingerprint : batch.evicted)
      if (done = drop(fingerprint); !done) return done;
    for (const auto& freeze : batch.freezes)
      if (done = put(freeze); !done) return done;
    for (const auto& seen : batch.seen)
      if (done = put(seen); !done) return done;
    for (const auto& told : batch.told)
      if (done = put(told); !done) return done;
    for (const auto& told : batch.untold)
      if (done = drop(told); !done) return done;
    for (const auto& newest : batch.newest)
      if (done = drop_older(newest); !done) return done;
    if (!batch.alertmanager_heard_at) return {};
    return database_.run("INSERT INTO meta(name, value) VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET value = ?2",
                         {heard_name, number(*batch.alertmanager_heard_at)});
  });
}

Result<TimelinePage> SqliteStore::timeline(const TimelineQuery& query) {
  TimelinePage page;
  std::int64_t oldest = 0;
  const auto limit = static_cast<std::int64_t>(query.limit);
  const auto keep = [&](const Row& row) -> Result<void> {
    // One more than asked for shows that there are older ones.
    if (page.events.size() == query.limit) {
      page.before = oldest;
      return {};
    }
    oldest = row.integer(0);
    auto what = decode_happening(row.text(2), row.text(4));
    if (!what) return unreadable("an entry of the timeline of", query.release, what.error());
    page.events.push_back({query.release, time_of(row.integer(1)), std::move(*what), row.text(3)});
    return {};
  };
  auto done = database_.each(
      "SELECT sequence, at, kind, message, body FROM timeline WHERE release = ?1 AND sequence < ?2 ORDER BY sequence "
      "DESC "
      "LIMIT ?3",
      {query.release, query.before.value_or(std::numeric_limits<std::int64_t>::max()), limit + 1}, keep);
  if (!done) return std::unexpected(done.error());
  std::reverse(page.events.begin(), page.events.end());
  return page;
}

Result<void> SqliteStore::forget(const Outlived& outlived) {
  return write([&]() -> Result<void> {
    Result<void> done;
    for (const auto& id : outlived.releases)
      for (const auto* sql : {"DELETE FROM timeline WHERE release = ?1", "DELETE FROM watches WHERE id = ?1"})
        if (done = database_.run(sql, {id}); !done) return done;
    for (const auto& id : outlived.freezes)
      if (done = database_.run("DELETE FROM freezes WHERE id = ?1", {id}); !done) return done;
    for (const auto* sql :
         {"DELETE FROM timeline WHERE at < ?1 AND release NOT IN (SELECT id FROM watches)",
          "DELETE FROM alerts WHERE received_at < ?1", "DELETE FROM cut_groups WHERE received_at < ?1"})
      if (done = database_.run(sql, {number(outlived.before)}); !done) return done;
    return groups_.prune(database_);
  });
}

}  // namespace

Result<std::unique_ptr<Store>> open_journal(const std::filesystem::path& folder) {
  if (auto made = make_folder(folder); !made)
    return fail(ErrorCode::internal, fmt::format("the storage folder cannot be made: {}; create it, or give another "
                                                 "--storage.path",
                                                 made.error().message));
  auto lock = StorageLock::take(folder);
  if (!lock) return std::unexpected(lock.error());
  auto file = folder / "journal.db";
  auto database = open_database(file);
  if (!database) return std::unexpected(database.error());
  auto kept = KeptPath::of(file);
  if (!kept) return std::unexpected(kept.error());
  return std::make_unique<SqliteStore>(std::move(file), std::move(*lock), std::move(*kept), std::move(*database));
}

}  // namespace guard::store
