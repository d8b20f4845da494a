// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/deployment_event.hpp"

#include "guard/base/time_text.hpp"
#include "guard/core/succession.hpp"
#include "guard/engine/orders.hpp"
#include "guard/engine/steps.hpp"

#include <utility>

#include <fmt/format.h>

namespace guard::engine {
namespace {

using model::Watch;

// Others write times in whole seconds.
constexpr Duration coarseness = std::chrono::seconds(1);

DeploymentEventTaken unchanged(std::string release, std::string reason) {
  return {DeploymentEventResult::unchanged, std::move(release), std::move(reason)};
}

// What went live in the place after this happened, or nullptr.
const Watch* overtaken_by(const Draft& draft, const DeploymentEvent& news) {
  for (const auto* other : draft.at(news.spec.place()))
    if (other->live_at && *other->live_at >= news.at + coarseness) return other;
  return nullptr;
}

// The same deployment, as a pipeline has announced it.
const Watch* announced_beside(const Draft& draft, const model::ReleaseSpec& spec) {
  for (const auto* other : draft.at(spec.place()))
    if (other->phase == model::Phase::deploying && core::is_same_version(other->spec.version, spec.version))
      return other;
  return nullptr;
}

Result<DeploymentEventTaken> order(Draft& draft, const Watch& watch, const DeploymentEvent& news,
                                   const Circumstances& context) {
  const auto id = watch.spec.id;
  Order order;
  order.release = id;
  order.actor = news.actor;
  const bool fails = news.state == DeploymentState::failed;
  order.verb = fails ? model::Verb::abort : model::Verb::live;
  if (fails)
    order.reason = news.words;
  else
    order.live_at = news.at;
  if (auto done = carry_out(draft, order, context); !done) return std::unexpected(done.error());
  advance(draft, id, context.brakes);
  return DeploymentEventTaken{fails ? DeploymentEventResult::aborted : DeploymentEventResult::live, id,
                              fails ? "its deployment failed" : "it is live since " + time_text(news.at)};
}

Result<DeploymentEventTaken> about_known(Draft& draft, const Watch& watch, const DeploymentEvent& news,
                                         const Circumstances& context) {
  if (watch.phase != model::Phase::deploying)
    return unchanged(watch.spec.id, fmt::format("the release is {} already", to_string(watch.phase)));
  if (news.state == DeploymentState::begun) return unchanged(watch.spec.id, "the release is announced already");
  return order(draft, watch, news, context);
}

// Another release tells the whole of it: of what is not this one's to change, nothing is said twice.
Result<DeploymentEventTaken> about_other(Draft& draft, const Watch& other, const DeploymentEvent& news,
                                         const Circumstances& context) {
  if (news.state == DeploymentState::live) return order(draft, other, news, context);
  return unchanged(other.spec.id,
                   fmt::format("version {} was announced by itself, as release {}", news.spec.version, other.spec.id));
}

Result<DeploymentEventTaken> announce_it(Draft& draft, const DeploymentEvent& news, const Circumstances& context) {
  Announcement announcement{news.spec, news.actor, false};
  auto& spec = announcement.spec;
  const bool live = news.state == DeploymentState::live;
  spec.deploying = !live;
  if (live) spec.live_at = news.at;
  if (spec.previous_version.empty()) spec.previous_version = core::live_version(draft, spec.place()).value_or("");
  if (auto made = announce(draft, announcement, context); !made) return std::unexpected(made.error());
  return DeploymentEventTaken{DeploymentEventResult::announced, spec.id,
                              fmt::format("version {} is {}", spec.version, live ? "live" : "being deployed")};
}

}  // namespace

Result<DeploymentEventTaken> take_event(Draft& draft, const DeploymentEvent& news, const Circumstances& context) {
  const auto& spec = news.spec;
  if (const auto* known = draft.find(spec.id)) return about_known(draft, *known, news, context);
  if (const auto* other = announced_beside(draft, spec)) return about_other(draft, *other, news, context);
  if (const auto* runs = core::accounts_for(draft, spec.place(), spec.version))
    return unchanged(runs->spec.id,
                     fmt::format("version {} runs there already, by release {}", spec.version, runs->spec.id));
  if (const auto* newer = overtaken_by(draft, news))
    return unchanged(newer->spec.id,
                     fmt::format("release {} went live there since {}", newer->spec.id, time_text(news.at)));
  auto announced = announce_it(draft, news, context);
  if (news.state != DeploymentState::failed) return announced;
  if (!announced) return unchanged("", "it failed, and would not have been taken: " + announced.error().message);
  // So that its beginning, told later, does not begin it.
  return order(draft, *draft.find(spec.id), news, context);
}

}  // namespace guard::engine
