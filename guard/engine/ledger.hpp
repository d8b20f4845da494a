// SPDX-License-Identifier: Apache-2.0
//
// The only way state changes: an operation edits a draft, the draft is committed to the journal, and only then does
// it become what the guard knows and acts on. Operations that arrive while a commit runs are committed together
// after it (group commit), in order. An operation that refuses leaves nothing behind. Loop thread only.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/core/fleet.hpp"
#include "guard/engine/executor.hpp"
#include "guard/engine/guard_service.hpp"
#include "guard/engine/telemetry.hpp"
#include "guard/store/store.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace guard::engine {

using core::Fleet;
using core::WatchPtr;

// What one operation sees and changes. `staged` holds what the operations before it in the same commit changed.
class Draft final : public core::FleetView {
 public:
  Draft(const Fleet& base, const Fleet& staged, Instant now) : base_(&base), staged_(&staged), now_(now) {}

  Instant now() const { return now_; }
  // Watches as this operation would leave them.
  const model::Watch* find(const std::string& id) const override;
  std::vector<const model::Watch*> at(const model::Place& place) const override;
  void for_each(core::FleetPart part, const std::function<void(const model::Watch&)>& visit) const override;
  std::map<std::string, model::Freeze> ordered_freezes() const override;
  std::optional<model::SeenVersion> seen(const model::Place& place) const override;
  // For change; the watch must exist.
  model::Watch& edit(const std::string& id);
  void add(model::Watch watch);
  // In place of the one of this id, if there is one.
  void put(model::Freeze freeze);
  // In place of what was seen there before.
  void put(model::SeenVersion seen);
  // What a receiver was told, or is about to be.
  void put(alerts::ToldAlert told);
  // An entry of the release's timeline, with the words that people will read.
  void note(const std::string& id, model::Happening what, std::string message);
  void receive(const alerts::Notification& notification);
  // What of the alerts heard is kept no longer.
  void evict(const alerts::ReceivedAlerts::Applied& applied);
  // What is kept of the release's timeline.
  void keep(store::NewestOfKind newest);

  const std::map<std::string, std::shared_ptr<model::Watch>>& changed() const { return changed_; }
  store::Batch& batch() { return batch_; }

 private:
  const Fleet* base_;
  const Fleet* staged_;
  Instant now_;
  std::map<std::string, std::shared_ptr<model::Watch>> changed_;
  store::Batch batch_;
};

using Operation = std::function<Result<void>(Draft&)>;

class Ledger {
 public:
  struct Parts {
    store::Store& journal;
    Executor& executor;
    const Clock& clock;
    Telemetry& telemetry;
    const alerts::ReceivedAlerts& heard;  // says which news of an alert is to be stored
  };
  // `adopted` is told which watches changed, after they did.
  Ledger(Parts parts, std::function<void(const std::vector<std::string>&)> adopted);

  // Takes what the journal held at start.
  void restore(Fleet fleet) { fleet_ = std::move(fleet); }
  const Fleet& fleet() const { return fleet_; }
  WatchPtr find(const std::string& id) const { return fleet_.get(id); }
  // True while a commit is under way that changes it.
  bool is_changing(const std::string& id) const { return staged_.contains(id); }
  // What the journal has forgotten.
  void forget(const store::Outlived& outlived);

  // Runs `operation` when its turn comes. `done` hears its refusal, the journal's failure (ErrorCode::unavailable),
  // or success once everything is durable and adopted. While the store hangs it is refused at once.
  void submit(Operation operation, Completion<std::monostate> done);

  // Looks after the store where nothing commits: tries it now and then, and refuses what waits behind a commit that
  // hangs. The next moment to do so.
  MonoTime tick();

  // The journal's trouble in words, if it has any: a commit that hangs, the last commit's outcome, or no room on the
  // disk.
  std::optional<std::string> trouble() const;
  // Since when it has been in trouble without a break; empty while it is not.
  std::optional<WallTime> trouble_since() const;
  // True while a commit has been running for longer than any disk that works takes.
  bool hangs() const;
  // True once the journal can no longer be relied on: the guard must end, and go on from what is stored.
  bool lost() const { return lost_; }

 private:
  struct Pending {
    Operation operation;
    Completion<std::monostate> done;
  };
  void commit_next();
  void commit(store::Batch batch);
  void probe();
  store::Batch stage(std::vector<Pending>& taken);
  void finish(const Result<void>& committed, Duration took);
  std::unexpected<Error> refused() const;
  void found(std::optional<std::string>& trouble, const Result<void>& outcome);

  Parts parts_;
  std::function<void(const std::vector<std::string>&)> adopted_;
  Fleet fleet_;
  std::vector<Pending> waiting_;
  std::vector<Completion<std::monostate>> committing_;
  Fleet staged_;  // only what changes with the commit under way
  bool busy_ = false;
  Instant began_;  // what runs while busy_
  MonoTime probe_due_{};
  std::optional<std::string> commit_trouble_;  // of the last commit
  std::optional<std::string> probe_trouble_;   // of the last probe
  std::optional<WallTime> trouble_since_;
  bool lost_ = false;
};

}  // namespace guard::engine
