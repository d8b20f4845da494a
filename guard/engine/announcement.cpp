// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/announcement.hpp"

#include "guard/base/printable.hpp"
#include "guard/base/text.hpp"
#include "guard/base/time_text.hpp"
#include "guard/core/evidence.hpp"
#include "guard/engine/replaced.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::engine {
namespace {

using core::Watch;

// Instances restart in the minute before the pipeline says "live"; what breaks then is the release's.
constexpr Duration switch_time = std::chrono::minutes(1);
constexpr Duration clock_tolerance = std::chrono::minutes(1);

Result<core::RuleGroupPtr> group_for(const core::ReleaseSpec& spec, const config::Settings& settings) {
  const auto labels = labels_of(spec);
  for (const auto& group : settings.groups)
    if (core::matches_all(group->match, labels)) return group;
  return fail(
      ErrorCode::not_found,
      fmt::format("no rule group matches service=\"{}\", environment=\"{}\": add one to the rule files, or correct "
                  "the names; an unmatched release would not be watched",
                  spec.service, spec.environment));
}

Result<void> not_frozen(const core::ReleaseSpec& spec, const config::Settings& settings, WallTime now) {
  for (const auto& freeze : settings.freezes) {
    const bool active = freeze.from <= now && now < freeze.until;
    const bool allowed = std::find(freeze.allow.begin(), freeze.allow.end(), spec.kind) != freeze.allow.end();
    if (!active || allowed || !core::matches_all(freeze.match, labels_of(spec))) continue;
    return fail(ErrorCode::locked,
                fmt::format("releases are frozen until {}: {}", time_text(freeze.until), freeze.reason));
  }
  return {};
}

// The other side of a hook may read a version as something else: a shell, a path, a query.
Result<void> looks_like_versions(const core::ReleaseSpec& spec, const config::HookSettings& hook) {
  if (!hook.versions) return {};
  for (const auto& version : {spec.version, spec.previous_version})
    if (!hook.versions->matches({{"version", version}}))
      return fail(ErrorCode::invalid,
                  fmt::format("\"{}\" is no version that the rollback hook \"{}\" takes; they match {}",
                              shorten(printable(version), 100), hook.name, hook.versions->value()));
  return {};
}

Result<void> hook_can_do_it(const Watch& watch, const Runtime& runtime, Instant now) {
  const auto& name = watch.group->rollback.hook;
  if (name.empty() || !watch.can_go_back()) return {};
  const auto hook = runtime.hooks.find(name);
  if (hook == runtime.hooks.end())
    return fail(ErrorCode::invalid, fmt::format("the rollback hook \"{}\" of rule group \"{}\" is not configured", name,
                                                watch.group->name));
  const auto& all = runtime.settings->hooks;
  if (const auto settings = std::ranges::find(all, name, &config::HookSettings::name); settings != all.end())
    if (auto good = looks_like_versions(watch.spec, *settings); !good) return good;
  hooks::HookCall call;
  call.release = watch.spec.id;
  call.subject = watch.subject(now);
  if (auto possible = hook->second->rehearse(call); !possible)
    return fail(ErrorCode::invalid, fmt::format("this release could not be rolled back: {}", possible.error().message));
  return {};
}

Result<void> live_time_is_sane(std::optional<WallTime> live_at, WallTime now) {
  if (live_at && *live_at > now + clock_tolerance)
    return fail(ErrorCode::invalid,
                fmt::format("live_at {} is in the future (now is {}): announce it with \"phase\": \"deploying\" "
                            "and say live when it is, or correct the clock",
                            time_text(*live_at), time_text(now)));
  return {};
}

// What the pipeline itself found bad before the switch is no release to begin with. Mode observe stops nothing.
Result<void> nothing_failed(const Watch& watch) {
  if (watch.group->rollback.mode == core::Mode::observe) return {};
  for (const auto& rule : watch.group->rules) {
    const auto posted = watch.signals.find(rule.signal);
    if (rule.kind != core::RuleKind::signal || !core::decides(rule) || posted == watch.signals.end()) continue;
    if (posted->second.succeeded) continue;
    return fail(
        ErrorCode::conflict,
        fmt::format("signal {} failed at {}{}{}: do not switch, and abort the release; where the switch is made "
                    "already, order its rollback; where it was wrong, post the signal again as succeeded",
                    rule.signal, time_text(posted->second.at), posted->second.detail.empty() ? "" : ", ",
                    posted->second.detail));
  }
  return {};
}

void mark_live(Watch& watch, WallTime live_at, Instant now, const std::string& boot_id) {
  watch.live_at = std::min(live_at, now.wall);
  // Announced only after it was live: what was measured since then is the release's own doing.
  if (*watch.live_at < watch.switch_began) watch.switch_began = *watch.live_at - switch_time;
  watch.clock.elapsed = std::min(now.wall - *watch.live_at, watch.group->window);
  watch.clock.start(now, boot_id);
}

// A pipeline that rolls back by deploying announces that too: it must not end the verification of the very rollback
// it carries out.
bool leaves_alone(const Watch& fresh, const Watch& older) {
  const bool in_rollback = older.phase == core::Phase::rolling_back || older.phase == core::Phase::verifying;
  return fresh.is_rollback && in_rollback && undoes(fresh.spec, older);
}

// What went live takes the place of what was live before, and of what was announced before it and never came.
bool takes_place_of(const Watch& fresh, const Watch& other) {
  const bool another = core::same_place(fresh.spec, other.spec) && other.spec.id != fresh.spec.id;
  const bool still_to_come = other.phase == core::Phase::deploying && other.announced_at >= fresh.announced_at;
  return another && !core::is_final(other.phase) && !still_to_come && !leaves_alone(fresh, other);
}

// Not before it is live: until then the release before it runs, and must be guarded if this one is given up.
void supersede_older(Draft& draft, const Watch& fresh, const BrakeInputs& brakes) {
  std::vector<std::string> older;
  draft.for_each([&](const Watch& w) {
    if (takes_place_of(fresh, w)) older.push_back(w.spec.id);
  });
  for (const auto& id : older) {
    draft.edit(id).superseded_by = fresh.spec.id;
    advance(draft, id, brakes);
  }
}

// What a failed rollback left behind is nobody's trouble any more once something else runs there.
void settle_failed_rollbacks(Draft& draft, const Watch& fresh) {
  std::vector<std::string> failed;
  draft.for_each([&](const Watch& w) {
    if (core::same_place(fresh.spec, w.spec) && w.phase == core::Phase::rollback_failed && w.superseded_by.empty())
      failed.push_back(w.spec.id);
  });
  for (const auto& id : failed) {
    draft.edit(id).superseded_by = fresh.spec.id;
    draft.note(id, core::Note{},
               fmt::format("release {} is live in its place, so no person is needed any more", fresh.spec.id));
  }
}

// The newest release of the place that is no rollback and was not given up before it was live. Only what it brought can
// be undone now: the names of versions may come again (blue, green), and an older release was replaced long ago.
const Watch* last_release(const Draft& draft, const core::ReleaseSpec& spec) {
  const Watch* newest = nullptr;
  draft.for_each([&](const Watch& older) {
    if (!core::same_place(older.spec, spec) || older.is_rollback || older.never_came()) return;
    if (newest == nullptr || older.announced_at > newest->announced_at) newest = &older;
  });
  return newest;
}

// Later than everything announced there before, also where the clock was set back: which release is the newest must
// not depend on it.
WallTime announced_now(const Draft& draft, const core::ReleaseSpec& spec) {
  auto at = draft.now().wall;
  draft.for_each([&](const Watch& other) {
    if (core::same_place(other.spec, spec)) at = std::max(at, other.announced_at + Duration{1});
  });
  return at;
}

Watch make_watch(const Draft& draft, const core::ReleaseSpec& spec, core::RuleGroupPtr group,
                 const std::string& boot_id) {
  Watch watch;
  watch.spec = spec;
  watch.phase_since = watch.switch_began = draft.now().wall;
  watch.announced_at = announced_now(draft, spec);
  watch.phase_reason = "announced; waiting for the pipeline to say it is live";
  watch.rules.resize(group->rules.size());
  watch.group = std::move(group);
  watch.clock.boot_id = boot_id;
  const auto* replaced = last_release(draft, spec);
  watch.is_rollback = spec.kind == core::ReleaseKind::rollback || (replaced != nullptr && undoes(spec, *replaced));
  return watch;
}

Result<bool> known_already(const core::Watch& known, const core::ReleaseSpec& spec) {
  if (known.spec == spec) return false;
  return fail(ErrorCode::conflict,
              fmt::format("a release with id \"{}\" was announced with another body; use another id", spec.id));
}

}  // namespace

