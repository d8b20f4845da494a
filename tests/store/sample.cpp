// SPDX-License-Identifier: Apache-2.0
#include "tests/store/sample.hpp"

#include "tests/store/group_sample.hpp"

#include <algorithm>

namespace guard::store::test {
namespace {

using namespace guard::model;

Events make_events(Dice& dice) {
  return {dice.finite(), dice.finite()};
}

ShareState make_share_state(Dice& dice) {
  ShareState out;
  out.passed_over = dice.duration();
  out.counted_to = dice.wall();
  out.counted_at = dice.wall();
  out.since_counted = make_events(dice);
  out.events = make_events(dice);
  out.minute = dice.list([&] { return Arrival{dice.wall(), make_events(dice)}; });
  out.bets.bound = dice.finite();
  for (auto& wealth : out.bets.wealth) wealth = dice.finite();
  out.bets.unspent = dice.finite();
  out.bets.returned = dice.flip();
  out.bets.noise = dice.finite();
  out.incident = {dice.finite(), dice.wall(), make_events(dice), dice.finite()};
  out.decided = dice.flip();
  out.clump = dice.finite();
  return out;
}

Evaluation make_evaluation(Dice& dice) {
  Evaluation out;
  out.outcome = dice.name<Outcome>();
  out.reason = dice.name<Reason>();
  out.value = dice.maybe([&] { return dice.number(); });
  out.bound = dice.maybe([&] { return dice.number(); });
  out.detail = dice.text();
  out.at = dice.instant();
  out.sampled_at = dice.maybe([&] { return dice.wall(); });
  out.alerts = dice.list([&] { return dice.text(); });
  out.alert_urls = dice.list([&] { return dice.text(); });
  return out;
}

RuleState make_state(Dice& dice) {
  RuleState state;
  state.last = dice.maybe([&] { return make_evaluation(dice); });
  state.verdict = dice.name<Verdict>();
  state.reason = dice.name<Reason>();
  state.verdict_since = dice.wall();
  state.breach_for = dice.duration();
  state.repeated_for = dice.duration();
  state.counted_sample = dice.maybe([&] { return dice.wall(); });
  state.counted_at = dice.maybe([&] { return dice.instant().mono; });
  state.in_breach = dice.flip();
  state.standing = dice.flip();
  for (auto count = dice.below(20); count > 0; --count) state.recent.push_back(dice.flip());
  state.ok_for = dice.duration();
  state.observed = dice.duration();
  state.ignored = dice.duration();
  state.unread_for = dice.duration();
  state.warm_up = dice.duration();
  state.latched = dice.flip();
  state.past = {dice.flip(), dice.flip(), dice.maybe([&] { return dice.number(); }), dice.whole()};
  state.baseline = dice.maybe([&] { return dice.number(); });
  state.baseline_problem = dice.words();
  state.baseline_reads = dice.whole();
  state.baseline_asked = dice.maybe([&] { return dice.wall(); });
  state.read = dice.maybe([&] { return dice.instant(); });
  state.answered = dice.maybe([&] { return dice.instant(); });
  state.bounds_known = dice.flip();
  state.blindness = dice.words();
  state.share = dice.maybe([&] { return make_share_state(dice); });
  state.helps_until = dice.maybe([&] { return dice.duration(); });
  state.shared_cause = dice.words();
  state.still = dice.maybe([&] { return Still{dice.number(), dice.wall()}; });
  state.moved = dice.flip();
  return state;
}

Decision make_decision(Dice& dice) {
  Decision out;
  out.number = dice.whole();
  out.kind = dice.name<DecisionKind>();
  out.trigger = dice.name<Trigger>();
  out.brake = dice.name<Brake>();
  out.slo = dice.text();
  out.reason = dice.text();
  out.actor = dice.text();
  out.at = dice.wall();
  out.detected_at = dice.wall();
  out.hook = dice.text();
  out.target = dice.text();
  out.key = dice.text();
  out.state = dice.name<CallState>();
  out.attempts = dice.list([&] {
    return Attempt{dice.whole(), dice.name<AttemptResult>(),
                   dice.text(),  dice.text(),
                   dice.wall(),  dice.maybe([&] { return dice.duration(); })};
  });
  out.next_attempt_at = dice.maybe([&] { return dice.wall(); });
  out.finished_at = dice.maybe([&] { return dice.wall(); });
  return out;
}

ReleaseSpec make_spec(Dice& dice) {
  ReleaseSpec spec;
  spec.id = dice.text();
  spec.service = dice.text();
  spec.environment = dice.text();
  spec.version = dice.text();
  spec.previous_version = dice.text();
  spec.kind = dice.name<ReleaseKind>();
  spec.labels = dice.map([&] { return dice.text(); });
  spec.live_at = dice.maybe([&] { return dice.wall(); });
  spec.deploying = dice.flip();
  return spec;
}

bool same_state(RuleState a, RuleState b) {
  bool numbers = same_bits(a.past.value, b.past.value) && same_bits(a.baseline, b.baseline);
  for (auto* state : {&a, &b}) state->past.value = state->baseline = std::nullopt;
  if (a.last && b.last) {
    numbers = numbers && same_bits(a.last->value, b.last->value) && same_bits(a.last->bound, b.last->bound);
    for (auto* state : {&a, &b}) state->last->value = state->last->bound = std::nullopt;
  }
  if (a.still && b.still) {
    numbers = numbers && same_bits(a.still->value, b.still->value);
    for (auto* state : {&a, &b}) state->still->value = 0;
  }
  return numbers && a == b;
}

}  // namespace

model::Watch random_watch(std::uint64_t seed) {
  Dice dice(seed);
  model::Watch watch;
  watch.spec = make_spec(dice);
  watch.phase = dice.name<Phase>();
  watch.phase_since = dice.wall();
  watch.phase_reason = dice.text();
  watch.announced_at = dice.wall();
  watch.switch_began = dice.wall();
  watch.live_at = dice.maybe([&] { return dice.wall(); });
  watch.ended_at = dice.maybe([&] { return dice.wall(); });
  watch.clock = {dice.duration(), dice.maybe([&] { return dice.instant(); }), dice.text()};
  watch.phase_began = dice.duration();
  watch.since_call = {dice.duration(), dice.maybe([&] { return dice.instant(); }), dice.text()};
  watch.resettled = dice.duration();
  watch.paused = dice.flip();
  watch.is_rollback = dice.flip();
  watch.breach_decided = dice.flip();
  watch.disturbance = dice.words();
  watch.unproven = dice.words();
  watch.contested = dice.words();
  watch.judged = dice.flip();
  watch.failed = dice.flip();
  watch.held_again_at = dice.maybe([&] { return dice.wall(); });
  watch.broken_again_at = dice.maybe([&] { return dice.wall(); });
  watch.serving = {dice.maybe([&] { return dice.duration(); }), dice.maybe([&] { return dice.wall(); }), dice.flip(),
                   dice.words()};
  watch.freeze = dice.maybe([&] { return BegunFreeze{dice.wall(), dice.text()}; });
  watch.superseded_by = dice.words();
  watch.group = std::make_shared<const RuleGroup>(random_group(dice));
  for (std::size_t i = 0; i < watch.group->rules.size(); ++i) watch.rules.push_back(make_state(dice));
  watch.signals = dice.map([&] { return Signal{dice.flip(), dice.text(), dice.wall()}; });
  watch.decisions = dice.list([&] { return make_decision(dice); });
  return watch;
}

ReceivedAlert random_alert(std::uint64_t seed) {
  Dice dice(seed);
  alerts::Alert alert;
  alert.status = dice.name<alerts::AlertStatus>();
  alert.fingerprint = dice.text();
  alert.labels = dice.map([&] { return dice.text(); });
  alert.annotations = dice.map([&] { return dice.text(); });
  alert.starts_at = dice.wall();
  alert.ends_at = dice.wall();
  alert.generator_url = dice.text();
  return {alert, dice.text(), dice.wall()};
}

model::Freeze random_freeze(std::uint64_t seed) {
  Dice dice(seed);
  Freeze freeze;
  freeze.origin = dice.name<FreezeOrigin>();
  freeze.id = dice.text();
  freeze.match = dice.list([&] { return random_matcher(dice); });
  freeze.span = {dice.wall(), dice.wall()};
  freeze.allow = dice.list([&] { return dice.name<ReleaseKind>(); });
  freeze.reason = dice.text();
  freeze.actor = dice.text();
  return freeze;
}

ToldAlert random_told(std::uint64_t seed) {
  Dice dice(seed);
  ToldAlert told;
  told.receiver = dice.text();
  told.alert.labels = dice.map([&] { return dice.text(); });
  told.alert.annotations = dice.map([&] { return dice.text(); });
  told.alert.starts_at = dice.wall();
  told.alert.generator_url = dice.text();
  told.state = alerts::ToldState::sending_end;
  told.at = dice.wall();
  return told;
}

model::Watch open_watch(const std::string& id, WallTime announced_at) {
  model::Watch watch;
  watch.spec.id = id;
  watch.spec.service = "shop";
  watch.spec.environment = "production";
  watch.phase = Phase::watching;
  watch.announced_at = announced_at;
  watch.group = std::make_shared<const RuleGroup>();
  return watch;
}

ReceivedAlert alert_of(const std::string& fingerprint, alerts::AlertStatus status, WallTime starts_at,
                       WallTime received_at) {
  alerts::Alert alert;
  alert.fingerprint = fingerprint;
  alert.status = status;
  alert.starts_at = starts_at;
  return {alert, "group", received_at};
}

bool same(const model::Watch& a, const model::Watch& b) {
  const auto members = [](const model::Watch& w) {
    return std::tie(w.spec, w.phase, w.phase_since, w.phase_reason, w.announced_at, w.switch_began, w.live_at,
                    w.ended_at, w.clock, w.phase_began, w.since_call, w.resettled, w.paused, w.is_rollback,
                    w.breach_decided, w.disturbance, w.unproven, w.contested, w.judged, w.failed, w.held_again_at,
                    w.broken_again_at, w.serving, w.freeze, w.superseded_by, w.signals, w.decisions);
  };
  return members(a) == members(b) && same_group(*a.group, *b.group) && std::ranges::equal(a.rules, b.rules, same_state);
}

WallTime at(std::int64_t seconds) {
  return WallTime(std::chrono::seconds(seconds));
}

}  // namespace guard::store::test
