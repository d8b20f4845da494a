// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/coalescing_source.hpp"

#include <algorithm>

namespace guard::promql {
namespace {

// As many distinct questions as one moment may have, and as many samples as memory may hold; older answers are let go.
constexpr std::size_t remembered = 512;
constexpr std::size_t remembered_samples = 50'000;

std::size_t size_of(const std::optional<core::Samples>& answer) {
  return answer && *answer ? (*answer)->size() : 0;
}

}  // namespace

std::shared_ptr<CoalescingSource::Entry> CoalescingSource::find(const InstantQuery& query) const {
  const auto it = std::find_if(recent_.begin(), recent_.end(),
                               [&](const auto& entry) { return entry->at == query.at && entry->expr == query.expr; });
  return it == recent_.end() ? nullptr : *it;
}

void CoalescingSource::let_go() {
  while (recent_.size() > remembered || (samples_ > remembered_samples && recent_.size() > 1)) {
    samples_ -= size_of(recent_.back()->answer);
    recent_.pop_back();
  }
}

core::Samples CoalescingSource::query(const InstantQuery& query) {
  std::unique_lock lock(mutex_);
  if (const auto known = find(query)) {
    if (answered_.wait_for(lock, query.deadline, [&] { return known->answer.has_value(); })) return *known->answer;
    return std::unexpected(core::SourceError{core::Reason::query_failed,
                                             "no answer to the same question of another release in time", true});
  }
  const auto mine = std::make_shared<Entry>(Entry{query.expr, query.at, std::nullopt});
  recent_.push_front(mine);
  let_go();
  lock.unlock();
  auto answer = source_->query(query);
  lock.lock();
  mine->answer = answer;
  if (std::find(recent_.begin(), recent_.end(), mine) != recent_.end()) samples_ += size_of(mine->answer);
  let_go();
  answered_.notify_all();
  return answer;
}

}  // namespace guard::promql
