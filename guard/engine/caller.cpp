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

bool ever_unknown(const Decision& decision) {
  return std::any_of(decision.attempts.begin(), decision.attempts.end(),
                     [](const auto& attempt) { return attempt.result == AttemptResult::unknown; });
}

bool may_try_again(const Decision& decision, const hooks::RetryPolicy& policy, WallTime now) {
  const auto tries = static_cast<int>(decision.attempts.size());
  const auto began = decision.attempts.empty() ? now : decision.attempts.front().started_at;
  return tries < policy.attempts && now < began + policy.deadline;
}

// What the attempts so far mean for the decision. `failed` needs proof: if any attempt may have acted, it is unknown.
CallState state_after(const Decision& decision, const hooks::RetryPolicy& policy, AttemptResult result, WallTime now) {
  const bool again = may_try_again(decision, policy, now);
  switch (result) {
    case AttemptResult::done:
      return CallState::confirmed;
    case AttemptResult::retry:
      if (again) return CallState::decided;
      [[fallthrough]];
    case AttemptResult::failed:
      return ever_unknown(decision) ? CallState::unknown : CallState::failed;
    case AttemptResult::running:
    case AttemptResult::unknown:
      return policy.idempotent && again ? CallState::decided : CallState::unknown;
  }
  return CallState::unknown;
}

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
  if (open->next_attempt_at && *open->next_attempt_at > parts_.clock.now().wall) return;
  begin(watch);
}

void Caller::begin(const Watch& watch) {
  const auto id = watch.spec.id;
  const auto hook = hook_of(watch);
  active_.insert(id);
  if (!hook) {
    const hooks::HookResult gone{
        AttemptResult::failed, "the hook is no longer configured; nothing was called", "", {}, {}};
    return record(id, hooks::RetryPolicy{}, gone);
  }
  auto call = std::make_shared<hooks::HookCall>();
  const auto intend = [call](Draft& draft) -> Result<void> {
    const auto* known = draft.find(call->release);
    if (known->open_rollback() == nullptr || known->open_rollback()->state != CallState::decided)
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
        this->call(id, hook, call);
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

void Caller::record(const std::string& id, const hooks::RetryPolicy& policy, const hooks::HookResult& result) {
  const auto chance = parts_.random.uniform();
  const auto keep = [id, policy, result, chance](Draft& draft) -> Result<void> {
    auto& watch = draft.edit(id);
    auto& decision = *watch.open_rollback();
    if (decision.state == CallState::calling) finish_attempt(decision, result);
    decision.state = state_after(decision, policy, result.result, draft.now().wall);
    draft.note(id, "attempt",
               fmt::format("attempt {} of decision {}: {} ({}); the decision is {}", decision.attempts.size(),
                           decision.number, to_string(result.result), result.detail, to_string(decision.state)));
    if (decision.state == CallState::decided) {
      const auto wait =
          backoff(static_cast<int>(decision.attempts.size()) + 1, policy.backoff, policy.longest_backoff, chance);
      decision.next_attempt_at = draft.now().wall + std::max(wait, result.retry_after.value_or(Duration{0}));
      return {};
    }
    decision.finished_at = draft.now().wall;
    const auto step = core::hook_finished(watch, decision.state, result.detail);
    take_step(draft, id, step);
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
