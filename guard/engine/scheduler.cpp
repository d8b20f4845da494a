// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/scheduler.hpp"

#include "guard/base/duration.hpp"
#include "guard/engine/steps.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace guard::engine {
namespace {

Duration left_on_grid(Instant now, Duration interval) {
  return interval - Duration(now.wall.time_since_epoch().count() % interval.count());
}

// The next multiple of `interval` in wall time: releases of one interval are read at the same instants, so that one
// query without templates is asked once for all of them.
MonoTime next_on_grid(Instant now, Duration interval) {
  const auto left = left_on_grid(now, interval);
  // A timer may fire a little early, and this is then the reading of that instant already.
  return now.mono + (left < interval / 10 ? left + interval : left);
}

std::string value_text(const model::RuleState& state) {
  return state.last && state.last->value ? fmt::to_string(*state.last->value) : "none";
}

Duration timeout_of(const config::Settings& settings, core::Part part) {
  if (part == core::Part::measured && settings.prometheus) return settings.prometheus->timeout;
  return settings.alertmanager.timeout;
}

// What a thread of a lane asks.
struct Errand {
  OpenRound::Batch batch;
  promql::Subject subject;
  metrics::MetricsSource* source = nullptr;
  MonoTime deadline{};
};

OpenRound::Answer ask_source(const Errand& errand, const Clock& clock) {
  const auto& [batch, subject, source, deadline] = errand;
  const auto begin = clock.now().mono;
  OpenRound::Answer out;
  for (const auto& question : batch) {
    if (core::is_needless(question, out.answers, subject)) continue;
    const auto left = deadline - clock.now().mono;
    if (source == nullptr) {
      out.answers.push_back({question, std::unexpected(model::SourceError{model::Reason::query_failed,
                                                                          "no Prometheus is configured", true})});
      continue;
    }
    // What has asked nothing yet of the past may do so another time; half of an answer would be a wrong one.
    if (left <= Duration{0} && core::is_past(question) && out.answers.empty()) return out;
    if (left <= Duration{0})
      out.answers.push_back(
          {question, std::unexpected(model::SourceError{model::Reason::query_failed,
                                                        "the round's time was over before it could be asked", true})});
    else if (core::is_raw(question))
      out.answers.push_back({question, source->query_raw({question.expr, question.at, left})});
    else if (question.step > Duration{0})
      out.answers.push_back(
          {question, source->query_range({question.expr, question.from, question.at, question.step, left})});
    else
      out.answers.push_back({question, source->query({question.expr, question.at, left})});
  }
  out.took = clock.now().mono - begin;
  return out;
}

}  // namespace

MonoTime Scheduler::tick(const model::Watch& watch, Instant now) {
  auto next = MonoTime::max();
  for (const auto part : {core::Part::heard, core::Part::measured})
    if (core::has_part(watch, part)) next = std::min(next, tick(watch, part, now));
  return next;
}

MonoTime Scheduler::tick(const model::Watch& watch, core::Part part, Instant now) {
  auto& schedule = schedule_[{watch.spec.id, part}];
  if (schedule.round && schedule.round->started() && now.mono >= schedule.round->closes_at()) end(schedule.round);
  if (schedule.due <= now.mono) {
    schedule.due = next_on_grid(now, watch.group->interval);
    if (schedule.round)
      put_off(watch, schedule, now);
    else
      open(watch, part, now);
  }
  const bool runs = schedule.round && schedule.round->started() && !schedule.round->closed();
  return runs ? std::min(schedule.due, schedule.round->closes_at()) : schedule.due;
}

void Scheduler::open(const model::Watch& watch, core::Part part, Instant now) {
  const auto& id = watch.spec.id;
  auto& schedule = schedule_[{id, part}];
  if (schedule.read_at == MonoTime{}) schedule.read_at = now.mono;
  auto questions = core::ask(watch, part, now);
  if (schedule.late) core::leave_out_missed(questions);
  schedule.round = std::make_shared<OpenRound>(std::move(questions), parts_.runtime(), schedule.took);
  if (const auto waiting = schedule.round->waiting_now(); waiting > 0)
    return now_.join(id, {schedule.read_at, schedule.slow, waiting});
  const auto round = schedule.round;
  start(id, schedule, now);
  if (part == core::Part::heard) return ask_alerts(round);
  if (round->complete()) end(round);
}

// A round that has not begun is asked as of now, once its turn comes; one that runs is not joined by another.
void Scheduler::put_off(const model::Watch& watch, Schedule& schedule, Instant now) {
  const auto part = schedule.round->answers.asked.part;
  parts_.telemetry.round_missed();
  if (!std::exchange(schedule.late, true))
    parts_.log.warn("scheduler", "rounds are left out, because answers come too slowly", {{"release", watch.spec.id}});
  if (!schedule.round->started()) open(watch, part, now);
}

void Scheduler::read_now(const std::string& id) {
  auto& schedule = schedule_[{id, core::Part::heard}];
  if (schedule.round)
    schedule.again = true;
  else
    schedule.due = MonoTime{};
  parts_.wake_by(id, MonoTime{});
}

void Scheduler::forget(const std::string& id) {
  now_.leave(id);
  past_.leave(id);
  for (const auto part : {core::Part::heard, core::Part::measured}) {
    const auto it = schedule_.find({id, part});
    if (it == schedule_.end()) continue;
    // What it still asks must not end a round of the release should it be watched again.
    if (it->second.round && !it->second.round->closed()) it->second.round->close();
    schedule_.erase(it);
  }
}

