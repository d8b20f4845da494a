// SPDX-License-Identifier: Apache-2.0
//
// The durable state: watches, their timeline, alerts received, freezes, what was seen to run, what receivers were
// told. What commit() has returned for survives a crash
// and a power cut. Blocking; all calls come from one thread, the journal's own.
#pragma once

#include "guard/alerts/received_alerts.hpp"
#include "guard/alerts/told_alert.hpp"
#include "guard/base/error.hpp"
#include "guard/model/freeze.hpp"
#include "guard/model/timeline.hpp"
#include "guard/model/watch.hpp"

#include <memory>
#include <string>
#include <vector>

namespace guard::store {

using model::TimelineEvent;

// The newest `limit` lines of a release's timeline, of those older than `before` if it is given.
struct TimelineQuery {
  std::string release;
  std::size_t limit = 0;
  std::optional<std::int64_t> before = {};  // as a page before this one said it
};

struct TimelinePage {
  std::vector<TimelineEvent> events;        // oldest first
  std::optional<std::int64_t> before = {};  // asks for what is older; nothing: there is nothing older
};

using alerts::GroupHeard;
using alerts::ReceivedAlert;
using alerts::ToldAlert;

// Of the entries of this kind in a release's timeline the newest so many are kept, and no others.
struct NewestOfKind {
  std::string release;
  model::EventKind kind = model::EventKind::note;
  std::size_t kept = 0;
};

// What one receiver is told no longer.
struct ToldNoLonger {
  std::string receiver;
  model::Labels alert;
};

// A watch as it stands when it is committed: shared with the loop, which does not change it any more.
class Committed {
 public:
  Committed(model::Watch watch)  // NOLINT(google-explicit-constructor): a watch is a watch
      : watch_(std::make_shared<const model::Watch>(std::move(watch))) {}
  Committed(std::shared_ptr<const model::Watch> watch)
      : watch_(std::move(watch)) {}                         // NOLINT(google-explicit-constructor)
  operator const model::Watch&() const { return *watch_; }  // NOLINT(google-explicit-constructor)
  const model::Watch* operator->() const { return watch_.get(); }

 private:
  std::shared_ptr<const model::Watch> watch_;
};

// Everything in one batch becomes durable together or not at all. What is to be stored is decided before: no store
// compares what it is given with what it has.
struct Batch {
  std::vector<Committed> watches;  // whole; replaces the stored one of the same id
  std::vector<TimelineEvent> events;
  std::vector<ReceivedAlert> alerts;  // whole; replaces the stored one of the same fingerprint
  std::optional<WallTime> alertmanager_heard_at;
  std::vector<GroupHeard> groups = {};        // in the order heard; one that was not cut short clears its mark
  std::vector<std::string> evicted = {};      // the fingerprints of alerts that are stored no longer
  std::vector<model::Freeze> freezes = {};    // whole; replaces the stored one of the same id
  std::vector<model::SeenVersion> seen = {};  // replaces that of the same place
  std::vector<ToldAlert> told = {};           // replaces that of the same receiver and labels
  std::vector<ToldNoLonger> untold = {};      // is stored no longer
  std::vector<NewestOfKind> newest = {};      // what is kept of timelines, once `events` are in them

  bool empty() const {
    return watches.empty() && events.empty() && alerts.empty() && groups.empty() && evicted.empty() &&
           freezes.empty() && seen.empty() && told.empty() && untold.empty() && newest.empty() &&
           !alertmanager_heard_at;
  }
};

// What has outlived its time.
struct Outlived {
  std::vector<std::string> releases = {};  // by id, with their timelines
  std::vector<std::string> freezes = {};   // by id
  // Of alerts and groups last heard before this time, and entries of timelines that belong to no release.
  WallTime before{};
};

struct Contents {
  std::vector<model::Watch> watches;  // oldest first; every one that was not forgotten
  std::vector<ReceivedAlert> alerts;
  std::vector<GroupHeard> cut_short;  // the groups whose last message left alerts out
  std::optional<WallTime> alertmanager_heard_at;
  std::vector<model::Freeze> freezes = {};  // that people began
  std::vector<model::SeenVersion> seen = {};
  std::vector<ToldAlert> told = {};
};

class Store {
 public:
  virtual ~Store() = default;
  // Everything the guard goes on from. Fails if a stored value cannot be read: never "empty" instead.
  virtual Result<Contents> load() = 0;
  // All or nothing, durable when it returns. On failure nothing of the batch may be acted on. Fails with
  // ErrorCode::broken once the store can no longer be relied on: only opening it anew shows what is in it.
  virtual Result<void> commit(const Batch& batch) = 0;
  // Whether a commit of usual size could be made now: the storage is still this guard's, the disk answers and has room.
  // Changes nothing. Fails as commit() does.
  virtual Result<void> probe() = 0;
  virtual Result<TimelinePage> timeline(const TimelineQuery& query) = 0;
  // All or nothing. Fails as commit() does.
  virtual Result<void> forget(const Outlived& outlived) = 0;
};

}  // namespace guard::store
