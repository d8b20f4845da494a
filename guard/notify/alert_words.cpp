// SPDX-License-Identifier: Apache-2.0
#include "guard/notify/alert_words.hpp"

#include "guard/base/time_text.hpp"
#include "guard/core/reason_words.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::notify {
namespace {

using model::Decision;
using model::DecisionKind;
using model::Phase;
using Kind = OwnAlertKind;

// "meme-maker v1.2.0 in production"
std::string name_of(const story::ReleaseView& release) {
  return fmt::format("{} {} in {}", release.spec.service, release.spec.version, release.spec.environment);
}

const Decision* last_decision(const story::ReleaseView& release) {
  const auto run = model::latest_run(release.decisions);
  return run.empty() ? nullptr : run.back();
}

const Decision* last_rollback(const story::ReleaseView& release) {
  const auto it = std::find_if(release.decisions.rbegin(), release.decisions.rend(),
                               [](const auto& decision) { return decision.kind == DecisionKind::rollback; });
  return it == release.decisions.rend() ? nullptr : &*it;
}

std::string why_of(const story::ReleaseView& release) {
  const auto* decision = model::cause_of(release.decisions);
  return decision == nullptr ? release.reason : decision->reason;
}

// "called hook promote_to_prod, attempt 2: exit 0"
std::string calls_of(const Decision& decision) {
  if (decision.attempts.empty()) return fmt::format("decided to call hook {}", decision.hook);
  const auto& attempt = decision.attempts.back();
  const auto outcome = attempt.detail.empty() ? std::string(to_string(attempt.result)) : attempt.detail;
  return fmt::format("called hook {}, attempt {}: {}", decision.hook, attempt.number, outcome);
}

std::string hook_calls(const story::ReleaseView& release) {
  const auto* decision = last_rollback(release);
  return decision == nullptr ? "" : calls_of(*decision);
}

std::string previous_of(const story::ReleaseView& release) {
  if (const auto* decision = last_rollback(release)) return decision->target;
  return release.spec.previous_version.empty() ? "the version before" : release.spec.previous_version;
}

std::string_view beginning_of(const story::ReleaseView& release) {
  if (release.phase == Phase::deploying) return "is being deployed";
  return release.paused ? "is live, and its watch is paused" : "is live and being watched";
}

std::string waits_for(const story::ReleaseView& release) {
  if (release.paused) return "judges nothing until a person resumes the watch";
  if (!release.window_end) return "waits until the pipeline says it is live";
  // To the minute: its last digits move with the clocks, and each change would be pushed.
  return fmt::format("watches its objectives until {}",
                     time_text(std::chrono::round<std::chrono::minutes>(*release.window_end)));
}

Said started(const story::ReleaseView& release) {
  return {Kind::release_started,
          release.announced_at,
          fmt::format("{} {}.", name_of(release), beginning_of(release)),
          fmt::format("It replaces {}. {}The guard tells how it ends, unless a newer release takes its place.",
                      previous_of(release),
                      release.unproven.empty() ? "" : fmt::format("A warning: {}. ", release.unproven)),
          "",
          waits_for(release)};
}

Said rolling_back(const story::ReleaseView& release, const Decision& decision) {
  const bool called = release.phase == Phase::verifying;
  return {Kind::rolling_back,
          decision.at,
          fmt::format("{} is being rolled back to {}.", name_of(release), previous_of(release)),
          "Alerts of this service are held back meanwhile. The guard tells whether it worked, unless a newer release "
          "takes its place.",
          decision.reason,
          hook_calls(release) + (called ? "; now it waits for the objectives to hold again" : "")};
}

Said failed(const story::ReleaseView& release, const Decision* decision) {
  const bool unknown = decision != nullptr && decision->state == model::CallState::unknown;
  const auto summary =
      unknown ? "Nobody can tell whether {} was rolled back to {}." : "The rollback of {} to {} failed.";
  return {unknown ? Kind::rollback_unknown : Kind::rollback_failed,
          release.phase_since,
          fmt::format(fmt::runtime(summary), name_of(release), previous_of(release)),
          "A person must act now: " + release.reason,
          why_of(release),
          hook_calls(release)};
}

Said blocked(const story::ReleaseView& release, const Decision& decision) {
  return {Kind::rollback_blocked,
          decision.at,
          release.breach_stands
              ? fmt::format("{} is in breach and is not rolled back ({}).", name_of(release), in_words(decision.brake))
              : fmt::format("{} was in breach and was not rolled back ({}); at the latest reading its objectives hold.",
                            name_of(release), in_words(decision.brake)),
          "A person must decide: order the rollback, or let the release be.",
          decision.reason,
          "held the rollback back"};
}

Said would_roll_back(const story::ReleaseView& release, const Decision& decision) {
  return {Kind::would_roll_back,
          decision.at,
          fmt::format("{} {} in breach; in mode enforce it would {} rolled back to {}.", name_of(release),
                      release.breach_stands ? "is" : "was", release.breach_stands ? "be" : "have been",
                      previous_of(release)),
          "The rule group is in mode observe: nothing is done.",
          decision.reason,
          "only watches"};
}

Said awaiting_approval(const story::ReleaseView& release) {
  return {
      Kind::awaiting_approval,
      release.phase_since,
      fmt::format("{} is in breach; its rollback to {} waits for a person.", name_of(release), previous_of(release)),
      "Approve the rollback, or abort the watch.",
      why_of(release),
      "waits for approval"};
}

// A call that was decided and never made was called off with the watch.
std::string until_the_abort(const story::ReleaseView& release) {
  const auto* rollback = last_rollback(release);
  const bool called = rollback != nullptr && !rollback->attempts.empty();
  return (called ? hook_calls(release) + "; " : "") + "watches it no longer";
}

std::string rolled_back_description(const story::ReleaseView& release) {
  if (!release.held_again_at) return release.reason + ". Find the cause before the next release.";
  return fmt::format("The objectives hold again since {}. Find the cause before the next release.",
                     time_text(*release.held_again_at));
}

// Announcements of an end; that a rollback helped is told before its watch is over.
Said ended(Kind kind, const story::ReleaseView& release) {
  Said said{kind, release.ended_at.value_or(release.phase_since), "", "", release.reason, ""};
  if (kind == Kind::release_passed) {
    said.summary = fmt::format("{} passed.", name_of(release));
    said.guard_did = "watched it to the end of its window";
  } else if (kind == Kind::rolled_back) {
    said.summary = fmt::format("{} was rolled back to {}.", name_of(release), previous_of(release));
    said.since = release.held_again_at.value_or(said.since);
    said.description = rolled_back_description(release);
    said.why = why_of(release);
    said.guard_did = hook_calls(release);
  } else if (kind == Kind::release_aborted) {
    said.summary = fmt::format("{}: the watch was aborted.", name_of(release));
    said.description = "Production stays as it is, and whatever happens to this release now, nobody is called.";
    said.guard_did = until_the_abort(release);
  } else if (kind == Kind::release_breached) {
    said.summary = fmt::format("{} broke its objectives and was not rolled back.", name_of(release));
    said.description = "It is still live, and nobody watches it any more: roll it back, or replace it.";
    said.guard_did = "called nothing";
  } else {
    said.summary = fmt::format("{} ended unverified: it has not passed.", name_of(release));
    said.description = "Look at the rules that were unknown or broken, and at the service itself.";
    said.guard_did = hook_calls(release);
  }
  return said;
}

std::optional<Said> cannot_judge(const story::ReleaseView& release) {
  std::vector<std::string> blind;
  std::optional<WallTime> since;
  for (const auto& rule : release.rules) {
    if (!rule.unread_since) continue;
    since = std::min(since.value_or(*rule.unread_since), *rule.unread_since);
    blind.push_back(rule.read_at ? fmt::format("{}: {}", rule.slo, core::explain(rule.reading_reason))
                                 : fmt::format("{}: never asked yet", rule.slo));
  }
  if (!since) return std::nullopt;
  return Said{Kind::cannot_judge,
              *since,
              fmt::format("{} cannot be judged.", name_of(release)),
              "Until its rules can be read again a breach goes unnoticed, and the release will end unverified.",
              fmt::format("not read since {}: {}", time_text(*since), fmt::join(blind, "; ")),
              "asks again at each interval"};
}

Said not_live(const story::ReleaseView& release) {
  return {Kind::cannot_judge,
          release.announced_at,
          fmt::format("{} was announced and never went live.", name_of(release)),
          "Say that it is live, or abort it. Meanwhile no rollback of the release before it is made automatically.",
          release.needs_person,
          "waits until the pipeline says it is live"};
}

// Its rules are read, and see too little.
std::optional<Said> sees_too_little(const story::ReleaseView& release) {
  std::vector<std::string> short_of;
  for (const auto& rule : release.rules)
    if (!rule.falls_short.empty()) short_of.push_back(rule.falls_short);
  if (short_of.empty()) return std::nullopt;
  return Said{Kind::cannot_judge,
              release.phase_since,
              fmt::format("{} sees too little to be judged.", name_of(release)),
              "Look at the service, or send it some requests: as it is, the release will end unverified.",
              fmt::format("{}", fmt::join(short_of, "; ")),
              "goes on counting"};
}

// It was announced as live, or the hook as done, and the version is not there.
std::optional<Said> not_serving(const story::ReleaseView& release) {
  if (!release.serving_overdue) return std::nullopt;
  return Said{Kind::cannot_judge,
              release.phase_since,
              fmt::format("{} cannot be judged: the version that should run is not seen to serve.", name_of(release)),
              "A person must look whether the deployment went through. Until it serves nothing is held against it, and "
              "it will not pass.",
              release.not_serving,
              "asks again at each interval"};
}

// Nothing reads wrong, but nobody knows what is being read.
std::optional<Said> disturbed(const story::ReleaseView& release) {
  if (release.disturbance.empty()) return std::nullopt;
  return Said{Kind::cannot_judge,
              release.phase_since,
              fmt::format("{} cannot be judged.", name_of(release)),
              "A person must look at which version is served. The release will end unverified.",
              release.disturbance,
              "goes on reading its objectives"};
}

bool is_news(WallTime at, WallTime now) {
  return now - at < announced_for;
}

bool went_wrong(const Decision& call) {
  return call.state == model::CallState::failed || call.state == model::CallState::unknown;
}

// The newest call for a rule that did not do its work, else the newest one; one alert tells of one.
const Decision* telling_call(const story::ReleaseView& release) {
  const Decision* told = nullptr;
  for (const auto& decision : release.decisions)
    if (decision.kind == DecisionKind::call && (told == nullptr || went_wrong(decision) || !went_wrong(*told)))
      told = &decision;
  return told;
}

// Told for a while where it went well, as long as the release is watched where it did not.
void say_of_call(const story::ReleaseView& release, const Decision& call, WallTime now, std::vector<Said>& out) {
  const bool failed = went_wrong(call);
  if (!failed && !is_news(call.at, now)) return;
  Said said{
      failed ? Kind::hook_call_failed : Kind::hook_called, call.at, "", "", call.reason, calls_of(call), call.slo};
  if (failed) {
    said.summary =
        fmt::format("{}: hook {}, called for {}, did not surely do its work.", name_of(release), call.hook, call.slo);
    said.description = "Do by hand what it was to do. The release is watched on, and its rule says what follows.";
  } else {
    said.summary = fmt::format("{}: hook {} is called for {}, before anything is rolled back.", name_of(release),
                               call.hook, call.slo);
    said.description =
        "The release is watched on. Where the objective does not hold again, its rule says what follows.";
  }
  out.push_back(std::move(said));
}

void say_of_live(const story::ReleaseView& release, WallTime now, std::vector<Said>& out) {
  if (is_news(release.announced_at, now)) out.push_back(started(release));
  if (release.phase == Phase::deploying) {
    if (!release.needs_person.empty()) out.push_back(not_live(release));
    return;
  }
  if (const auto* call = telling_call(release)) say_of_call(release, *call, now, out);
  const auto* last = last_decision(release);
  if (last != nullptr && last->kind == DecisionKind::hold) out.push_back(blocked(release, *last));
  if (last != nullptr && last->kind == DecisionKind::would_rollback) out.push_back(would_roll_back(release, *last));
}

void say_of_end(Kind kind, const story::ReleaseView& release, WallTime now, std::vector<Said>& out) {
  if (release.ended_at && is_news(*release.ended_at, now)) out.push_back(ended(kind, release));
}

// One announcement, whose hour begins when the objectives held again, not when their watch is over.
void say_of_rolled_back(const story::ReleaseView& release, WallTime now, std::vector<Said>& out) {
  auto said = ended(Kind::rolled_back, release);
  if (is_news(said.since, now)) out.push_back(std::move(said));
}

Said broken_again(const story::ReleaseView& release) {
  return {Kind::broken_again,
          release.broken_again_at.value_or(release.phase_since),
          fmt::format("{} was rolled back to {}, and the objectives are broken again.", name_of(release),
                      previous_of(release)),
          "A person must look: the release was not the cause, or not the only one.",
          release.reason,
          hook_calls(release) + "; it rolls nothing back a second time"};
}

void say_of_verification(const story::ReleaseView& release, const Decision& rollback, WallTime now,
                         std::vector<Said>& out) {
  if (release.broken_again_at)
    out.push_back(broken_again(release));
  else if (release.held_again_at)
    say_of_rolled_back(release, now, out);
  else
    out.push_back(rolling_back(release, rollback));
}

}  // namespace

