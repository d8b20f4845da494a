// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/rollback_runner.hpp"

#include "guard/base/duration.hpp"
#include "guard/core/attempt.hpp"
#include "guard/core/succession.hpp"
#include "guard/engine/steps.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::engine {
namespace {

using model::AttemptResult;
using model::CallState;
using model::Decision;
using model::Watch;

// After something that may pass in a moment: the journal, another call, the kill switch.
constexpr Duration look_again = std::chrono::seconds(1);

hooks::HookCall call_of(const Watch& watch, const Decision& decision, int attempt, Instant now) {
  hooks::HookCall call;
  call.key = decision.key;
  call.attempt = attempt;
  call.release = watch.spec.id;
  call.decision = decision.number;
  call.purpose = decision.kind;
  call.subject = watch.subject(now);
  call.slo = decision.slo;
  call.reason = decision.reason;
  call.trigger = to_string(decision.trigger);
  call.decided_at = decision.at;
  call.may_have_acted = core::may_have_acted(decision);
  return call;
}

// The release that went live while the hook was being called, if the hook may have undone it: whether it still runs
// must be looked at.
const Watch* undone_meanwhile(const Draft& draft, const Watch& watch, CallState outcome) {
  const auto* next = watch.superseded_by ? draft.find(*watch.superseded_by) : nullptr;
  const bool harmless = outcome == CallState::failed || next == nullptr || next->spec.version == watch.goes_back_to();
  return harmless ? nullptr : next;
}

std::string ended_after(const std::string& rollback_of, const std::string& next, CallState outcome) {
  return fmt::format(
      "the rollback of release {} was being called when release {} went live, and ended after it ({}): look at which "
      "version is served, and abort or roll back",
      rollback_of, next, in_words(outcome));
}

// The step that ends the call. Where the next release has ended meanwhile, nobody watches what the hook left behind.
core::Step finished(Draft& draft, Watch& watch, CallState outcome, const std::string& detail) {
  const auto* next = undone_meanwhile(draft, watch, outcome);
  if (next == nullptr) return core::hook_finished(watch, outcome, detail);
  auto words = ended_after(watch.spec.id, next->spec.id, outcome);
  if (model::is_final(next->phase)) {
    watch.superseded_by.reset();
    return {core::Event::hook_unknown, std::nullopt, std::move(words)};
  }
  draft.note(next->spec.id, model::Note{}, words);
  draft.edit(next->spec.id).disturbance = std::move(words);
  return core::hook_finished(watch, outcome, detail);
}

std::string too_late(const Watch& watch, const model::RetryPolicy& policy) {
  if (watch.open_call()->kind == model::DecisionKind::call)
    return "it could not be called in the time that it has to help";
  return fmt::format("it could not be called within {} of the decision, and things may have changed",
                     format_duration(policy.deadline));
}

// In a pause nothing is done for a rule; a rollback that a person ordered ends the pause.
bool is_paused(const Watch& watch) {
  return watch.paused && watch.open_call()->kind == model::DecisionKind::call;
}

void finish_attempt(Decision& decision, const hooks::HookResult& result) {
  auto& attempt = decision.attempts.back();
  attempt.result = result.result;
  attempt.detail = result.detail;
  attempt.output = result.output;
  attempt.duration = result.took;
}

}  // namespace

RollbackRunner::RollbackRunner(Parts parts, std::function<RuntimePtr()> runtime, KillSwitch& kill_switch)
    : parts_(std::move(parts)), runtime_(std::move(runtime)), kill_switch_(kill_switch) {}

std::optional<MonoTime> RollbackRunner::due(const std::string& id) const {
  const auto it = ready_at_.find(id);
  return it == ready_at_.end() || active_.contains(id) ? std::nullopt : std::optional(it->second.at);
}

std::size_t RollbackRunner::in_process_calls() const {
  return static_cast<std::size_t>(
      std::count_if(active_.begin(), active_.end(), [](const auto& entry) { return entry.second; }));
}

hooks::HookPtr RollbackRunner::hook_of(const Watch& watch) const {
  const auto runtime = runtime_();
  const auto it = runtime->hooks.find(watch.open_call()->hook);
  return it == runtime->hooks.end() ? nullptr : it->second;
}

void RollbackRunner::retry_soon(const std::string& id) {
  const auto watch = parts_.ledger.find(id);
  const auto* open = watch ? watch->open_call() : nullptr;
  const auto at = parts_.clock.now().mono + look_again;
  ready_at_[id] = {open == nullptr ? 0 : open->number, at};
  parts_.wake_by(id, at);
}

void RollbackRunner::reconcile(const Watch& watch) {
  const auto& id = watch.spec.id;
  const auto* open = watch.open_call();
  if (open == nullptr) {
    ready_at_.erase(id);
    told_held_.erase(id);
    return;
  }
  if (stopping_ || active_.contains(id)) return;
  if (open->state == CallState::calling) return resume(watch);
  const auto hook = hook_of(watch);
  if (hook && core::is_late(watch, hook->retry(), parts_.clock.now()))
    return give_up(watch, too_late(watch, hook->retry()));
  if (is_waiting(watch)) return;
  if (!hook) return give_up(watch, "the hook is no longer configured; nothing was called");
  active_[id] = false;  // nothing else begins for it meanwhile
  kill_switch_.when_seen([this, id] { start(id); });
}

