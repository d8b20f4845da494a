// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory_store.hpp"

#include <algorithm>
#include <ranges>

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

void MemoryStore::drop_old_signals() {
  std::map<std::string, std::size_t> kept;
  const auto is_old = [&](const store::TimelineEvent& event) {
    return model::kind_of(event.what) == model::EventKind::signal && ++kept[event.release] > store::most_signals;
  };
  std::ranges::reverse(disk_->events);
  std::erase_if(disk_->events, is_old);
  std::ranges::reverse(disk_->events);
}

Result<void> MemoryStore::commit(const store::Batch& batch) {
  if (disk_->broken) return fail(ErrorCode::broken, "the disk cannot be relied on");
  if (disk_->full) return fail(ErrorCode::internal, "the disk is full");
  ++disk_->commits;
  for (const model::Watch& watch : batch.watches) put(watch);
  disk_->events.insert(disk_->events.end(), batch.events.begin(), batch.events.end());
  if (disk_->events.size() > store::most_signals) drop_old_signals();
  for (const auto& alert : batch.alerts) disk_->alerts.insert_or_assign(alert.alert.fingerprint, alert);
  for (const auto& group : batch.groups) {
    disk_->cut_short.erase(group.key);
    if (group.cut_short) disk_->cut_short[group.key] = group;
  }
  for (const auto& fingerprint : batch.let_go) disk_->alerts.erase(fingerprint);
  for (const auto& freeze : batch.freezes) disk_->freezes.insert_or_assign(freeze.id, freeze);
  for (const auto& seen : batch.seen) disk_->seen.insert_or_assign(seen.place, seen);
  for (const auto& told : batch.told) {
    const std::pair key{told.receiver, told.alert.labels};
    disk_->told.insert_or_assign(key, told);
    if (told.state == alerts::ToldState::ended) disk_->told.erase(key);
  }
  if (batch.alertmanager_heard_at) disk_->heard_at = batch.alertmanager_heard_at;
  if (disk_->on_commit) disk_->on_commit(batch);
  return {};
}

Result<void> MemoryStore::probe() {
  if (disk_->broken) return fail(ErrorCode::broken, "the disk cannot be relied on");
  if (disk_->full || disk_->nearly_full) return fail(ErrorCode::internal, "the disk is full");
  return {};
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

Result<void> MemoryStore::prune(WallTime before) {
  if (disk_->broken) return fail(ErrorCode::broken, "the disk cannot be relied on");
  const auto is_old = [&](const model::Watch& watch) {
    return model::is_final(watch.phase) && watch.ended_at && *watch.ended_at < before;
  };
  std::erase_if(disk_->events, [&](const auto& event) {
    const auto of = disk_->watches.find(event.release);
    return of == disk_->watches.end() ? event.at < before : is_old(of->second);
  });
  std::erase_if(disk_->watches, [&](const auto& entry) { return is_old(entry.second); });
  std::erase_if(disk_->order, [&](const auto& id) { return !disk_->watches.contains(id); });
  std::erase_if(disk_->alerts, [&](const auto& entry) { return entry.second.received_at < before; });
  std::erase_if(disk_->cut_short, [&](const auto& entry) { return entry.second.received_at < before; });
  std::erase_if(disk_->freezes, [&](const auto& entry) { return entry.second.span.until < before; });
  return {};
}

}  // namespace guard::test
