// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/announcement.hpp"

#include "guard/base/clock_tolerance.hpp"
#include "guard/base/duration.hpp"
#include "guard/base/printable.hpp"
#include "guard/base/text.hpp"
#include "guard/base/time_text.hpp"
#include "guard/core/beginning.hpp"
#include "guard/core/evidence.hpp"
#include "guard/core/freezes.hpp"
#include "guard/core/staging.hpp"
#include "guard/core/succession.hpp"
#include "guard/engine/freeze_orders.hpp"
#include "guard/engine/steps.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::engine {
namespace {

using model::Watch;

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
  if (watch.group->rollback.mode == model::Mode::observe) return {};
  for (const auto& rule : watch.group->rules) {
    const auto posted = watch.signals.find(rule.signal);
    if (rule.kind != model::RuleKind::signal || !core::decides(rule) || posted == watch.signals.end()) continue;
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

std::string wanted_preflight(const model::Requirement& requirement) {
  return fmt::format("a preflight that passed within {}", format_duration(requirement.preflight));
}

void add_unproven(Watch& fresh, const std::string& words) {
  fresh.unproven = fresh.unproven ? fmt::format("{}; {}", *fresh.unproven, words) : words;
}

// Where what is not shown only warns, the watch says so.
Result<void> take_or_refuse(Watch& fresh, const std::string& wanted, const core::Shown& shown) {
  if (shown.met) return {};
  const auto words = fmt::format("{}; {}", shown.seen, shown.advice);
  if (fresh.group->requirement->action == model::UnmetAction::refuse)
    return fail(ErrorCode::conflict, fmt::format("rule group {} requires {}: {}", fresh.group->name, wanted, words));
  add_unproven(fresh, words);
  return {};
}

// What its group asks of its version elsewhere, and of a preflight.
Result<void> has_shown(const Draft& draft, Watch& fresh, const core::RecentPreflights& preflights) {
  if (!core::is_required(fresh)) return {};
  const auto& requirement = *fresh.group->requirement;
  const auto now = draft.now();
  if (!requirement.environment.empty()) {
    const auto shown = core::shown_of(draft, requirement, fresh.spec.service, fresh.spec.version, now.wall);
    const auto wanted = fmt::format("that a version has passed in {} first", requirement.environment);
    if (auto good = take_or_refuse(fresh, wanted, shown); !good) return good;
  }
  if (requirement.preflight == Duration{0}) return {};
  return take_or_refuse(fresh, wanted_preflight(requirement), preflights.shown_of(requirement, fresh.spec, now));
}

// The one of before the announcement counts for as long as it would have then: a switch takes its time.
Result<void> preflight_still_counts(const Draft& draft, const Watch& watch, const core::RecentPreflights& preflights) {
  if (!watch.spec.deploying || !core::is_required(watch)) return {};
  const auto& requirement = *watch.group->requirement;
  const auto deploying = draft.now().wall - watch.announced_at;
  if (requirement.preflight == Duration{0} || deploying <= requirement.preflight) return {};
  if (requirement.action == model::UnmetAction::warn) return {};
  const auto shown = preflights.shown_of(requirement, watch.spec, draft.now());
  if (shown.met) return {};
  return fail(ErrorCode::conflict,
              fmt::format("rule group {} requires {}, and the release has been deploying for {}: {}; {}. Do not switch "
                          "before; where the switch is made already, say live again after it, or order its rollback",
                          watch.group->name, wanted_preflight(requirement), short_duration(deploying), shown.seen,
                          shown.advice));
}

// One that is live from the start was asked when it was announced.
Result<void> no_freeze_began(const Draft& draft, const Watch& watch, WallTime at, const config::Settings& settings) {
  if (!watch.spec.deploying) return {};
  auto free = not_frozen(watch, known_freezes(settings, draft, at), at);
  if (free) return free;
  return fail(ErrorCode::locked,
              free.error().message +
                  ". It began after the release was announced: do not switch, and abort the release; "
                  "where the switch is made already, order its rollback, or end the freeze");
}

void begin_freeze_of(Draft& draft, Watch& fresh) {
  auto begun = core::freeze_begun(draft, fresh);
  if (!begun) return draft.note(fresh.spec.id, model::Note{}, begun.error());
  if (!*begun || (*begun)->until <= draft.now().wall) return;
  fresh.freeze = std::move(*begun);
  draft.note(fresh.spec.id, model::Note{},
             fmt::format("it freezes its place until {}: {}", time_text(fresh.freeze->until), fresh.freeze->reason));
}

// Not before it is live: until then the release before it runs, and must be guarded if this one is given up.
void supersede_older(Draft& draft, const Watch& fresh, const core::BrakeInputs& brakes) {
  for (const auto& id : core::superseded_by(draft, fresh)) {
    draft.edit(id).superseded_by = fresh.spec.id;
    advance(draft, id, brakes);
  }
}

// What a failed rollback left behind is nobody's trouble any more once something else runs there.
void settle_failed_rollbacks(Draft& draft, const Watch& fresh) {
  for (const auto& id : core::settled_by(draft, fresh)) {
    draft.edit(id).superseded_by = fresh.spec.id;
    draft.note(id, model::Note{},
               fmt::format("release {} is live in its place, so no person is needed any more", fresh.spec.id));
  }
}

Watch make_watch(const Draft& draft, const model::ReleaseSpec& spec, model::RuleGroupPtr group,
                 const std::string& boot_id) {
  auto watch = core::announced(spec, std::move(group), draft.now(), boot_id);
  watch.announced_at = core::announced_after(draft, spec.place(), draft.now().wall);
  const auto* replaced = core::last_release(draft, spec.place());
  watch.is_rollback =
      spec.kind == model::ReleaseKind::rollback || (replaced != nullptr && core::undoes(spec, *replaced));
  return watch;
}

Result<bool> known_already(const model::Watch& known, model::ReleaseSpec spec, bool replaces_what_is_live) {
  if (replaces_what_is_live) spec.previous_version = known.spec.previous_version;  // as it was then
  if (known.spec == spec) return false;
  return fail(ErrorCode::conflict,
              fmt::format("a release with id \"{}\" was announced with another body; use another id", spec.id));
}

// What cannot be called is known before it is needed.
Result<void> remedies_can_be_called(const Watch& watch, const Circumstances& context, Instant now) {
  for (const auto& rule : watch.group->rules) {
    if (!rule.remedy) continue;
    const auto hook = context.runtime.hooks.find(rule.remedy->hook);
    if (hook == context.runtime.hooks.end())
      return fail(ErrorCode::invalid,
                  fmt::format("the hook \"{}\", which rule {} of group \"{}\" calls, is not configured",
                              rule.remedy->hook, rule.slo, watch.group->name));
    hooks::HookCall call;
    call.release = watch.spec.id;
    call.purpose = model::DecisionKind::call;
    call.subject = watch.subject(now);
    if (auto possible = hook->second->rehearse(call); !possible)
      return fail(ErrorCode::invalid, fmt::format("rule {} could not call its hook for this release: {}", rule.slo,
                                                  possible.error().message));
  }
  return {};
}

// What the guard found running before its pipeline announced it.
struct FoundBefore {
  std::string previous_version;
  WallTime switch_began{};
  std::optional<WallTime> live_at;
};

// Nothing where it was not found. Fails with conflict where what was found is being rolled back.
Result<std::optional<FoundBefore>> taken_over(const Draft& draft, const Announcement& announcement) {
  const auto* found = announcement.is_found ? nullptr : core::found_before(draft, announcement.spec);
  if (found == nullptr) return std::nullopt;
  if (found->last_rollback() != nullptr)
    return fail(ErrorCode::conflict,
                fmt::format("version {} was found running before it was announced, and is rolled back as release {}",
                            announcement.spec.version, found->spec.id));
  return FoundBefore{found->spec.previous_version, found->switch_began, found->live_at};
}

// With the version before it, where the pipeline did not name it.
Result<model::ReleaseSpec> completed(const Draft& draft, const Announcement& announcement,
                                     const std::optional<FoundBefore>& found) {
  auto spec = announcement.spec;
  if (!announcement.replaces_what_is_live) return spec;
  spec.previous_version = found ? found->previous_version : core::live_version(draft, spec.place()).value_or("");
  if (!spec.previous_version.empty()) return spec;
  return fail(ErrorCode::invalid, fmt::format("previous_version is missing, and the guard does not know what is live "
                                              "of {} in {}; name it (`--previous-version`), or "
                                              "where there is none give \"\", and nothing is rolled back automatically",
                                              spec.service, spec.environment));
}

Result<void> can_be_rolled_back(const Draft& draft, const Watch& watch, const Circumstances& context) {
  if (watch.group->rollback.hook.empty() || !watch.can_go_back()) return {};
  return hook_can_go_back_to(watch, watch.spec.previous_version, context, draft.now());
}

Result<void> is_free(const Draft& draft, const Watch& watch, const Circumstances& context) {
  const auto now = draft.now().wall;
  return not_frozen(watch, known_freezes(*context.runtime.settings, draft, now), now);
}

// Whether the release may begin.
Result<void> admit(const Draft& draft, Watch& watch, const Circumstances& context) {
  if (auto free = is_free(draft, watch, context); !free) return free;
  if (auto shown = has_shown(draft, watch, context.preflights); !shown) return shown;
  if (auto possible = can_be_rolled_back(draft, watch, context); !possible) return possible;
  return remedies_can_be_called(watch, context, draft.now());
}

// It runs already. Where it could not be rolled back, a person is asked rather than a hook.
void tell_refusals(const Draft& draft, Watch& watch, const Circumstances& context) {
  const auto tell = [&](const Result<void>& admitted) {
    if (!admitted) add_unproven(watch, admitted.error().message);
  };
  tell(has_shown(draft, watch, context.preflights));
  tell(is_free(draft, watch, context));
  tell(remedies_can_be_called(watch, context, draft.now()));
  const auto possible = can_be_rolled_back(draft, watch, context);
  tell(possible);
  if (!possible) watch.contested = possible.error().message;
}

}  // namespace

Result<void> hook_takes(const std::vector<std::string>& versions, const model::RuleGroup& group,
                        const config::Settings& settings) {
  const auto hook = std::ranges::find(settings.hooks, group.rollback.hook, &config::HookSettings::name);
  if (hook == settings.hooks.end() || !hook->versions) return {};
  for (const auto& version : versions)
    if (!hook->versions->matches({{"version", version}}))
      return fail(ErrorCode::invalid,
                  fmt::format("\"{}\" is no version that the rollback hook \"{}\" takes; they match {}",
                              shorten(printable(version), 100), hook->name, hook->versions->value()));
  return {};
}

Result<void> hook_can_go_back_to(const Watch& watch, const std::string& target, const Circumstances& context,
                                 Instant now) {
  const auto& name = watch.group->rollback.hook;
  const auto hook = context.runtime.hooks.find(name);
  if (hook == context.runtime.hooks.end())
    return fail(ErrorCode::invalid, fmt::format("the rollback hook \"{}\" of rule group \"{}\" is not configured", name,
                                                watch.group->name));
  if (auto good = hook_takes({watch.spec.version, target}, *watch.group, *context.runtime.settings); !good) return good;
  hooks::HookCall call;
  call.release = watch.spec.id;
  call.subject = watch.subject(now);
  call.subject.previous_version = target;
  if (auto possible = hook->second->rehearse(call); !possible)
    return fail(ErrorCode::invalid,
                fmt::format("this release could not be rolled back{}: {}",
                            target == watch.spec.previous_version ? "" : " to " + shorten(printable(target), 100),
                            possible.error().message));
  return {};
}

Result<void> go_live(Draft& draft, const std::string& id, std::optional<WallTime> live_at,
                     const Circumstances& context) {
  if (auto sane = live_time_is_sane(live_at, draft.now().wall); !sane) return sane;
  const auto* known = draft.find(id);
  if (known->live_at && (!live_at || *live_at == *known->live_at)) return {};  // a pipeline may repeat itself
  if (auto legal = core::next_phase(known->phase, core::Event::live); !legal)
    return fail(ErrorCode::conflict, legal.error());
  if (auto good = nothing_failed(*known); !good) return good;
  if (auto free = no_freeze_began(draft, *known, live_at.value_or(draft.now().wall), *context.runtime.settings); !free)
    return free;
  if (auto counts = preflight_still_counts(draft, *known, context.preflights); !counts) return counts;
  auto& watch = draft.edit(id);
  core::mark_live(watch, live_at.value_or(draft.now().wall), draft.now(), context.boot_id);
  const auto replaced = core::replaced_by(draft, watch);
  const auto difference = core::words_of(replaced, watch.spec);
  if (replaced.contested) watch.contested = difference;
  take_step(
      draft, id,
      {core::Event::live, std::nullopt,
       fmt::format("live since {}{}{}", time_text(*watch.live_at), difference ? "; " : "", difference.value_or(""))});
  begin_freeze_of(draft, draft.edit(id));
  supersede_older(draft, *draft.find(id), context.brakes);
  settle_failed_rollbacks(draft, *draft.find(id));
  return {};
}

Result<bool> announce(Draft& draft, const Announcement& announcement, const Circumstances& context) {
  if (const auto* known = draft.find(announcement.spec.id))
    return known_already(*known, announcement.spec, announcement.replaces_what_is_live);
  const auto found = taken_over(draft, announcement);
  if (!found) return std::unexpected(found.error());
  const auto completed_spec = completed(draft, announcement, *found);
  if (!completed_spec) return std::unexpected(completed_spec.error());
  const auto& spec = *completed_spec;
  if (auto sane = live_time_is_sane(spec.live_at, draft.now().wall); !sane) return std::unexpected(sane.error());
  auto group = core::group_for(spec, context.runtime.settings->groups);
  if (!group) return std::unexpected(group.error());
  auto watch = make_watch(draft, spec, *group, context.boot_id);
  if (*found) watch.switch_began = std::min(watch.switch_began, (*found)->switch_began);
  if (announcement.is_found)
    tell_refusals(draft, watch, context);
  else if (auto good = admit(draft, watch, context); !good)
    return std::unexpected(good.error());
  draft.add(watch);
  draft.note(spec.id, model::PhaseChanged{std::nullopt, model::Phase::deploying},
             fmt::format("announced by {}: {} {} -> {} in {}, watched by rule group {}", announcement.actor.name,
                         spec.service, spec.previous_version.empty() ? "(nothing)" : spec.previous_version,
                         spec.version, spec.environment, watch.group->name));
  if (watch.unproven) draft.note(spec.id, model::Note{}, "announced all the same: " + *watch.unproven);
  const auto live_at = *found && !spec.live_at ? (*found)->live_at : spec.live_at;
  if (!spec.deploying)
    if (auto live = go_live(draft, spec.id, live_at, context); !live) return std::unexpected(live.error());
  advance(draft, spec.id, context.brakes);
  return true;
}

}  // namespace guard::engine