void Scheduler::start(const std::string& id, Schedule& schedule, Instant now) {
  auto& round = *schedule.round;
  round.start(now, timeout_of(*round.runtime->settings, round.answers.asked.part));
  if (round.waiting_past() > 0) past_.join(id, {schedule.read_at, false, round.waiting_past()});
  // One that began late ends late, and the next is due after it.
  const auto end = now + (round.closes_at() - now.mono);
  if (schedule.due < end.mono) schedule.due = end.mono + left_on_grid(end, round.answers.asked.group->interval);
  parts_.wake_by(id, std::min(schedule.due, round.closes_at()));
}

void Scheduler::ask() {
  while (ask_next(now_, false) || ask_next(past_, true)) {
  }
}

bool Scheduler::ask_next(FairQueue& queue, bool past) {
  const auto turn = queue.next();
  if (!turn) return false;
  auto& schedule = schedule_.at({turn->name, core::Part::measured});
  const auto round = schedule.round;
  if (!round->started()) start(turn->name, schedule, parts_.clock.now());
  const auto batch = past ? round->take_past() : round->take_now();
  const auto work = [round, &clock = parts_.clock,
                     errand = Errand{batch, round->answers.asked.subject, round->runtime->metrics.get(),
                                     round->deadline()}] { return ask_source(errand, clock); };
  run_blocking(parts_.executor, past ? Lane::past : Lane::query, work,
               [this, round, batch, &queue, turn = *turn](OpenRound::Answer answer) {
                 queue.done(turn);
                 answered(round, batch, std::move(answer));
                 ask();
                 if (!round->closed() && round->complete()) end(round);
               });
  return true;
}

void Scheduler::answered(const OpenRoundPtr& round, const OpenRound::Batch& batch, OpenRound::Answer answer) {
  for (const auto& told : answer.answers) parts_.telemetry.queried(answer.took, told.samples.has_value());
  if (!round->closed()) round->answered(batch, std::move(answer));
}

void Scheduler::ask_alerts(const OpenRoundPtr& round) {
  const auto source = round->answers.asked.wants_alerts ? round->runtime->alerts : nullptr;
  tell_firing(source, round->deadline(), [this, round](const AlertLookups::Answer& firing) {
    if (round->closed()) return;
    round->answers.alerts = firing;
    end(round);
  });
}

void Scheduler::tell_firing(const std::shared_ptr<alerts::AlertsSource>& source, MonoTime deadline,
                            AlertLookups::Done done) {
  if (source) return lookups_.ask(source, deadline, std::move(done));
  const auto now = parts_.clock.now().wall;
  const auto heard = parts_.heard.heard_at();
  done(model::AlertList{parts_.heard.firing(), parts_.heard.doubt(now), heard ? now - *heard : Duration::max()});
}

void Scheduler::end(const OpenRoundPtr& round) {
  const auto& asked = round->answers.asked;
  round->close();
  if (asked.part == core::Part::measured) {
    now_.leave(asked.release);
    past_.leave(asked.release);
  }
  judge(round);
}

void Scheduler::judge(const OpenRoundPtr& round) {
  parts_.when_brakes_known([this, round] { submit(round); });
}

void Scheduler::submit(const OpenRoundPtr& round) {
  auto changes = std::make_shared<std::vector<core::RuleChange>>();
  const auto id = round->answers.asked.release;
  const auto operation = [this, round, changes, id](Draft& draft) -> Result<void> {
    const auto* known = draft.find(id);
    if (known == nullptr) return {};
    if (auto reading = core::read(*known, round->answers)) {
      *changes = reading->changes;
      take_reading(draft, std::move(*reading), parts_.telemetry);
    }
    advance(draft, id, parts_.brakes());
    return {};
  };
  parts_.ledger.submit(operation, [this, changes, id, round](const Result<std::monostate>& durable) {
    if (!durable)
      parts_.log.error("scheduler", "the readings of a round could not be stored",
                       {{"release", id}, {"err", durable.error().message}});
    if (durable)
      for (const auto& change : *changes) log_change(id, change);
    judged({id, round->answers.asked.part}, round);
  });
}

void Scheduler::judged(const Key& key, const OpenRoundPtr& round) {
  const auto it = schedule_.find(key);
  if (it == schedule_.end() || it->second.round != round) return;
  auto& schedule = it->second;
  const auto now = parts_.clock.now().mono;
  schedule.late = schedule.late && now - schedule.read_at > 2 * round->answers.asked.group->interval;
  schedule.read_at = now;
  schedule.slow = round->slow();
  schedule.took = round->took();
  schedule.round.reset();
  if (!std::exchange(schedule.again, false)) return;
  schedule.due = MonoTime{};
  parts_.wake_by(key.first, schedule.due);
}

void Scheduler::log_change(const std::string& id, const core::RuleChange& change) const {
  const auto watch = parts_.ledger.find(id);
  if (!watch) return;
  const auto& rules = watch->group->rules;
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const auto& r) { return r.slo == change.slo; });
  const auto query = core::rendered_query(*rule, watch->subject(change.after.last->at));
  parts_.log.info("judge", "verdict changed",
                  {{"release", id},
                   {"slo", change.slo},
                   {"from", std::string(to_string(change.before))},
                   {"to", std::string(to_string(change.after.verdict))},
                   {"reason", std::string(to_string(change.after.reason))},
                   {"value", value_text(change.after)},
                   {"objective", model::objective_text(*rule)},
                   {"detail", change.after.last->detail},
                   {"query", query ? *query : query.error().message}});
}

}  // namespace guard::engine
