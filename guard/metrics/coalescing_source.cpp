// SPDX-License-Identifier: Apache-2.0
#include "guard/metrics/coalescing_source.hpp"

#include <algorithm>
#include <utility>

namespace guard::metrics {
namespace {

// As many distinct questions as one moment may have, and as many samples as memory may hold; older answers are let go.
constexpr std::size_t remembered = 512;
constexpr std::size_t remembered_samples = 50'000;

std::size_t size_of(const std::optional<model::Samples>& answer) {
  return answer && *answer ? (*answer)->size() : 0;
}

}  // namespace

CoalescingSource::EntryPtr CoalescingSource::find(const Question& question) const {
  const auto it =
      std::find_if(recent_.begin(), recent_.end(), [&](const auto& entry) { return entry->question == question; });
  return it == recent_.end() ? nullptr : *it;
}

// What has just been answered: an old one may have been let go meanwhile.
void CoalescingSource::keep(const EntryPtr& entry) {
  const auto it = std::find(recent_.begin(), recent_.end(), entry);
  if (it == recent_.end()) return;
  if (entry->question.step > Duration{0} && !*entry->answer)
    recent_.erase(it);
  else
    samples_ += size_of(entry->answer);
}

void CoalescingSource::drop_finished() {
  while (recent_.size() > remembered || (samples_ > remembered_samples && recent_.size() > 1)) {
    samples_ -= size_of(recent_.back()->answer);
    recent_.pop_back();
  }
}

template <class Ask>
model::Samples CoalescingSource::share(Question question, Duration deadline, Ask ask) {
  std::unique_lock lock(mutex_);
  if (const auto known = find(question)) {
    if (answered_.wait_for(lock, deadline, [&] { return known->answer.has_value(); })) return *known->answer;
    return std::unexpected(model::SourceError{model::Reason::query_failed,
                                              "no answer to the same question of another release in time", true});
  }
  const auto mine = std::make_shared<Entry>(Entry{std::move(question), std::nullopt});
  recent_.push_front(mine);
  drop_finished();
  lock.unlock();
  auto answer = ask();
  lock.lock();
  mine->answer = answer;
  keep(mine);
  drop_finished();
  answered_.notify_all();
  return answer;
}

model::Samples CoalescingSource::query(const InstantQuery& query) {
  return share({query.expr, query.at, query.at, Duration{0}}, query.deadline, [&] { return source_->query(query); });
}

// A selector with a range is no other question than itself: no instant query asks it.
model::Samples CoalescingSource::query_raw(const InstantQuery& query) {
  return share({query.expr, query.at, query.at, Duration{0}}, query.deadline,
               [&] { return source_->query_raw(query); });
}

model::Samples CoalescingSource::query_range(const RangeQuery& query) {
  return share({query.expr, query.from, query.to, query.step}, query.deadline,
               [&] { return source_->query_range(query); });
}

}  // namespace guard::metrics