core::Labels labels_of(const core::ReleaseSpec& spec) {
  core::Labels labels = spec.labels;
  labels["service"] = spec.service;
  labels["environment"] = spec.environment;
  labels["version"] = spec.version;
  labels["previous_version"] = spec.previous_version;
  labels["kind"] = to_string(spec.kind);
  return labels;
}

Result<void> go_live(Draft& draft, const std::string& id, std::optional<WallTime> live_at, const LiveContext& context) {
  if (auto sane = live_time_is_sane(live_at, draft.now().wall); !sane) return sane;
  const auto* known = draft.find(id);
  if (known->live_at && (!live_at || *live_at == *known->live_at)) return {};  // a pipeline may repeat itself
  if (auto legal = core::next_phase(known->phase, core::Event::live); !legal)
    return fail(ErrorCode::conflict, legal.error());
  if (auto free = nothing_failed(*known); !free) return free;
  auto& watch = draft.edit(id);
  mark_live(watch, live_at.value_or(draft.now().wall), draft.now(), context.boot_id);
  const auto replaced = replaced_by(draft, watch);
  const auto difference = words_of(replaced, watch.spec);
  if (replaced.contested) watch.contested = difference;
  take_step(draft, id,
            {core::Event::live, std::nullopt,
             fmt::format("live since {}{}{}", time_text(*watch.live_at), difference.empty() ? "" : "; ", difference)});
  supersede_older(draft, *draft.find(id), context.brakes);
  settle_failed_rollbacks(draft, *draft.find(id));
  return {};
}

