// SPDX-License-Identifier: Apache-2.0
#include "guard/store/watch_json.hpp"

#include "guard/store/stored_json.hpp"

#include <fmt/format.h>

// `fields` is found by argument-dependent lookup through the archive, so it stands in the archive's own namespace.
namespace guard::store {

template <class Archive, Is<Instant> T>
void fields(Archive& archive, T& instant) {
  archive("wall", instant.wall);
  archive("mono", instant.mono);
}

template <class Archive, Is<model::ReleaseSpec> T>
void fields(Archive& archive, T& spec) {
  archive("id", spec.id);
  archive("service", spec.service);
  archive("environment", spec.environment);
  archive("version", spec.version);
  archive("previous_version", spec.previous_version);
  archive("kind", spec.kind);
  archive("labels", spec.labels);
  archive("live_at", spec.live_at);
  archive("deploying", spec.deploying);
}

template <class Archive, Is<model::WatchClock> T>
void fields(Archive& archive, T& clock) {
  archive("elapsed", clock.elapsed);
  archive("as_of", clock.as_of);
  archive("boot_id", clock.boot_id);
}

template <class Archive, Is<model::BegunFreeze> T>
void fields(Archive& archive, T& freeze) {
  archive("until", freeze.until);
  archive("reason", freeze.reason);
}

template <class Archive, Is<model::Span> T>
void fields(Archive& archive, T& span) {
  archive("from", span.from);
  archive("until", span.until);
}

template <class Archive, Is<model::Freeze> T>
void fields(Archive& archive, T& freeze) {
  archive("origin", freeze.origin);
  archive("id", freeze.id);
  archive("match", freeze.match);
  archive("span", freeze.span);
  archive("allow", freeze.allow);
  archive("reason", freeze.reason);
  archive("actor", freeze.actor);
}

template <class Archive, Is<model::Evaluation> T>
void fields(Archive& archive, T& evaluation) {
  archive("outcome", evaluation.outcome);
  archive("reason", evaluation.reason);
  archive("value", evaluation.value);
  archive("bound", evaluation.bound);
  archive("detail", evaluation.detail);
  archive("at", evaluation.at);
  archive("sampled_at", evaluation.sampled_at);
  archive("alerts", evaluation.alerts);
  archive("alert_urls", evaluation.alert_urls);
}

template <class Archive, Is<model::Past> T>
void fields(Archive& archive, T& past) {
  archive("known", past.known);
  archive("breached", past.breached);
  archive("value", past.value);
  archive("failed_reads", past.failed_reads);
}

template <class Archive, Is<model::Events> T>
void fields(Archive& archive, T& events) {
  archive("bad", events.bad);
  archive("total", events.total);
}

template <class Archive, Is<model::Arrival> T>
void fields(Archive& archive, T& arrival) {
  archive("at", arrival.at);
  archive("events", arrival.events);
}

template <class Archive, Is<model::Bets> T>
void fields(Archive& archive, T& bets) {
  archive("bound", bets.bound);
  archive("wealth", bets.wealth);
  archive("unspent", bets.unspent);
  archive("returned", bets.returned);
  archive("noise", bets.noise);
}

template <class Archive, Is<model::Incident> T>
void fields(Archive& archive, T& incident) {
  archive("excess", incident.excess);
  archive("since", incident.since);
  archive("events", incident.events);
  archive("earlier", incident.earlier);
}

template <class Archive, Is<model::ShareState> T>
void fields(Archive& archive, T& share) {
  archive("passed_over", share.passed_over);
  archive("counted_to", share.counted_to);
  archive("counted_at", share.counted_at);
  archive("since_counted", share.since_counted);
  archive("events", share.events);
  archive("minute", share.minute);
  archive("bets", share.bets);
  archive("incident", share.incident);
  archive("decided", share.decided);
  archive("clump", share.clump);
}

template <class Archive, Is<model::Still> T>
void fields(Archive& archive, T& still) {
  archive("value", still.value);
  archive("since", still.since);
}

template <class Archive, Is<model::RuleState> T>
void fields(Archive& archive, T& state) {
  archive("last", state.last);
  archive("verdict", state.verdict);
  archive("reason", state.reason);
  archive("verdict_since", state.verdict_since);
  archive("breach_for", state.breach_for);
  archive("repeated_for", state.repeated_for);
  archive("counted_sample", state.counted_sample);
  archive("counted_at", state.counted_at);
  archive("in_breach", state.in_breach);
  archive("standing", state.standing);
  archive("recent", state.recent);
  archive("ok_for", state.ok_for);
  archive("observed", state.observed);
  archive("ignored", state.ignored);
  archive("unread_for", state.unread_for);
  archive("warm_up", state.warm_up);
  archive("latched", state.latched);
  archive("past", state.past);
  archive("baseline", state.baseline);
  archive("baseline_problem", OrEmpty{state.baseline_problem});
  archive("baseline_reads", state.baseline_reads);
  archive("baseline_asked", state.baseline_asked);
  archive("read", state.read);
  archive("answered", state.answered);
  archive("bounds_known", state.bounds_known);
  archive("blindness", OrEmpty{state.blindness});
  archive("share", state.share);
  archive("helps_until", state.helps_until);
  archive("shared_cause", OrEmpty{state.shared_cause});
  archive("still", state.still);
  archive("moved", state.moved);
}

template <class Archive, Is<model::Signal> T>
void fields(Archive& archive, T& signal) {
  archive("succeeded", signal.succeeded);
  archive("detail", signal.detail);
  archive("at", signal.at);
}

template <class Archive, Is<model::Attempt> T>
void fields(Archive& archive, T& attempt) {
  archive("number", attempt.number);
  archive("result", attempt.result);
  archive("detail", attempt.detail);
  archive("output", attempt.output);
  archive("started_at", attempt.started_at);
  archive("duration", attempt.duration);
}

template <class Archive, Is<model::Decision> T>
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

template <class Archive, Is<model::Serving> T>
void fields(Archive& archive, T& serving) {
  archive("since", serving.since);
  archive("seen_at", serving.seen_at);
  archive("denied", serving.denied);
  archive("detail", OrEmpty{serving.detail});
}

template <class Archive, Is<model::Watch> T>
void fields(Archive& archive, T& watch) {
  archive("spec", watch.spec);
  archive("phase", watch.phase);
  archive("phase_since", watch.phase_since);
  archive("phase_reason", watch.phase_reason);
  archive("announced_at", watch.announced_at);
  archive("switch_began", watch.switch_began);
  archive("live_at", watch.live_at);
  archive("ended_at", watch.ended_at);
  archive("clock", watch.clock);
  archive("phase_began", watch.phase_began);
  archive("since_call", watch.since_call);
  archive("resettled", watch.resettled);
  archive("paused", watch.paused);
  archive("is_rollback", watch.is_rollback);
  archive("breach_decided", watch.breach_decided);
  archive("disturbance", OrEmpty{watch.disturbance});
  archive("unproven", OrEmpty{watch.unproven});
  archive("contested", OrEmpty{watch.contested});
  archive("judged", watch.judged);
  archive("failed", watch.failed);
  archive("held_again_at", watch.held_again_at);
  archive("broken_again_at", watch.broken_again_at);
  archive("serving", watch.serving);
  archive("freeze", watch.freeze);
  archive("superseded_by", OrEmpty{watch.superseded_by});
  archive("rules", watch.rules);
  archive("signals", watch.signals);
  archive("decisions", watch.decisions);
}

template <class Archive, Is<alerts::Alert> T>
void fields(Archive& archive, T& alert) {
  archive("status", alert.status);
  archive("fingerprint", alert.fingerprint);
  archive("labels", alert.labels);
  archive("annotations", alert.annotations);
  archive("starts_at", alert.starts_at);
  archive("ends_at", alert.ends_at);
  archive("generator_url", alert.generator_url);
}

template <class Archive, Is<ReceivedAlert> T>
void fields(Archive& archive, T& received) {
  archive("alert", received.alert);
  archive("group_key", received.group_key);
  archive("received_at", received.received_at);
}

template <class Archive, Is<alerts::OwnAlert> T>
void fields(Archive& archive, T& alert) {
  archive("labels", alert.labels);
  archive("annotations", alert.annotations);
  archive("starts_at", alert.starts_at);
  archive("generator_url", alert.generator_url);
}

template <class Archive, Is<ToldAlert> T>
void fields(Archive& archive, T& told) {
  archive("receiver", told.receiver);
  archive("alert", told.alert);
  archive("state", told.state);
  archive("at", told.at);
}

std::string encode(const model::Watch& watch) {
  return json::serialize(JsonWriter::write(watch));
}

std::string encode(const ReceivedAlert& alert) {
  return json::serialize(JsonWriter::write(alert));
}

std::string encode(const model::Freeze& freeze) {
  return json::serialize(JsonWriter::write(freeze));
}

std::string encode(const ToldAlert& told) {
  return json::serialize(JsonWriter::write(told));
}

Result<model::Watch> decode_watch(std::string_view text, model::RuleGroupPtr group) {
  const auto value = parse_stored(text);
  if (!value) return std::unexpected(value.error());
  auto watch = JsonReader::read_whole<model::Watch>(*value);
  if (!watch) return watch;
  if (watch->rules.size() != group->rules.size())
    return fail(ErrorCode::invalid, fmt::format("it has the states of {} rules, but its group has {} rules",
                                                watch->rules.size(), group->rules.size()));
  watch->group = std::move(group);
  return watch;
}

Result<ReceivedAlert> decode_alert(std::string_view text) {
  const auto value = parse_stored(text);
  if (!value) return std::unexpected(value.error());
  return JsonReader::read_whole<ReceivedAlert>(*value);
}

Result<model::Freeze> decode_freeze(std::string_view text) {
  const auto value = parse_stored(text);
  if (!value) return std::unexpected(value.error());
  return JsonReader::read_whole<model::Freeze>(*value);
}

Result<ToldAlert> decode_told(std::string_view text) {
  const auto value = parse_stored(text);
  if (!value) return std::unexpected(value.error());
  return JsonReader::read_whole<ToldAlert>(*value);
}

}  // namespace guard::store
