// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/ledger.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/time_text.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace guard::engine {
namespace {

// A disk that works syncs within milliseconds, a very busy one within a second or two.
constexpr Duration longest_commit = std::chrono::seconds(5);
// Often enough that /-/ready tells the truth about a disk to which nothing is written.
constexpr Duration probe_every = std::chrono::seconds(10);
// While there is trouble: how long it may outlast its cause.
constexpr Duration probe_again = std::chrono::seconds(1);

}  // namespace

const model::Watch* Draft::find(const std::string& id) const {
  if (const auto it = changed_.find(id); it != changed_.end()) return it->second.get();
  const auto* staged = staged_->find(id);
  return staged != nullptr ? staged : base_->find(id);
}

std::vector<const model::Watch*> Draft::at(const model::Place& place) const {
  std::vector<const model::Watch*> out;
  for (const auto* watch : base_->at(place))
    if (!changed_.contains(watch->spec.id) && !staged_->contains(watch->spec.id)) out.push_back(watch);
  for (const auto* watch : staged_->at(place))
    if (!changed_.contains(watch->spec.id)) out.push_back(watch);
  for (const auto& [id, watch] : changed_)
    if (watch->spec.place() == place) out.push_back(watch.get());
  return out;
}

model::Watch& Draft::edit(const std::string& id) {
  if (const auto it = changed_.find(id); it != changed_.end()) return *it->second;
  return *changed_.emplace(id, std::make_shared<model::Watch>(*find(id))).first->second;
}

void Draft::add(model::Watch watch) {
  auto id = watch.spec.id;
  changed_[std::move(id)] = std::make_shared<model::Watch>(std::move(watch));
}

void Draft::for_each(core::FleetPart part, const std::function<void(const model::Watch&)>& visit) const {
  base_->for_each(part, [&](const model::Watch& watch) {
    if (!changed_.contains(watch.spec.id) && !staged_->contains(watch.spec.id)) visit(watch);
  });
  staged_->for_each(part, [&](const model::Watch& watch) {
    if (!changed_.contains(watch.spec.id)) visit(watch);
  });
  for (const auto& [id, watch] : changed_)
    if (core::is_in(*watch, part)) visit(*watch);
}

std::map<std::string, model::Freeze> Draft::ordered_freezes() const {
  std::map<std::string, model::Freeze> out;
  for (const auto& freeze : batch_.freezes) out.insert_or_assign(freeze.id, freeze);
  out.merge(staged_->ordered_freezes());
  out.merge(base_->ordered_freezes());
  return out;
}

void Draft::put(model::Freeze freeze) {
  batch_.freezes.push_back(std::move(freeze));
}

void Draft::put(model::SeenVersion seen) {
  batch_.seen.push_back(std::move(seen));
}

void Draft::put(alerts::ToldAlert told) {
  batch_.told.push_back(std::move(told));
}

std::optional<model::SeenVersion> Draft::seen(const model::Place& place) const {
  for (auto it = batch_.seen.rbegin(); it != batch_.seen.rend(); ++it)
    if (it->place == place) return *it;
  const auto staged = staged_->seen(place);
  return staged ? staged : base_->seen(place);
}

void Draft::note(const std::string& id, model::Happening what, std::string message) {
  batch_.events.push_back({id, now_.wall, std::move(what), std::move(message)});
}

void Draft::receive(const alerts::Notification& notification) {
  for (const auto& alert : notification.alerts) batch_.alerts.push_back({alert, notification.group_key, now_.wall});
  batch_.groups.push_back({notification.group_key, notification.truncated_alerts > 0, now_.wall});
  batch_.alertmanager_heard_at = now_.wall;
}

void Draft::evict(const alerts::ReceivedAlerts::Applied& applied) {
  batch_.evicted = applied.evicted;
  batch_.groups.insert(batch_.groups.end(), applied.groups.begin(), applied.groups.end());
  if (applied.cut) batch_.groups.push_back(*applied.cut);
}

