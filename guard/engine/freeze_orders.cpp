// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/freeze_orders.hpp"

#include "guard/base/time_text.hpp"
#include "guard/core/freezes.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace guard::engine {
namespace {

using model::Freeze;

constexpr int most_at_once = 100;  // that people began: a script that has gone wild must not fill the journal

Freeze freeze_at(const config::FreezeSettings& freeze, WallTime now) {
  const auto* weekly = std::get_if<config::Weekly>(&freeze.when);
  const auto span =
      weekly != nullptr ? model::week_part_at(weekly->part, weekly->zone, now) : std::get<model::Span>(freeze.when);
  return {model::FreezeOrigin::configured, "", freeze.match, span, freeze.allow, freeze.reason, ""};
}

// When it began, and by whose token, a client that says the same again cannot repeat.
bool is_same(const Freeze& known, Freeze fresh) {
  fresh.span.from = known.span.from;
  fresh.actor = known.actor;
  return known == fresh;
}

Result<Freeze> end_ordered(Draft& draft, Freeze freeze, WallTime now) {
  if (freeze.span.until <= now)
    return fail(ErrorCode::conflict, fmt::format("it is over since {}", time_text(freeze.span.until)));
  freeze.span.until = now;
  draft.put(freeze);
  return freeze;
}

}  // namespace

std::vector<Freeze> known_freezes(const config::Settings& settings, const core::FleetView& fleet, WallTime now) {
  std::vector<Freeze> out;
  for (const auto& freeze : settings.freezes) out.push_back(freeze_at(freeze, now));
  for (auto& [id, freeze] : fleet.ordered_freezes()) out.push_back(std::move(freeze));
  std::erase_if(out, [&](const Freeze& freeze) { return freeze.span.until <= now; });
  std::ranges::move(core::freezes_of_releases(fleet, now), std::back_inserter(out));
  return out;
}

Result<void> not_frozen(const model::Watch& watch, const std::vector<Freeze>& known, WallTime at) {
  const auto* freeze = core::refusing(known, watch, at);
  if (freeze == nullptr) return {};
  return fail(ErrorCode::locked, core::refusal(*freeze));
}

Result<bool> begin_freeze(Draft& draft, Freeze freeze) {
  const auto now = draft.now().wall;
  const auto ordered = draft.ordered_freezes();
  if (const auto known = ordered.find(freeze.id); known != ordered.end()) {
    if (is_same(known->second, freeze)) return false;
    return fail(ErrorCode::conflict,
                fmt::format("a freeze with id \"{}\" was begun with another body, or has been ended; use another id",
                            freeze.id));
  }
  if (draft.find(freeze.id) != nullptr)
    return fail(ErrorCode::conflict, fmt::format("a release has the id \"{}\"; use another", freeze.id));
  if (freeze.span.until <= now)
    return fail(ErrorCode::invalid,
                fmt::format("until {} is over (now is {})", time_text(freeze.span.until), time_text(now)));
  const auto on = std::ranges::count_if(ordered, [&](const auto& entry) { return entry.second.span.holds(now); });
  if (on >= most_at_once)
    return fail(ErrorCode::conflict, fmt::format("{} freezes that people began are in force; end some of them", on));
  freeze.span.from = now;
  draft.put(std::move(freeze));
  return true;
}

Result<Freeze> end_freeze(Draft& draft, const FreezeEnd& end) {
  const auto now = draft.now().wall;
  const auto ordered = draft.ordered_freezes();
  if (const auto known = ordered.find(end.id); known != ordered.end()) return end_ordered(draft, known->second, now);
  for (auto& freeze : core::freezes_of_releases(draft, now)) {
    if (freeze.id != end.id) continue;
    draft.edit(end.id).freeze->until = freeze.span.until = now;
    draft.note(end.id, model::Note{},
               fmt::format("the freeze that it began was ended by {}{}{}", end.actor.name,
                           end.reason.empty() ? "" : ": ", end.reason));
    return freeze;
  }
  return fail(
      ErrorCode::not_found,
      fmt::format("no freeze \"{}\" is in force; `release-guard freeze list` shows those that are, and one of the "
                  "configuration ends by taking it out there and reloading",
                  end.id));
}

}  // namespace guard::engine
