// SPDX-License-Identifier: Apache-2.0
#include "guard/model/watch.hpp"

#include <algorithm>
#include <utility>

namespace guard::model {
namespace {

bool is_open(const Decision& decision) {
  return decision.kind == DecisionKind::rollback &&
         (decision.state == CallState::decided || decision.state == CallState::calling);
}

// What the guard concludes from a breach by itself.
bool is_own_conclusion(const Decision& decision) {
  return decision.actor.empty() && is_conclusion(decision.kind);
}

}  // namespace

promql::Subject Watch::subject(Instant now) const {
  promql::Subject subject;
  subject.service = spec.service;
  subject.environment = spec.environment;
  // Once the hook is done the previous version is the one that should be answering.
  const bool went_back = phase == Phase::verifying || phase == Phase::rolled_back;
  subject.version = went_back ? goes_back_to() : spec.version;
  subject.previous_version = goes_back_to();
  subject.labels = spec.labels;
  // The version before was measured until this one served.
  subject.age = clock.age(now) - (went_back ? Duration{0} : serving.since.value_or(Duration{0}));
  return subject;
}

Decision* Watch::open_rollback() {
  const auto it = std::find_if(decisions.begin(), decisions.end(), is_open);
  return it == decisions.end() ? nullptr : &*it;
}

const Decision* Watch::open_rollback() const {
  const auto it = std::find_if(decisions.begin(), decisions.end(), is_open);
  return it == decisions.end() ? nullptr : &*it;
}

Decision* Watch::open_call() {
  return const_cast<Decision*>(std::as_const(*this).open_call());
}

const Decision* Watch::open_call() const {
  const auto in = [](CallState state) { return [state](const Decision& decision) { return decision.state == state; }; };
  auto it = std::ranges::find_if(decisions, in(CallState::calling));
  if (it == decisions.end()) it = std::ranges::find_if(decisions, in(CallState::decided));
  return it == decisions.end() ? nullptr : &*it;
}

bool Watch::is_calling() const {
  const auto* open = open_call();
  return open != nullptr && open->state == CallState::calling;
}

const RuleState* Watch::state_of(const std::string& slo) const {
  const auto rule = std::ranges::find(group->rules, slo, &Rule::slo);
  return rule == group->rules.end() ? nullptr : &rules[static_cast<std::size_t>(rule - group->rules.begin())];
}

bool Watch::awaits_serving() const {
  const bool reads = phase == Phase::settling || phase == Phase::watching || phase == Phase::verifying;
  return reads && group->serves && !serving.since;
}

Duration Watch::settle_end() const {
  return serving.since.value_or(Duration{0}) + group->settle;
}

Duration Watch::settled_at() const {
  return phase == Phase::settling ? std::max(settle_end(), resettled) : resettled;
}

bool Watch::is_settling(Instant now) const {
  const bool counts_later = phase == Phase::settling || phase == Phase::watching;
  return awaits_serving() || (counts_later && clock.age(now) < settled_at());
}

bool Watch::never_came() const {
  return is_final(phase) && !live_at;
}

const std::string& Watch::goes_back_to() const {
  const auto* rollback = last_rollback();
  return rollback == nullptr ? spec.previous_version : rollback->target;
}

bool Watch::can_go_back() const {
  return !spec.previous_version.empty() && spec.previous_version != spec.version;
}

void Watch::close_call(Decision& open, CallState outcome, Instant now) {
  open.state = outcome;
  open.next_attempt_at.reset();
  open.finished_at = now.wall;
  if (open.kind == DecisionKind::rollback && !open.attempts.empty()) since_call = {Duration{0}, now, clock.boot_id};
  // A rollback that had to wait for it has its own time from now on.
  if (open.kind == DecisionKind::call && phase == Phase::rolling_back) phase_began = clock.age(now);
  const auto* state = open.kind == DecisionKind::call && outcome == CallState::failed ? state_of(open.slo) : nullptr;
  if (state != nullptr) rules[static_cast<std::size_t>(state - rules.data())].helps_until = clock.age(now);
}

const Decision* Watch::last_rollback() const {
  const auto it = std::find_if(decisions.rbegin(), decisions.rend(),
                               [](const auto& decision) { return decision.kind == DecisionKind::rollback; });
  return it == decisions.rend() ? nullptr : &*it;
}

std::optional<DecisionKind> Watch::overruled_by(std::size_t index) const {
  if (decisions[index].kind != DecisionKind::abort) return std::nullopt;
  const auto* rollback = last_rollback();
  const bool done = rollback != nullptr && (rollback->state == CallState::confirmed ||
                                            rollback->finished_at.value_or(WallTime::max()) < decisions[index].at);
  if (done) return std::nullopt;
  const auto abort = std::make_reverse_iterator(decisions.begin() + static_cast<std::ptrdiff_t>(index));
  const auto it = std::find_if(abort, decisions.rend(), is_own_conclusion);
  return it == decisions.rend() ? std::nullopt : std::optional(it->kind);
}

}  // namespace guard::model