void Draft::keep(store::NewestOfKind newest) {
  batch_.newest.push_back(std::move(newest));
}

Ledger::Ledger(Parts parts, std::function<void(const std::vector<std::string>&)> adopted)
    : parts_(parts), adopted_(std::move(adopted)) {}

void Ledger::forget(const store::Outlived& outlived) {
  for (const auto& id : outlived.releases) fleet_.erase(id);
  for (const auto& id : outlived.freezes) fleet_.erase_freeze(id);
}

void Ledger::submit(Operation operation, Completion<std::monostate> done) {
  if (hangs()) return done(refused());
  waiting_.push_back({std::move(operation), std::move(done)});
  if (!busy_) commit_next();
}

namespace {

void merge(store::Batch& into, store::Batch from) {
  std::move(from.events.begin(), from.events.end(), std::back_inserter(into.events));
  std::move(from.alerts.begin(), from.alerts.end(), std::back_inserter(into.alerts));
  std::move(from.groups.begin(), from.groups.end(), std::back_inserter(into.groups));
  std::move(from.evicted.begin(), from.evicted.end(), std::back_inserter(into.evicted));
  std::move(from.freezes.begin(), from.freezes.end(), std::back_inserter(into.freezes));
  std::move(from.seen.begin(), from.seen.end(), std::back_inserter(into.seen));
  std::move(from.told.begin(), from.told.end(), std::back_inserter(into.told));
  std::move(from.newest.begin(), from.newest.end(), std::back_inserter(into.newest));
  if (from.alertmanager_heard_at) into.alertmanager_heard_at = from.alertmanager_heard_at;
}

// Of what a receiver was told the latest counts, and nothing is stored of what ended.
void decide_told(store::Batch& batch) {
  std::map<std::pair<std::string, model::Labels>, alerts::ToldAlert> latest;
  for (auto& told : batch.told) latest.insert_or_assign(std::pair{told.receiver, told.alert.labels}, std::move(told));
  batch.told.clear();
  for (auto& [key, told] : latest)
    if (told.state == alerts::ToldState::ended)
      batch.untold.push_back({key.first, key.second});
    else
      batch.told.push_back(std::move(told));
}

// Which news of an alert wins is decided here, for every store: after what was heard before was taken in, and before
// any of this is.
void decide(store::Batch& batch, const alerts::ReceivedAlerts& heard) {
  batch.alerts = heard.newest(std::move(batch.alerts));
  const auto again = [&](const std::string& fingerprint) {
    return heard.keeps(fingerprint) || std::ranges::any_of(batch.alerts, [&](const auto& received) {
             return received.alert.fingerprint == fingerprint;
           });
  };
  std::erase_if(batch.evicted, again);
}

}  // namespace

store::Batch Ledger::stage(std::vector<Pending>& taken) {
  store::Batch batch;
  for (auto& pending : taken) {
    Draft draft(fleet_, staged_, parts_.clock.now());
    if (auto accepted = pending.operation(draft); !accepted) {
      pending.done(std::unexpected(accepted.error()));
      continue;
    }
    for (const auto& [id, watch] : draft.changed()) staged_.put(watch);
    for (const auto& freeze : draft.batch().freezes) staged_.put(freeze);
    for (const auto& seen : draft.batch().seen) staged_.put(seen);
    merge(batch, std::move(draft.batch()));
    committing_.push_back(std::move(pending.done));
  }
  for (const auto& [id, watch] : staged_) batch.watches.emplace_back(watch);
  decide(batch, parts_.heard);
  decide_told(batch);
  return batch;
}

void Ledger::commit_next() {
  while (!busy_ && !waiting_.empty()) {
    // Set before staging: a refused operation's completion may submit another.
    busy_ = true;
    began_ = parts_.clock.now();
    auto taken = std::exchange(waiting_, {});
    auto batch = stage(taken);
    if (batch.empty()) {
      busy_ = false;
      for (auto& done : std::exchange(committing_, {})) done(std::monostate{});
      continue;
    }
    commit(std::move(batch));
  }
}