// What has been found out before the look at the switch may have changed since: all that counts is looked at again.
void RollbackRunner::start(const std::string& id) {
  active_.erase(id);
  const auto watch = parts_.ledger.find(id);
  const auto* open = watch ? watch->open_call() : nullptr;
  if (stopping_ || open == nullptr || open->state != CallState::decided) return;
  const auto hook = hook_of(*watch);
  if (!hook || is_held(*watch) || is_paused(*watch)) return retry_soon(id);
  begin(*watch, hook);
}

// What one decision waits for is not another one's.
bool RollbackRunner::is_waiting(const Watch& watch) {
  const auto now = parts_.clock.now();
  const auto& open = *watch.open_call();
  auto& ready = ready_at_[watch.spec.id];
  if (ready.decision != open.number) {
    ready = {open.number, now.mono + core::left_to_wait(open, now.wall)};
    told_held_.erase(watch.spec.id);
  }
  return ready.at > now.mono;
}

// The kill switch stops what the guard would do by itself, also between two attempts; a person may override it.
bool RollbackRunner::is_held(const Watch& watch) {
  if (!watch.open_call()->actor.empty() || !kill_switch_.is_on()) return false;
  if (!told_held_.insert(watch.spec.id).second) return true;
  const auto tell = [id = watch.spec.id](Draft& draft) -> Result<void> {
    const auto* known = draft.find(id)->open_call();
    if (known == nullptr) return fail(ErrorCode::conflict, "the decision has moved on");
    draft.note(id, model::Attempted{known->number, 0, known->state},
               "the next call of the hook is held: the kill switch is on");
    return {};
  };
  parts_.ledger.submit(tell, [](const Result<std::monostate>&) {});
  return true;
}

// Ends a decision that waits for an attempt which will not be made.
void RollbackRunner::give_up(const Watch& given, const std::string& why) {
  const auto id = given.spec.id;
  active_[id] = false;
  const auto close = [id, number = given.open_call()->number, why](Draft& draft) -> Result<void> {
    const auto* known = draft.find(id)->open_call();
    if (known == nullptr || known->state != CallState::decided || known->number != number)
      return fail(ErrorCode::conflict, "the decision has moved on");
    auto& watch = draft.edit(id);
    const auto& decision = *watch.open_call();
    const auto outcome = core::next_state(decision.state, core::given_up(decision));
    const bool goes_back = decision.kind == model::DecisionKind::rollback;
    watch.close_call(*watch.open_call(), outcome, draft.now());
    draft.note(id, model::Attempted{decision.number, 0, outcome},
               fmt::format("decision {} is {}: {}", decision.number, to_string(outcome), why));
    if (goes_back) take_step(draft, id, core::hook_finished(watch, outcome, why));
    return {};
  };
  parts_.ledger.submit(close, [this, id](const Result<std::monostate>& durable) {
    active_.erase(id);
    if (!durable) retry_soon(id);
  });
}

void RollbackRunner::begin(const Watch& watch, const hooks::HookPtr& hook) {
  const auto id = watch.spec.id;
  active_[id] = !hook->outlives_guard();
  ready_at_.erase(id);
  told_held_.erase(id);
  auto call = std::make_shared<hooks::HookCall>();
  // Another decision may have taken its place since, whose hook is another one.
  const auto intend = [call, number = watch.open_call()->number](Draft& draft) -> Result<void> {
    const auto* known = draft.find(call->release);
    const auto* open = known->open_call();
    if (open == nullptr || open->state != CallState::decided || open->number != number || core::gives_way(*known))
      return fail(ErrorCode::conflict, "the decision has moved on");
    if (core::caller_beside(draft, *known) != nullptr)
      return fail(ErrorCode::conflict, "another hook of this place is being called");
    auto& edited = draft.edit(call->release);
    auto& decision = *edited.open_call();
    decision.state = core::next_state(decision.state, core::CallEvent::begins);
    decision.next_attempt_at.reset();
    decision.attempts.push_back(
        {static_cast<int>(decision.attempts.size()) + 1, AttemptResult::running, "", "", draft.now().wall, {}});
    *call = call_of(edited, decision, decision.attempts.back().number, draft.now());
    draft.note(call->release, model::Attempted{call->decision, call->attempt, decision.state},
               fmt::format("attempt {} of decision {}: calling hook {}", call->attempt, call->decision, decision.hook));
    return {};
  };
  call->release = id;
  parts_.ledger.submit(intend, [this, id, hook, call](const Result<std::monostate>& durable) {
    if (durable) return this->call(id, hook, *call);
    active_.erase(id);
    retry_soon(id);
  });
}

