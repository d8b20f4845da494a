// SPDX-License-Identifier: Apache-2.0
//
// The fields of each view, listed once: the guard writes its answers by these lists, the command line reads them by
// the same, and a test holds guard/api/openapi.yaml against them. An archive is called with the name of each member
// and the member, to read into or const to write. Links are no part of a view: to_json adds them. Pure.
#pragma once

#include "guard/story/views.hpp"

#include <concepts>
#include <type_traits>

namespace guard::story {

// The same list takes a value to read into and a const one to write.
template <class T, class... Kinds>
concept OneOf = (std::same_as<std::remove_const_t<T>, Kinds> || ...);

template <class T, template <class> class View>
concept EitherOf = OneOf<T, View<ByValue>, View<ByText>>;

// A text that may be absent, which is written as an empty one.
template <class T>
struct OrEmpty {
  T& text;
};

// A text in which ends of lines are kept.
template <class T>
struct ManyLines {
  T& text;
};

// A flag that is written as "succeeded" or "failed".
template <class T>
struct Succeeded {
  T& flag;
};

template <class Archive, OneOf<NextStep> T>
void fields(Archive& archive, T& step) {
  archive("what", step.what);
  archive("at", step.at);
}

template <class Archive, EitherOf<NearestOf> T>
void fields(Archive& archive, T& nearest) {
  archive("slo", nearest.slo);
  archive("objective", nearest.objective);
  archive("value_text", OrEmpty{nearest.value_text});
  archive("verdict", nearest.verdict);
  archive("reason", nearest.reason);
}

template <class Archive, OneOf<EvidenceView> T>
void fields(Archive& archive, T& evidence) {
  archive("bad", evidence.bad);
  archive("total", evidence.total);
  archive("progress", evidence.progress);
  archive("may_hide", evidence.may_hide);
  archive("needed_events", evidence.needed_events);
}

template <class Archive, EitherOf<RuleViewOf> T>
void fields(Archive& archive, T& rule) {
  archive("slo", rule.slo);
  archive("kind", rule.kind);
  archive("action", rule.action);
  archive("query", rule.query);
  archive("condition", rule.condition);
  archive("objective", rule.objective);
  archive("unit", rule.unit);
  archive("value", rule.value);
  archive("value_text", rule.value_text);
  archive("bound", rule.bound);
  archive("baseline", rule.baseline);
  archive("evidence", rule.evidence);
  archive("outcome", rule.outcome);
  archive("reading_reason", rule.reading_reason);
  archive("read_at", rule.read_at);
  archive("unread_since", rule.unread_since);
  archive("verdict", rule.verdict);
  archive("reason", rule.reason);
  archive("since", rule.since);
  archive("why", rule.why);
  archive("explanation", rule.explanation);
  archive("annotations", rule.annotations);
}

template <class Archive, OneOf<model::Contacts> T>
void fields(Archive& archive, T& contacts) {
  archive("primary", contacts.primary);
  archive("secondary", contacts.secondary);
  archive("lead", contacts.lead);
}

template <class Archive, OneOf<LastGood> T>
void fields(Archive& archive, T& good) {
  archive("version", good.version);
  archive("release", good.release);
  archive("passed_at", good.passed_at);
}

template <class Archive, OneOf<model::Signal> T>
void fields(Archive& archive, T& signal) {
  archive("status", Succeeded{signal.succeeded});
  archive("detail", signal.detail);
  archive("at", signal.at);
}

template <class Archive, OneOf<model::Attempt, AnsweredAttempt> T>
void fields(Archive& archive, T& attempt) {
  archive("number", attempt.number);
  archive("result", attempt.result);
  archive("detail", attempt.detail);
  archive("output", ManyLines{attempt.output});
  archive("started_at", attempt.started_at);
  archive("duration_seconds", attempt.duration);
}

template <class Archive, OneOf<model::Decision, AnsweredDecision> T>
void fields(Archive& archive, T& decision) {
  archive("number", decision.number);
  archive("kind", decision.kind);
  archive("trigger", decision.trigger);
  archive("brake", decision.brake);
  archive("slo", decision.slo);
  archive("reason", decision.reason);
  archive("actor", decision.actor);
  archive("at", decision.at);
  archive("detected_at", decision.detected_at);
  archive("hook", decision.hook);
  archive("target", decision.target);
  archive("key", decision.key);
  archive("state", decision.state);
  archive("attempts", decision.attempts);
  archive("next_attempt_at", decision.next_attempt_at);
  archive("finished_at", decision.finished_at);
}

template <class Archive, OneOf<model::ReleaseSpec, AnsweredSpec> T>
void spec_fields(Archive& archive, T& spec) {
  archive("id", spec.id);
  archive("service", spec.service);
  archive("environment", spec.environment);
  archive("version", spec.version);
  archive("previous_version", spec.previous_version);
  archive("kind", spec.kind);
  archive("labels", spec.labels);
}

// What a list shows of a release: where it stands and what happens next.
template <class Archive, EitherOf<ReleaseViewOf> T>
void summary_fields(Archive& archive, T& release) {
  spec_fields(archive, release.spec);
  archive("phase", release.phase);
  archive("phase_since", release.phase_since);
  archive("reason", release.reason);
  archive("final", release.final);
  archive("paused", release.paused);
  archive("is_rollback", release.is_rollback);
  archive("breach_decided", release.breach_decided);
  archive("group", release.group);
  archive("mode", release.mode);
  archive("hook", release.hook);
  archive("unproven", OrEmpty{release.unproven});
  archive("contested", OrEmpty{release.contested});
  archive("needs_person", OrEmpty{release.needs_person});
  archive("contacts", release.contacts);
  archive("broke", release.broke);
  archive("nearest", release.nearest);
  archive("decided_by", OrEmpty{release.decided_by});
  archive("verbs", release.verbs);
  archive("next", release.next);
  archive("announced_at", release.announced_at);
  archive("live_at", release.live_at);
  archive("serves_since", release.serves_since);
  archive("not_serving", OrEmpty{release.not_serving});
  archive("settle_end", release.settle_end);
  archive("window_end", release.window_end);
  archive("verify_end", release.verify_end);
  archive("held_again_at", release.held_again_at);
  archive("broken_again_at", release.broken_again_at);
  archive("ended_at", release.ended_at);
}

// What is shown of one release alone, beside its summary.
template <class Archive, EitherOf<ReleaseViewOf> T>
void evidence_fields(Archive& archive, T& release) {
  archive("rules", release.rules);
  archive("signals", release.signals);
  archive("decisions", release.decisions);
  archive("goes_back_to", release.goes_back_to);
  archive("last_good", release.last_good);
}

template <class Archive, EitherOf<EventViewOf> T>
void fields(Archive& archive, T& event) {
  archive("at", event.at);
  archive("kind", event.kind);
  archive("message", event.message);
}

template <class Archive, EitherOf<TimelineViewOf> T>
void fields(Archive& archive, T& page) {
  archive("timeline", page.timeline);
  archive("timeline_before", page.timeline_before);
}

template <class Archive, OneOf<InForce::Freeze> T>
void fields(Archive& archive, T& freeze) {
  archive("until", freeze.until);
  archive("reason", freeze.reason);
}

template <class Archive, OneOf<FreezeView> T>
void fields(Archive& archive, T& freeze) {
  archive("id", freeze.id);
  archive("origin", freeze.origin);
  archive("from", freeze.from);
  archive("until", freeze.until);
  archive("begun", freeze.begun);
  archive("match", freeze.match);
  archive("allow", freeze.allow);
  archive("reason", freeze.reason);
  archive("actor", freeze.actor);
}

template <class Archive, OneOf<CheckView> T>
void fields(Archive& archive, T& check) {
  archive("name", check.name);
  archive("state", check.state);
  archive("seen", check.seen);
  archive("advice", check.advice);
}

template <class Archive, OneOf<GateView> T>
void fields(Archive& archive, T& gate) {
  archive("open", gate.open);
  archive("checks", gate.checks);
  archive("at", gate.at);
}

template <class Archive, OneOf<InForce> T>
void fields(Archive& archive, T& in_force) {
  archive("kill_switch", in_force.kill_switch);
  archive("freezes", in_force.freezes);
}

template <class Archive, OneOf<PreflightView> T>
void fields(Archive& archive, T& preflight) {
  archive("service", preflight.service);
  archive("environment", preflight.environment);
  archive("version", preflight.version);
  archive("live_version", preflight.live_version);
  archive("group", preflight.group);
  archive("at", preflight.at);
  archive("state", preflight.state);
  archive("checks", preflight.checks);
  archive("contacts", preflight.contacts);
}

}  // namespace guard::story