Result<bool> announce(Draft& draft, const core::ReleaseSpec& spec, const Actor& actor,
                      const AnnouncementContext& context) {
  if (const auto* known = draft.find(spec.id)) return known_already(*known, spec);
  if (auto sane = live_time_is_sane(spec.live_at, draft.now().wall); !sane) return std::unexpected(sane.error());
  const auto& settings = *context.runtime.settings;
  if (auto free = not_frozen(spec, settings, draft.now().wall); !free) return std::unexpected(free.error());
  auto group = group_for(spec, settings);
  if (!group) return std::unexpected(group.error());
  auto watch = make_watch(draft, spec, *group, context.boot_id);
  if (auto possible = hook_can_do_it(watch, context.runtime, draft.now()); !possible)
    return std::unexpected(possible.error());
  if (!spec.deploying) watch.switch_began = spec.live_at.value_or(draft.now().wall) - switch_time;
  draft.add(watch);
  draft.note(spec.id, core::PhaseChanged{std::nullopt, core::Phase::deploying},
             fmt::format("announced by {}: {} {} -> {} in {}, watched by rule group {}", actor.name, spec.service,
                         spec.previous_version.empty() ? "(nothing)" : spec.previous_version, spec.version,
                         spec.environment, watch.group->name));
  if (!spec.deploying)
    if (auto live = go_live(draft, spec.id, spec.live_at, {context.brakes, context.boot_id}); !live)
      return std::unexpected(live.error());
  advance(draft, spec.id, context.brakes);
  return true;
}

}  // namespace guard::engine
