// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/retention.hpp"

#include "guard/hooks/attempt_folder.hpp"
#include "guard/hooks/attempt_store.hpp"

#include <algorithm>

namespace guard::engine {
namespace {

constexpr Duration every = std::chrono::hours(6);

}  // namespace

store::Outlived outlived(const Fleet& fleet, WallTime before) {
  store::Outlived old{.before = before};
  for (const auto& [id, watch] : fleet)
    if (model::is_final(watch->phase) && watch->ended_at && *watch->ended_at < before) old.releases.push_back(id);
  for (const auto& [id, freeze] : fleet.ordered_freezes())
    if (freeze.span.until < before) old.freezes.push_back(id);
  return old;
}

std::set<std::string> attempts_of(const Fleet& fleet) {
  std::set<std::string> names;
  for (const auto& [id, watch] : fleet)
    for (const auto& decision : watch->decisions) names.insert(hooks::attempts_name(decision.key, decision.at));
  return names;
}

store::Outlived Retention::outlived_by(WallTime before) const {
  auto old = outlived(parts_.ledger.fleet(), before);
  std::erase_if(old.releases, [&](const std::string& id) { return parts_.ledger.is_changing(id); });
  return old;
}

void Retention::tick(Instant now) {
  if (now.mono < due_) return;
  due_ = now.mono + every;
  const auto old = outlived_by(now.wall - parts_.kept);
  run_blocking(
      parts_.executor, Lane::journal, [&journal = parts_.journal, old] { return journal.forget(old); },
      [this, old](const Result<void>& done) { done ? forget(old) : log_failure(done.error()); });
}

// What was ordered about one of them meanwhile has brought it back.
void Retention::forget(store::Outlived old) {
  const auto still = outlived_by(old.before);
  for (const auto part : {&store::Outlived::releases, &store::Outlived::freezes})
    std::erase_if(old.*part, [&](const auto& id) { return std::ranges::find(still.*part, id) == (still.*part).end(); });
  for (const auto& id : old.releases) forgotten_(id);
  parts_.ledger.forget(old);
  run_blocking(
      parts_.executor, Lane::journal,
      [state = parts_.state, kept = attempts_of(parts_.ledger.fleet()), before = old.before] {
        return hooks::remove_old_attempts(state, kept, before);
      },
      [this](const Result<std::size_t>& removed) {
        if (!removed) log_failure(removed.error());
      });
}

void Retention::log_failure(const Error& error) const {
  parts_.log.warn("engine", "old releases could not be removed", {{"err", error.message}});
}

}  // namespace guard::engine
