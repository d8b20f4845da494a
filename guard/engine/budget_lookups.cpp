// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/budget_lookups.hpp"

#include <algorithm>
#include <utility>

namespace guard::engine {
namespace {

model::Samples no_answer(std::string why) {
  return std::unexpected(model::SourceError{model::Reason::query_failed, std::move(why), true});
}

}  // namespace

void BudgetLookups::ask(Question question, Done done) {
  if (!question.source) return done(no_answer("no Prometheus is configured"));
  const auto same = std::ranges::find_if(lookups_, [&](const auto& lookup) {
    return lookup->question.source == question.source && lookup->question.query == question.query;
  });
  if (same != lookups_.end()) {
    (*same)->waiting.push_back(std::move(done));
    return;
  }
  lookups_.push_back(std::make_shared<Lookup>(std::move(question), std::vector<Done>{std::move(done)}));
  begin_next();
}

void BudgetLookups::begin_next() {
  const auto next = std::ranges::find(lookups_, false, [](const auto& lookup) { return lookup->begun; });
  if (asking_ == budgets_at_once || next == lookups_.end()) return;
  ++asking_;
  const auto& lookup = *next;
  lookup->begun = true;
  const auto work = [question = lookup->question, &clock = parts_.clock]() -> model::Samples {
    const auto now = clock.now();
    const auto left = question.deadline - now.mono;
    if (left > Duration{0}) return question.source->query({question.query, now.wall, left});
    return no_answer("other error budgets were asked for first, and the time was over");
  };
  run_blocking(parts_.executor, Lane::past, work, [this, lookup](const model::Samples& answer) {
    --asking_;
    std::erase(lookups_, lookup);
    for (const auto& done : lookup->waiting) done(answer);
    begin_next();
  });
}

}  // namespace guard::engine
