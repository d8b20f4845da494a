// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/caller.hpp"

#include "guard/base/duration.hpp"
#include "guard/engine/situation.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::engine {
namespace {

using core::AttemptResult;
using core::CallState;
using core::Decision;
using core::Watch;

constexpr Duration clock_tolerance = std::chrono::minutes(1);

hooks::HookCall call_of(const Watch& watch, const Decision& decision, int attempt, Instant now) {
  hooks::HookCall call;
  call.key = decision.key;
  call.attempt = attempt;
  call.release = watch.spec.id;
  call.decision = decision.number;
  call.subject = watch.subject(now);
  call.slo = decision.slo;
  call.reason = decision.reason;
  call.trigger = to_string(decision.trigger);
  call.decided_at = decision.at;
  return call;
}

bool someone_else_calls(const Draft& draft, const Watch& watch) {
  bool found = false;
  draft.for_each([&](const Watch& other) {
    const bool same_place =
        other.spec.service == watch.spec.service && other.spec.environment == watch.spec.environment;
    const auto* open = other.open_rollback();
    if (same_place && other.spec.id != watch.spec.id && open != nullptr && open->state == CallState::calling)
      found = true;
  });
  return found;
}

// An attempt that begins long after its turn would act on a situation that nobody has looked at since.
bool too_late(const Decision& decision, const hooks::RetryPolicy& policy, WallTime now) {
  return now - decision.next_attempt_at.value_or(decision.at) > policy.deadline;
}

// Where the clock was set back, the wait for the next attempt cannot be told any more and is over.
bool is_due(const Decision& decision, WallTime now) {
  if (!decision.next_attempt_at || *decision.next_attempt_at <= now) return true;
  if (decision.attempts.empty()) return false;
  const auto& last = decision.attempts.back();
  return now + clock_tolerance < last.started_at + last.duration.value_or(Duration{0});
}

// What the attempts so far mean for the decision. `failed` needs proof: if any attempt may have acted, it is unknown.
CallState state_after(const Decision& decision, AttemptResult result, bool again, bool idempotent) {
  switch (result) {
    case AttemptResult::done:
      return CallState::confirmed;
    case AttemptResult::retry:
      if (again) return CallState::decided;
      [[fallthrough]];
    case AttemptResult::failed:
      return core::may_have_acted(decision) ? CallState::unknown : CallState::failed;
    case AttemptResult::running:
    case AttemptResult::unknown:
      return idempotent && again ? CallState::decided : CallState::unknown;
  }
  return CallState::unknown;
}

struct Conclusion {
  hooks::RetryPolicy policy;
  hooks::HookResult result;
  double chance = 0;  // for the backoff's jitter
};

void finish_attempt(Decision& decision, const hooks::HookResult& result) {
  auto& attempt = decision.attempts.back();
  attempt.result = result.result;
  attempt.detail = result.detail;
  attempt.output = result.output;
  attempt.duration = result.took;
}

}  // namespace

Caller::Caller(Parts parts, std::function<RuntimePtr()> runtime) : parts_(parts), runtime_(std::move(runtime)) {}

std::optional<WallTime> Caller::due(const Watch& watch) {
  const auto* open = watch.open_rollback();
  if (open == nullptr || open->state != CallState::decided) return std::nullopt;
  return open->next_attempt_at;
}

hooks::HookPtr Caller::hook_of(const Watch& watch) const {
  const auto runtime = runtime_();
  const auto* open = watch.open_rollback();
  const auto it = runtime->hooks.find(open == nullptr ? watch.group->rollback.hook : open->hook);
  return it == runtime->hooks.end() ? nullptr : it->second;
}

void Caller::reconcile(const Watch& watch) {
  const auto* open = watch.open_rollback();
  if (stopping_ || open == nullptr || active_.contains(watch.spec.id)) return;
  if (open->state == CallState::calling) return resume(watch);
  if (open->state != CallState::decided) return;
  if (!is_due(*open, parts_.clock.now().wall)) return;
  begin(watch);
}

void Caller::begin(const Watch& watch) {
  const auto id = watch.spec.id;
  const auto hook = hook_of(watch);
  active_.insert(id);
  const auto not_called = [&](std::string why) {
    record(id, hooks::RetryPolicy{}, {AttemptResult::failed, "nothing was called: " + std::move(why), "", {}, {}});
  };
  if (!hook) return not_called("the hook is no longer configured");
  if (too_late(*watch.open_rollback(), hook->retry(), parts_.clock.now().wall))
    return not_called(fmt::format("its turn was over by more than {}", format_duration(hook->retry().deadline)));
  auto call = std::make_shared<hooks::HookCall>();
  const auto intend = [call](Draft& draft) -> Result<void> {
    const auto* known = draft.find(call->release);
    const auto* open = known->open_rollback();
    if (open == nullptr || open->state != CallState::decided || known->phase != core::Phase::rolling_back)
      return fail(ErrorCode::conflict, "the decision has moved on");
    if (someone_else_calls(draft, *known))
      return fail(ErrorCode::conflict, "another hook of this place is being called");
    auto& edited = draft.edit(call->release);
    auto& decision = *edited.open_rollback();
    decision.state = CallState::calling;
    decision.next_attempt_at.reset();
    decision.attempts.push_back(
        {static_cast<int>(decision.attempts.size()) + 1, AttemptResult::running, "", "", draft.now().wall, {}});
    *call = call_of(edited, decision, decision.attempts.back().number, draft.now());
    draft.note(call->release, "attempt",
               fmt::format("attempt {} of decision {}: calling hook {}", call->attempt, call->decision, decision.hook));
    return {};
  };
  call->release = id;
  parts_.ledger.submit(intend, [this, id, hook, call](const Result<std::monostate>& durable) {
    if (!durable) {
      active_.erase(id);
      return;
    }
    this->call(id, hook, *call);
  });
}

