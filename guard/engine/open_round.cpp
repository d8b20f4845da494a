// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/open_round.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace guard::engine {
namespace {

Duration last_took(const Took& last, const core::Question& question) {
  const auto it = last.find(question.rule);
  return it == last.end() ? Duration{0} : it->second;
}

// All ages of a rule stand together.
bool goes_with(const core::Question& before, const core::Question& question) {
  if (core::goes_with_the_one_before(question)) return true;
  return before.rule == question.rule && core::is_age(before) && core::is_age(question);
}

model::SourceError no_answer(std::string why) {
  return {model::Reason::query_failed, std::move(why), true};
}

}  // namespace

OpenRound::OpenRound(core::Questions asked, RuntimePtr from, const Took& last) : runtime(std::move(from)) {
  for (const auto& question : asked.queries) {
    auto& batches = core::is_past(question) ? past_ : now_;
    if (!batches.empty() && goes_with(batches.back().back(), question))
      batches.back().push_back(question);
    else
      batches.push_back({question});
  }
  std::ranges::stable_sort(now_, {}, [&](const Batch& batch) { return last_took(last, batch.front()); });
  answers.asked = std::move(asked);
}

// The next round is due an interval after this one at the earliest, and must find it ended.
void OpenRound::start(Instant now, Duration timeout) {
  const auto interval = answers.asked.group->interval;
  started_ = true;
  began_ = now.mono;
  deadline_ = now.mono + std::min(timeout, Duration(interval * 9 / 10));
  closes_at_ = deadline_ + interval / 20;
}

OpenRound::Batch OpenRound::take(std::deque<Batch>& from) {
  auto batch = std::move(from.front());
  from.pop_front();
  ++out_;
  unanswered_.insert(unanswered_.end(), batch.begin(), batch.end());
  return batch;
}

OpenRound::Batch OpenRound::take_now() {
  return take(now_);
}

OpenRound::Batch OpenRound::take_past() {
  return take(past_);
}

void OpenRound::answered(const Batch& batch, Answer answer) {
  --out_;
  for (const auto& question : batch) std::erase(unanswered_, question);
  auto& took = took_[batch.front().rule];
  if (!core::is_past(batch.front())) took = std::max(took, answer.took);
  for (auto& told : answer.answers) answers.keep(told.question, std::move(told.samples));
}

void OpenRound::close() {
  closed_ = true;
  const auto give_up = [this](const core::Question& question, const char* why) {
    if (!core::is_past(question)) answers.keep(question, std::unexpected(no_answer(why)));
  };
  for (const auto& question : unanswered_) {
    give_up(question, "no answer within the time of the round");
    took_[question.rule] = closes_at_ - began_;
  }
  for (const auto& batch : now_) give_up(batch.front(), "the round's time was over before it could be asked");
  const auto long_time = (deadline_ - began_) / 2;
  slow_ = std::ranges::any_of(took_, [&](const auto& entry) { return entry.second > long_time; });
}

}  // namespace guard::engine
