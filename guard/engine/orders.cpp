// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/orders.hpp"

#include "guard/core/missed.hpp"
#include "guard/core/orders.hpp"
#include "guard/core/rollback_order.hpp"
#include "guard/core/succession.hpp"
#include "guard/engine/retention.hpp"
#include "guard/engine/steps.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::engine {
namespace {

using model::Watch;

std::string by(const Order& order) {
  return fmt::format("by {}{}{}", order.actor.name, order.reason.empty() ? "" : ": ", order.reason);
}

Result<void> pause(Draft& draft, const Order& order) {
  auto& watch = draft.edit(order.release);
  watch.paused = true;
  watch.clock.stop(draft.now());
  draft.note(order.release, model::Ordered{model::Verb::pause, order.actor.name}, "paused " + by(order));
  return {};
}

Result<void> resume(Draft& draft, const Order& order, const std::string& boot_id) {
  auto& watch = draft.edit(order.release);
  watch.paused = false;
  watch.clock.start(draft.now(), boot_id);
  core::pass_over(watch, draft.now());
  draft.note(order.release, model::Ordered{model::Verb::resume, order.actor.name}, "resumed " + by(order));
  return {};
}

Result<void> abort(Draft& draft, const Order& order) {
  model::Decision decision;
  decision.kind = model::DecisionKind::abort;
  decision.trigger = model::Trigger::manual;
  decision.actor = order.actor.name;
  decision.reason = "aborted " + by(order);
  auto reason = decision.reason;
  take_step(draft, order.release, {core::Event::abort, std::move(decision), std::move(reason)});
  return {};
}

// Only the newest live release of a place can be undone: the version to return to is the one before it.
Result<void> is_newest(const Draft& draft, const Watch& watch) {
  const auto* newer = core::newer_than(draft, watch);
  if (newer == nullptr) return {};
  return fail(ErrorCode::conflict, fmt::format("release {} is newer; order its rollback instead", newer->spec.id));
}

Result<void> roll_back(Draft& draft, const Order& order, const Circumstances& context) {
  const auto& watch = *draft.find(order.release);
  if (auto newest = is_newest(draft, watch); !newest) return newest;
  const auto brakes = core::brake_state(draft, watch, context.brakes, draft.now());
  const auto step = core::order_rollback(watch, brakes, {order.actor.name, order.reason, order.to});
  if (!step) return fail(ErrorCode::conflict, step.error());
  if (!order.to.empty())
    if (auto possible = hook_can_go_back_to(watch, order.to, context, draft.now()); !possible) return possible;
  const bool approves = order.verb == model::Verb::approve;
  draft.note(order.release, model::Ordered{approves ? model::Verb::approve : model::Verb::rollback, order.actor.name},
             fmt::format("{} {}", approves ? "rollback approved" : "rollback ordered", by(order)));
  take_step(draft, order.release, *step);
  return {};
}

}  // namespace

Result<void> carry_out(Draft& draft, const Order& order, const Circumstances& context) {
  if (draft.find(order.release) == nullptr)
    return fail(ErrorCode::not_found, fmt::format("there is no release \"{}\"", order.release));
  if (order.verb != model::Verb::live)
    if (auto allowed = core::may_order(*draft.find(order.release), order.verb); !allowed)
      return fail(ErrorCode::conflict, allowed.error());
  switch (order.verb) {
    case model::Verb::live:
      return go_live(draft, order.release, order.live_at, context);
    case model::Verb::pause:
      return pause(draft, order);
    case model::Verb::resume:
      return resume(draft, order, context.boot_id);
    case model::Verb::abort:
      return abort(draft, order);
    case model::Verb::approve:
    case model::Verb::rollback:
      return roll_back(draft, order, context);
  }
  return fail(ErrorCode::internal, "an unknown verb");
}

Result<void> keep_signal(Draft& draft, const SignalPost& post) {
  const auto* known = draft.find(post.release);
  if (known == nullptr) return fail(ErrorCode::not_found, fmt::format("there is no release \"{}\"", post.release));
  if (model::is_final(known->phase))
    return fail(ErrorCode::conflict,
                fmt::format("the release is {}; its signals no longer count", to_string(known->phase)));
  const auto& rules = known->group->rules;
  const bool read = std::any_of(rules.begin(), rules.end(), [&](const auto& r) { return r.signal == post.name; });
  if (!read)
    return fail(ErrorCode::invalid,
                fmt::format("no rule of group \"{}\" reads a signal named \"{}\"", known->group->name, post.name));
  draft.edit(post.release).signals[post.name] = post.signal;
  draft.note(post.release, model::Signalled{post.name, post.signal.succeeded},
             fmt::format("{} {} by {}{}{}", post.name, post.signal.succeeded ? "succeeded" : "failed", post.actor.name,
                         post.signal.detail.empty() ? "" : ": ", post.signal.detail));
  draft.keep({post.release, model::EventKind::signal, most_signals});
  return {};
}

}  // namespace guard::engine
