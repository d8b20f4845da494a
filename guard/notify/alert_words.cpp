// SPDX-License-Identifier: Apache-2.0
#include "guard/notify/alert_words.hpp"

#include "guard/base/time_text.hpp"
#include "guard/notify/unjudged_words.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::notify {
namespace {

using model::Decision;
using model::DecisionKind;
using model::Phase;
using Kind = OwnAlertKind;

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

Message started(const story::ReleaseView& release) {
  return {Kind::release_started,
          release.announced_at,
          fmt::format("{} {}.", name_of(release), beginning_of(release)),
          fmt::format("It replaces {}. {}The guard tells how it ends, unless a newer release takes its place.",
                      previous_of(release), release.unproven ? fmt::format("A warning: {}. ", *release.unproven) : ""),
          "",
          waits_for(release)};
}

Message rolling_back(const story::ReleaseView& release, const Decision& decision) {
  const bool called = release.phase == Phase::verifying;
  return {Kind::rolling_back,
          decision.at,
          fmt::format("{} is being rolled back to {}.", name_of(release), previous_of(release)),
          "The guard tells whether it worked, unless a newer release takes its place. Where Alertmanager is set up for "
          "it, other alerts of this service are held back meanwhile.",
          decision.reason,
          hook_calls(release) + (called ? "; now it waits for the objectives to hold again" : "")};
}

Message failed(const story::ReleaseView& release, const Decision* decision) {
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

Message blocked(const story::ReleaseView& release, const Decision& decision) {
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

Message would_roll_back(const story::ReleaseView& release, const Decision& decision) {
  return {Kind::would_roll_back,
          decision.at,
          fmt::format("{} {} in breach; in mode enforce it would {} rolled back to {}.", name_of(release),
                      release.breach_stands ? "is" : "was", release.breach_stands ? "be" : "have been",
                      previous_of(release)),
          "The rule group is in mode observe: nothing is done.",
          decision.reason,
          "only watches"};
}

Message awaiting_approval(const story::ReleaseView& release) {
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
Message ended(Kind kind, const story::ReleaseView& release) {
  Message message{kind, release.ended_at.value_or(release.phase_since), "", "", release.reason, ""};
  if (kind == Kind::release_passed) {
    message.summary = fmt::format("{} passed.", name_of(release));
    message.guard_did = "watched it to the end of its window";
  } else if (kind == Kind::rolled_back) {
    message.summary = fmt::format("{} was rolled back to {}.", name_of(release), previous_of(release));
    message.since = release.held_again_at.value_or(message.since);
    message.description = rolled_back_description(release);
    message.why = why_of(release);
    message.guard_did = hook_calls(release);
  } else if (kind == Kind::release_aborted) {
    message.summary = fmt::format("{}: the watch was aborted.", name_of(release));
    message.description = "Production stays as it is, and whatever happens to this release now, nobody is called.";
    message.guard_did = until_the_abort(release);
  } else if (kind == Kind::release_breached) {
    message.summary = fmt::format("{} broke its objectives and was not rolled back.", name_of(release));
    message.description = "It is still live, and nobody watches it any more: roll it back, or replace it.";
    message.guard_did = "called nothing";
  } else {
    message.summary = fmt::format("{} ended unverified: it has not passed.", name_of(release));
    message.description = "Look at the rules that were unknown or broken, and at the service itself.";
    message.guard_did = hook_calls(release);
  }
  return message;
}

Message not_live(const story::ReleaseView& release) {
  return {Kind::cannot_judge,
          release.announced_at,
          fmt::format("{} was announced and never went live.", name_of(release)),
          "Say that it is live, or abort it. Meanwhile no rollback of the release before it is made automatically.",
          release.needs_person.value_or(""),
          "waits until the pipeline says it is live"};
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
void add_call(const story::ReleaseView& release, const Decision& call, WallTime now, std::vector<Message>& out) {
  const bool failed = went_wrong(call);
  if (!failed && !is_news(call.at, now)) return;
  Message message{
      failed ? Kind::hook_call_failed : Kind::hook_called, call.at, "", "", call.reason, calls_of(call), call.slo};
  if (failed) {
    message.summary =
        fmt::format("{}: hook {}, called for {}, did not surely do its work.", name_of(release), call.hook, call.slo);
    message.description = "Do by hand what it was to do. The release is watched on, and its rule says what follows.";
  } else {
    message.summary = fmt::format("{}: hook {} is called for {}, before anything is rolled back.", name_of(release),
                                  call.hook, call.slo);
    message.description =
        "The release is watched on. Where the objective does not hold again, its rule says what follows.";
  }
  out.push_back(std::move(message));
}

void add_live(const story::ReleaseView& release, WallTime now, std::vector<Message>& out) {
  if (is_news(release.announced_at, now)) out.push_back(started(release));
  if (release.phase == Phase::deploying) {
    if (release.needs_person) out.push_back(not_live(release));
    return;
  }
  if (const auto* call = telling_call(release)) add_call(release, *call, now, out);
  const auto* last = last_decision(release);
  if (last != nullptr && last->kind == DecisionKind::hold) out.push_back(blocked(release, *last));
  if (last != nullptr && last->kind == DecisionKind::would_rollback) out.push_back(would_roll_back(release, *last));
}

void add_end(Kind kind, const story::ReleaseView& release, WallTime now, std::vector<Message>& out) {
  if (release.ended_at && is_news(*release.ended_at, now)) out.push_back(ended(kind, release));
}

// One announcement, whose hour begins when the objectives held again, not when their watch is over.
void add_rolled_back(const story::ReleaseView& release, WallTime now, std::vector<Message>& out) {
  auto message = ended(Kind::rolled_back, release);
  if (is_news(message.since, now)) out.push_back(std::move(message));
}

Message broken_again(const story::ReleaseView& release) {
  return {Kind::broken_again,
          release.broken_again_at.value_or(release.phase_since),
          fmt::format("{} was rolled back to {}, and the objectives are broken again.", name_of(release),
                      previous_of(release)),
          "A person must look: the release was not the cause, or not the only one.",
          release.reason,
          hook_calls(release) + "; it rolls nothing back a second time"};
}

void add_verification(const story::ReleaseView& release, const Decision& rollback, WallTime now,
                      std::vector<Message>& out) {
  if (release.broken_again_at)
    out.push_back(broken_again(release));
  else if (release.held_again_at)
    add_rolled_back(release, now, out);
  else
    out.push_back(rolling_back(release, rollback));
}

}  // namespace

std::vector<Message> messages_of(const story::ReleaseView& release, WallTime now) {
  std::vector<Message> out;
  const auto* rollback = last_rollback(release);
  switch (release.phase) {
    case Phase::deploying:
    case Phase::settling:
    case Phase::watching:
      add_live(release, now, out);
      break;
    case Phase::awaiting_approval:
      out.push_back(awaiting_approval(release));
      break;
    case Phase::rolling_back:
      if (rollback != nullptr) out.push_back(rolling_back(release, *rollback));
      break;
    case Phase::verifying:
      if (rollback != nullptr) add_verification(release, *rollback, now, out);
      break;
    case Phase::passed:
      add_end(Kind::release_passed, release, now, out);
      break;
    case Phase::breached:
      add_end(Kind::release_breached, release, now, out);
      break;
    case Phase::unverified:
      add_end(Kind::release_unverified, release, now, out);
      break;
    case Phase::rolled_back:
      add_rolled_back(release, now, out);
      break;
    case Phase::rollback_failed:
      if (release.needs_person) out.push_back(failed(release, rollback));
      break;
    case Phase::aborted:
      add_end(Kind::release_aborted, release, now, out);
      break;
    case Phase::superseded:
      break;  // what took its place is told of
  }
  if (auto blind = unjudged(release)) out.push_back(std::move(*blind));
  return out;
}

}  // namespace guard::notify