void Ledger::commit(store::Batch batch) {
  struct Outcome {
    Result<void> result;
    Duration took;
  };
  std::vector<std::string> ids;
  for (const model::Watch& watch : batch.watches) ids.push_back(watch.spec.id);
  run_blocking(
      parts_.executor, Lane::journal,
      [&journal = parts_.journal, &clock = parts_.clock, batch = std::move(batch)] {
        const auto begin = clock.now().mono;
        auto result = journal.commit(batch);
        return Outcome{std::move(result), clock.now().mono - begin};
      },
      [this, ids = std::move(ids)](const Outcome& outcome) {
        finish(outcome.result, outcome.took);
        if (outcome.result && !ids.empty()) adopted_(ids);
        commit_next();
      });
}

void Ledger::probe() {
  busy_ = true;
  began_ = parts_.clock.now();
  run_blocking(
      parts_.executor, Lane::journal, [&journal = parts_.journal] { return journal.probe(); },
      [this](const Result<void>& outcome) {
        busy_ = false;
        // The last commit may have failed for want of what is there again.
        if (outcome) commit_trouble_.reset();
        found(probe_trouble_, outcome);
        probe_due_ = parts_.clock.now().mono + (outcome ? probe_every : probe_again);
        commit_next();
      });
}

MonoTime Ledger::tick() {
  const auto now = parts_.clock.now().mono;
  if (busy_ && !hangs()) return began_.mono + longest_commit;
  if (busy_) {
    if (!trouble_since_) trouble_since_ = began_.wall;
    for (auto& pending : std::exchange(waiting_, {})) pending.done(refused());
    return now + probe_every;
  }
  if (now < probe_due_) return probe_due_;
  probe();
  return now + longest_commit;
}

bool Ledger::hangs() const {
  return busy_ && parts_.clock.now().mono - began_.mono >= longest_commit;
}

std::optional<std::string> Ledger::trouble() const {
  if (hangs())
    return fmt::format("the disk does not answer: what was begun at {} is not stored after {}", time_text(began_.wall),
                       format_duration(longest_commit));
  return commit_trouble_ ? commit_trouble_ : probe_trouble_;
}

std::optional<WallTime> Ledger::trouble_since() const {
  return !trouble_since_ && hangs() ? began_.wall : trouble_since_;
}

std::unexpected<Error> Ledger::refused() const {
  return fail(ErrorCode::unavailable, "the journal could not store it, so nothing was done: " + trouble().value_or(""));
}

void Ledger::found(std::optional<std::string>& trouble, const Result<void>& outcome) {
  trouble = outcome ? std::nullopt : std::optional(outcome.error().message);
  lost_ = lost_ || (!outcome && outcome.error().code == ErrorCode::broken);
  const bool well = !commit_trouble_ && !probe_trouble_;
  if (well)
    trouble_since_.reset();
  else if (!trouble_since_)
    trouble_since_ = parts_.clock.now().wall;
}

void Ledger::finish(const Result<void>& committed, Duration took) {
  parts_.telemetry.journal_committed(took, committed.has_value());
  found(commit_trouble_, committed);
  // One that succeeds does not put a probe off: it may be small, and the next one large.
  if (!committed) probe_due_ = std::min(probe_due_, parts_.clock.now().mono + probe_again);
  if (committed) {
    for (const auto& [id, watch] : staged_) fleet_.put(watch);
    for (const auto& [id, freeze] : staged_.ordered_freezes()) fleet_.put(freeze);
    for (const auto& [place, seen] : staged_.all_seen()) fleet_.put(seen);
  }
  staged_.clear();
  // What they submit waits until all of them have heard, and goes on from what all of them took in.
  began_ = parts_.clock.now();
  for (auto& done : std::exchange(committing_, {})) {
    if (committed)
      done(std::monostate{});
    else
      done(refused());
  }
  busy_ = false;
}

}  // namespace guard::engine
