// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory_store.hpp"

#include <algorithm>
#include <ranges>
#include <set>

namespace guard::test {

Result<store::Contents> MemoryStore::load() {
  store::Contents contents;
  for (const auto& id : disk_->order)
    if (const auto known = disk_->watches.find(id); known != disk_->watches.end())
      contents.watches.push_back(known->second);
  std::ranges::stable_sort(contents.watches, {}, &model::Watch::announced_at);
  for (const auto& [id, alert] : disk_->alerts) contents.alerts.push_back(alert);
  for (const auto& [key, group] : disk_->cut_short) contents.cut_short.push_back(group);
  for (const auto& [id, freeze] : disk_->freezes) contents.freezes.push_back(freeze);
  for (const auto& [place, seen] : disk_->seen) contents.seen.push_back(seen);
  for (const auto& [key, told] : disk_->told) contents.told.push_back(told);
  contents.alertmanager_heard_at = disk_->heard_at;
  return contents;
}

void MemoryStore::put(const model::Watch& watch) {
  const auto& id = watch.spec.id;
  if (!disk_->watches.contains(id)) {
    std::erase(disk_->order, id);  // it was pruned, and comes anew
    disk_->order.push_back(id);
  }
  // Each whole or not at all, also where memory runs out in between.
  disk_->watches.insert_or_assign(id, model::Watch(watch));
}

void MemoryStore::drop_older(const store::NewestOfKind& newest) {
  std::size_t kept = 0;
  const auto is_older = [&](const store::TimelineEvent& event) {
    return event.release == newest.release && model::kind_of(event.what) == newest.kind && ++kept > newest.kept;
  };
  std::ranges::reverse(disk_->events);
  std::erase_if(disk_->events, is_older);
  std::ranges::reverse(disk_->events);
}

Result<void> MemoryStore::refusal() const {
  if (disk_->broken) return fail(ErrorCode::broken, "the disk cannot be relied on");
  if (disk_->full) return fail(ErrorCode::internal, "the disk is full");
  return {};
}

Result<void> MemoryStore::commit(const store::Batch& batch) {
  if (auto refused = refusal(); !refused) return refused;
  ++disk_->commits;
  for (const model::Watch& watch : batch.watches) put(watch);
  disk_->events.insert(disk_->events.end(), batch.events.begin(), batch.events.end());
  for (const auto& alert : batch.alerts) disk_->alerts.insert_or_assign(alert.alert.fingerprint, alert);
  for (const auto& group : batch.groups) {
    disk_->cut_short.erase(group.key);
    if (group.cut_short) disk_->cut_short[group.key] = group;
  }
  for (const auto& fingerprint : batch.evicted) disk_->alerts.erase(fingerprint);
  for (const auto& freeze : batch.freezes) disk_->freezes.insert_or_assign(freeze.id, freeze);
  for (const auto& seen : batch.seen) disk_->seen.insert_or_assign(seen.place, seen);
  for (const auto& told : batch.told) disk_->told.insert_or_assign(std::pair{told.receiver, told.alert.labels}, told);
  for (const auto& told : batch.untold) disk_->told.erase({told.receiver, told.alert});
  for (const auto& newest : batch.newest) drop_older(newest);
  if (batch.alertmanager_heard_at) disk_->heard_at = batch.alertmanager_heard_at;
  if (disk_->on_commit) disk_->on_commit(batch);
  return {};
}

Result<void> MemoryStore::probe() {
  if (disk_->nearly_full) return fail(ErrorCode::internal, "the disk is full");
  return refusal();
}

Result<store::TimelinePage> MemoryStore::timeline(const store::TimelineQuery& query) {
  store::TimelinePage page;
  const auto& events = disk_->events;
  auto at = static_cast<std::size_t>(query.before.value_or(static_cast<std::int64_t>(events.size())));
  for (; at > 0; --at) {
    if (events[at - 1].release != query.release) continue;
    if (page.events.size() == query.limit) {
      page.before = static_cast<std::int64_t>(at);
      break;
    }
    page.events.push_back(events[at - 1]);
  }
  std::ranges::reverse(page.events);
  return page;
}

Result<void> MemoryStore::forget(const store::Outlived& outlived) {
  if (auto refused = refusal(); !refused) return refused;
  const std::set<std::string> gone(outlived.releases.begin(), outlived.releases.end());
  std::erase_if(disk_->watches, [&](const auto& entry) { return gone.contains(entry.first); });
  std::erase_if(disk_->order, [&](const auto& id) { return gone.contains(id); });
  std::erase_if(disk_->events, [&](const auto& event) {
    return gone.contains(event.release) || (event.at < outlived.before && !disk_->watches.contains(event.release));
  });
  for (const auto& id : outlived.freezes) disk_->freezes.erase(id);
  std::erase_if(disk_->alerts, [&](const auto& entry) { return entry.second.received_at < outlived.before; });
  std::erase_if(disk_->cut_short, [&](const auto& entry) { return entry.second.received_at < outlived.before; });
  return {};
}

}  // namespace guard::test
