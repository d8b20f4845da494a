// SPDX-License-Identifier: Apache-2.0
#include "guard/core/freezes.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/time_text.hpp"
#include "guard/core/succession.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::core {
namespace {

bool is_among(const std::vector<Change>& after, Change change) {
  return std::ranges::find(after, change) != after.end();
}

bool asks_for_size(const FreezePolicy& policy) {
  return std::ranges::any_of(policy.after, [](Change change) { return change != Change::first; });
}

// How much a release changes, and from which version.
struct Size {
  Change change;
  std::string from;  // empty: nothing that it could be compared with
};

// A tag and a commit may name the same thing: where what the pipeline names tells nothing, what was live there does,
// and where that tells nothing either, a version that can only be a major change.
std::optional<Size> size_of(const FleetView& fleet, const Watch& fresh) {
  const auto& version = fresh.spec.version;
  const auto* before = live_before(fleet, fresh);
  if (before != nullptr && is_gone(*before)) before = nullptr;
  bool is_compared = false;
  for (const auto& from : {fresh.spec.previous_version, before == nullptr ? "" : before->spec.version}) {
    if (const auto change = model::change_between(from, version)) return Size{*change, from};
    is_compared = is_compared || model::is_semantic(from);
  }
  const auto change = is_compared ? std::nullopt : model::change_to(version);
  return change ? std::optional(Size{*change, ""}) : std::nullopt;
}

std::string words_of(const Size& size) {
  if (size.change == Change::first) return "the first release that is known there";
  if (size.from.empty()) return fmt::format("a {} change by its number", to_string(size.change));
  return fmt::format("a {} change from {}", to_string(size.change), size.from);
}

BegunFreeze begun(const Watch& fresh, const Size& size) {
  const auto& spec = fresh.spec;
  const auto lasts = fresh.group->freeze->lasts;
  return {*fresh.live_at + lasts, fmt::format("{} after {} {} went live in {}, {}", format_duration(lasts),
                                              spec.service, spec.version, spec.environment, words_of(size))};
}

std::vector<Matcher> at_place(const Place& place) {
  return {*Matcher::make("service", MatchOp::equal, place.service),
          *Matcher::make("environment", MatchOp::equal, place.environment)};
}

Freeze freeze_of(const Watch& watch) {
  return {FreezeOrigin::release,
          watch.spec.id,
          at_place(watch.spec.place()),
          {*watch.live_at, watch.freeze->until},
          watch.group->freeze->allow,
          watch.freeze->reason,
          ""};
}

bool lets_pass(const Freeze& freeze, const Watch& watch) {
  const auto kind = watch.is_rollback ? ReleaseKind::rollback : watch.spec.kind;
  return std::ranges::find(freeze.allow, kind) != freeze.allow.end();
}

}  // namespace

std::expected<std::optional<BegunFreeze>, std::string> freeze_begun(const FleetView& fleet, const Watch& fresh) {
  const auto& policy = fresh.group->freeze;
  if (!policy || fresh.is_rollback) return std::nullopt;
  const bool first = live_before(fleet, fresh) == nullptr;
  if (first && is_among(policy->after, Change::first)) return begun(fresh, {Change::first, ""});
  if (!asks_for_size(*policy)) return std::nullopt;
  const auto size = size_of(fleet, fresh);
  if (!size && fresh.spec.previous_version.empty()) return std::nullopt;
  if (!size)
    return std::unexpected(fmt::format("no freeze begins: {} is no later semantic version than {}", fresh.spec.version,
                                       fresh.spec.previous_version));
  if (!is_among(policy->after, size->change)) return std::nullopt;
  return begun(fresh, *size);
}

std::vector<Freeze> freezes_of_releases(const FleetView& fleet, WallTime now) {
  std::vector<Freeze> out;
  fleet.for_each(FleetPart::freezing, [&](const Watch& watch) {
    if (now < watch.freeze->until && !is_gone(watch)) out.push_back(freeze_of(watch));
  });
  return out;
}

const Freeze* refusing(const std::vector<Freeze>& freezes, const Watch& watch, WallTime at) {
  const auto labels = labels_of(watch.spec);
  const auto it = std::ranges::find_if(freezes, [&](const Freeze& freeze) {
    return freeze.span.holds(at) && !lets_pass(freeze, watch) && matches_all(freeze.match, labels);
  });
  return it == freezes.end() ? nullptr : &*it;
}

std::string refusal(const Freeze& freeze) {
  std::string kinds;
  for (const auto kind : freeze.allow) kinds += (kinds.empty() ? "" : " and ") + std::string(to_string(kind));
  return fmt::format("releases are frozen until {}: {}{}", time_text(freeze.span.until), freeze.reason,
                     kinds.empty() ? "" : fmt::format("; {} may be released all the same", kinds));
}

}  // namespace guard::core