void RollbackRunner::resume(const Watch& watch) {
  const auto id = watch.spec.id;
  const auto* open = watch.open_call();
  const auto hook = hook_of(watch);
  active_[id] = hook && !hook->outlives_guard();
  if (!hook) {
    const hooks::HookResult gone{
        AttemptResult::unknown, "the guard stopped during the call, and the hook is no longer configured", "", {}, {}};
    return record(id, model::RetryPolicy{}, gone);
  }
  const auto call = call_of(watch, *open, open->attempts.back().number, parts_.clock.now());
  parts_.log.warn("rollback", "resuming a hook call that an earlier guard began", {{"release", id}, {"key", call.key}});
  run_blocking(
      parts_.executor, Lane::hook, [hook, call] { return hook->recover(call); },
      [this, id, hook, call](const std::optional<hooks::HookResult>& result) {
        if (result) return ended(id, hook, *result);
        resume_unbegun(id, hook, call);
      });
}

// The attempt is in the journal, but nothing ran: it is made now, if it still may be.
void RollbackRunner::resume_unbegun(const std::string& id, const hooks::HookPtr& hook, const hooks::HookCall& call) {
  kill_switch_.when_seen([this, id, hook, call] {
    const auto watch = parts_.ledger.find(id);
    const bool late = core::is_late(*watch, hook->retry(), parts_.clock.now());
    if (!late && !core::gives_way(*watch) && !is_held(*watch) && !is_paused(*watch)) return this->call(id, hook, call);
    record(id, hook->retry(), {AttemptResult::not_started, "not run: the guard stopped before it began", "", {}, {}});
  });
}

void RollbackRunner::call(const std::string& id, const hooks::HookPtr& hook, hooks::HookCall call) {
  parts_.log.warn("rollback", "calling hook",
                  {{"release", id},
                   {"hook", std::string(hook->name())},
                   {"key", call.key},
                   {"attempt", fmt::to_string(call.attempt)},
                   {"reason", call.reason}});
  run_blocking(
      parts_.executor, Lane::hook, [hook, call = std::move(call)] { return hook->call(call); },
      [this, id, hook](const hooks::HookResult& result) { ended(id, hook, result); });
}

void RollbackRunner::ended(const std::string& id, const hooks::HookPtr& hook, const hooks::HookResult& result) {
  parts_.telemetry.hook_attempted(hook->kind(), result.result, result.took);
  parts_.log.warn("rollback", "hook returned",
                  {{"release", id},
                   {"hook", std::string(hook->name())},
                   {"result", std::string(to_string(result.result))},
                   {"detail", result.detail}});
  record(id, hook->retry(), result);
}

void RollbackRunner::record(const std::string& id, const model::RetryPolicy& policy, const hooks::HookResult& result) {
  const auto chance = parts_.random.uniform();
  const auto keep = [id, policy, result, chance](Draft& draft) -> Result<void> {
    auto& watch = draft.edit(id);
    auto& decision = *watch.open_call();
    finish_attempt(decision, result);
    const auto wait =
        backoff(static_cast<int>(decision.attempts.size()) + 1, policy.backoff, policy.longest_backoff, chance);
    const auto next = draft.now() + std::max(wait, result.retry_after.value_or(Duration{0}));
    const bool again = core::may_try_again(watch, policy, next);
    const auto event = core::event_of(decision, {result.result, result.may_still_run, policy.idempotent, again});
    const auto state = core::next_state(decision.state, event);
    draft.note(id, model::Attempted{decision.number, static_cast<int>(decision.attempts.size()), state},
               fmt::format("attempt {} of decision {}: {} ({}); the decision is {}", decision.attempts.size(),
                           decision.number, to_string(result.result), result.detail, to_string(state)));
    if (state == CallState::decided) {
      decision.state = state;
      decision.next_attempt_at = next.wall;
      return {};
    }
    const bool goes_back = decision.kind == model::DecisionKind::rollback;
    watch.close_call(decision, state, draft.now());
    if (goes_back)
      take_step(draft, id, finished(draft, watch, state, result.detail));
    else if (watch.superseded_by)
      advance(draft, id, {});  // its end waited for the call; brakes do not matter to it
    return {};
  };
  parts_.ledger.submit(keep, [this, id, policy, result](const Result<std::monostate>& durable) {
    // The hook has acted: its outcome must not be lost, so the record is tried until the journal takes it.
    if (!durable) {
      parts_.log.error("rollback", "the hook's outcome could not be stored; trying again",
                       {{"release", id}, {"err", durable.error().message}});
      unrecorded_.push_back({id, policy, result});
      unstored_.insert(id);
      active_[id] = false;
      store_at_ = parts_.clock.now().mono + look_again;
      return parts_.wake();
    }
    active_.erase(id);
    unstored_.erase(id);
    if (const auto watch = parts_.ledger.find(id)) reconcile(*watch);
  });
}

std::optional<MonoTime> RollbackRunner::store_unrecorded() {
  if (parts_.clock.now().mono >= store_at_)
    for (auto& lost : std::exchange(unrecorded_, {})) record(lost.id, lost.policy, lost.result);
  return unrecorded_.empty() ? std::nullopt : std::optional(store_at_);
}

}  // namespace guard::engine