void Caller::resume(const Watch& watch) {
  const auto id = watch.spec.id;
  const auto* open = watch.open_rollback();
  const auto hook = hook_of(watch);
  active_.insert(id);
  if (!hook) {
    const hooks::HookResult gone{
        AttemptResult::unknown, "the guard stopped during the call, and the hook is no longer configured", "", {}, {}};
    return record(id, hooks::RetryPolicy{}, gone);
  }
  const auto attempt = open->attempts.empty() ? 1 : open->attempts.back().number;
  const auto call = call_of(watch, *open, attempt, parts_.clock.now());
  parts_.log.warn("caller", "resuming a hook call that an earlier guard began", {{"release", id}, {"key", call.key}});
  run_blocking(
      parts_.executor, Lane::hook, [hook, call] { return hook->recover(call); },
      [this, id, hook, call](const std::optional<hooks::HookResult>& result) {
        if (result) return ended(id, hook, *result);
        const auto known = parts_.ledger.find(id);
        if (known->superseded_by.empty()) return this->call(id, hook, call);
        record(id, hook->retry(), {AttemptResult::failed, "nothing was called: it had not begun", "", {}, {}});
      });
}

void Caller::call(const std::string& id, const hooks::HookPtr& hook, hooks::HookCall call) {
  const bool in_process = hook->kind() != "command";
  in_process_ += in_process ? 1U : 0U;
  parts_.log.warn("caller", "calling rollback hook",
                  {{"release", id},
                   {"hook", std::string(hook->name())},
                   {"key", call.key},
                   {"attempt", fmt::to_string(call.attempt)},
                   {"reason", call.reason}});
  run_blocking(
      parts_.executor, Lane::hook, [hook, call = std::move(call)] { return hook->call(call); },
      [this, id, hook, in_process](const hooks::HookResult& result) {
        in_process_ -= in_process ? 1U : 0U;
        ended(id, hook, result);
      });
}

void Caller::ended(const std::string& id, const hooks::HookPtr& hook, const hooks::HookResult& result) {
  parts_.telemetry.hook_attempted(hook->kind(), result.result, result.took);
  parts_.log.warn("caller", "rollback hook returned",
                  {{"release", id},
                   {"hook", std::string(hook->name())},
                   {"result", std::string(to_string(result.result))},
                   {"detail", result.detail}});
  record(id, hook->retry(), result);
}

namespace {

// The attempt's result becomes the decision's state, and the release goes on from there.
void conclude_attempt(Draft& draft, const std::string& id, const Conclusion& with) {
  auto& watch = draft.edit(id);
  auto* decision = watch.open_rollback();
  if (decision == nullptr) return;  // called off meanwhile; it had not been called
  const auto& [policy, result, chance] = with;
  if (decision->state == CallState::calling) finish_attempt(*decision, result);
  const auto tries = static_cast<int>(decision->attempts.size());
  const auto began = tries == 0 ? draft.now().wall : decision->attempts.front().started_at;
  const auto wait = backoff(tries + 1, policy.backoff, policy.longest_backoff, chance);
  const auto next = draft.now().wall + std::max(wait, result.retry_after.value_or(Duration{0}));
  const bool again = tries < policy.attempts && next < began + policy.deadline && watch.superseded_by.empty();
  decision->state = state_after(*decision, result.result, again, policy.idempotent);
  draft.note(id, "attempt",
             fmt::format("attempt {} of decision {}: {} ({}); the decision is {}", tries, decision->number,
                         to_string(result.result), result.detail, to_string(decision->state)));
  if (decision->state == CallState::decided) {
    decision->next_attempt_at = next;
    return;
  }
  decision->next_attempt_at.reset();
  decision->finished_at = draft.now().wall;
  take_step(draft, id, core::hook_finished(watch, decision->state, result.detail));
}

}  // namespace

void Caller::record(const std::string& id, const hooks::RetryPolicy& policy, const hooks::HookResult& result) {
  const auto chance = parts_.random.uniform();
  const auto keep = [id, with = Conclusion{policy, result, chance}](Draft& draft) -> Result<void> {
    conclude_attempt(draft, id, with);
    return {};
  };
  parts_.ledger.submit(keep, [this, id, policy, result](const Result<std::monostate>& durable) {
    // The hook has acted: its outcome must not be lost, so the record is tried until the journal takes it.
    if (!durable) {
      parts_.log.error("caller", "the hook's outcome could not be stored; trying again",
                       {{"release", id}, {"err", durable.error().message}});
      unrecorded_.push_back({id, policy, result});
      return;
    }
    active_.erase(id);
    if (const auto watch = parts_.ledger.find(id)) reconcile(*watch);
  });
}

void Caller::store_unrecorded() {
  for (auto& lost : std::exchange(unrecorded_, {})) record(lost.id, lost.policy, lost.result);
}

}  // namespace guard::engine