std::vector<Said> said_of(const story::ReleaseView& release, WallTime now) {
  std::vector<Said> out;
  const auto* rollback = last_rollback(release);
  switch (release.phase) {
    case Phase::deploying:
    case Phase::settling:
    case Phase::watching:
      say_of_live(release, now, out);
      break;
    case Phase::awaiting_approval:
      out.push_back(awaiting_approval(release));
      break;
    case Phase::rolling_back:
      if (rollback != nullptr) out.push_back(rolling_back(release, *rollback));
      break;
    case Phase::verifying:
      if (rollback != nullptr) say_of_verification(release, *rollback, now, out);
      break;
    case Phase::passed:
      say_of_end(Kind::release_passed, release, now, out);
      break;
    case Phase::breached:
      say_of_end(Kind::release_breached, release, now, out);
      break;
    case Phase::unverified:
      say_of_end(Kind::release_unverified, release, now, out);
      break;
    case Phase::rolled_back:
      say_of_rolled_back(release, now, out);
      break;
    case Phase::rollback_failed:
      if (!release.needs_person.empty()) out.push_back(failed(release, rollback));
      break;
    case Phase::aborted:
      say_of_end(Kind::release_aborted, release, now, out);
      break;
    case Phase::superseded:
      break;  // what took its place is told of
  }
  if (!model::is_judged(release.phase) || release.paused) return out;
  const bool watched = release.phase == Phase::settling || release.phase == Phase::watching;
  auto blind = watched ? disturbed(release) : std::nullopt;
  if (!blind) blind = not_serving(release);
  if (!blind) blind = cannot_judge(release);
  if (!blind) blind = sees_too_little(release);
  if (blind) out.push_back(std::move(*blind));
  return out;
}

}  // namespace guard::notify
