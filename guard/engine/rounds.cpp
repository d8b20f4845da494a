// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/rounds.hpp"

#include "guard/base/duration.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::engine {
namespace {

// The next multiple of `interval` in wall time: releases of one interval are read at the same instants, so that one
// query without templates is asked once for all of them.
Instant next_on_grid(Instant now, Duration interval) {
  const auto left = interval - Duration(now.wall.time_since_epoch().count() % interval.count());
  // A timer may fire a little early, and this is then the reading of that instant already.
  return now + (left < interval / 10 ? left + interval : left);
}

core::SourceError not_asked(std::string why) {
  return {core::Reason::query_failed, std::move(why), true};
}

std::string value_text(const core::RuleState& state) {
  return state.last && state.last->value ? fmt::to_string(*state.last->value) : "none";
}

}  // namespace

struct Rounds::Round {
  Answers answers;
  std::size_t open = 0;
  MonoTime deadline{};
  RuntimePtr runtime;  // kept: a reload must not take a source away from under a question
};

MonoTime Rounds::tick(const core::Watch& watch, Instant now) {
  auto& schedule = schedule_[watch.spec.id];
  const auto next = next_on_grid(now, watch.group->interval).mono;
  if (schedule.due > now.mono) return schedule.due;
  if (schedule.running) {
    parts_.telemetry.round_missed();
    parts_.log.warn("rounds", "the last round is still waiting for answers, so this one is skipped",
                    {{"release", watch.spec.id}});
    schedule.due = next;
    return next;
  }
  schedule.due = next;
  schedule.running = true;
  start(watch, now);
  return next;
}

void Rounds::look_now(const std::string& id) {
  auto& schedule = schedule_[id];
  if (schedule.running)
    schedule.again = true;
  else
    schedule.due = MonoTime{};
}

void Rounds::start(const core::Watch& watch, Instant now) {
  auto round = std::make_shared<Round>();
  round->answers.asked = ask(watch, now);
  round->runtime = parts_.runtime();
  const auto& settings = *round->runtime->settings;
  const auto timeout = settings.prometheus ? settings.prometheus->timeout : settings.alertmanager.timeout;
  // Answers must be in before the next round is due.
  round->deadline = now.mono + std::min(timeout, Duration(watch.group->interval * 9 / 10));
  round->open = round->answers.asked.queries.size() + 1;
  for (const auto& question : round->answers.asked.queries) ask_metrics(round, question);
  ask_alerts(round);
}

void Rounds::ask_metrics(const RoundPtr& round, const Question& question) {
  struct Timed {
    core::Samples samples;
    Duration took;
  };
  const auto work = [question, round_deadline = round->deadline, source = round->runtime->metrics,
                     &clock = parts_.clock]() -> Timed {
    const auto begin = clock.now().mono;
    const auto left = round_deadline - begin;
    if (!source) return {std::unexpected(not_asked("no Prometheus is configured")), Duration{0}};
    if (left <= Duration{0})
      return {std::unexpected(not_asked("the round's time was over before it could be asked")), Duration{0}};
    auto samples = question.step > Duration{0}
                       ? source->query_range({question.expr, question.from, question.at, question.step, left})
                       : source->query({question.expr, question.at, left});
    return {std::move(samples), clock.now().mono - begin};
  };
  run_blocking(parts_.executor, Lane::query, work, [this, round, question](Timed timed) {
    parts_.telemetry.queried(timed.took, timed.samples.has_value());
    round->answers.queries.push_back({question, std::move(timed.samples)});
    answered(round);
  });
}

void Rounds::ask_alerts(const RoundPtr& round) {
  auto& answers = round->answers;
  const auto source = round->runtime->alerts;
  if (!answers.asked.wants_alerts || !source) {
    answers.by_webhook = true;
    answers.firing = alerts::Listing{parts_.heard.firing(), parts_.heard.doubt(answers.asked.at.wall)};
    answers.alertmanager_heard_at = parts_.heard.heard_at();
    return answered(round);
  }
  const auto work = [source, round_deadline = round->deadline,
                     &clock = parts_.clock]() -> std::expected<alerts::Listing, core::SourceError> {
    const auto now = clock.now();
    const auto left = round_deadline - now.mono;
    if (left <= Duration{0})
      return std::unexpected(not_asked("the round's time was over before Alertmanager could be asked"));
    return source->firing(now.wall, left);
  };
  run_blocking(parts_.executor, Lane::query, work, [this, round](auto firing) {
    round->answers.firing = std::move(firing);
    answered(round);
  });
}

void Rounds::answered(const RoundPtr& round) {
  if (--round->open == 0) judge(round);
}

void Rounds::judge(const RoundPtr& round) {
  auto changes = std::make_shared<std::vector<Change>>();
  const auto id = round->answers.asked.release;
  const auto operation = [this, round, changes, id](Draft& draft) -> Result<void> {
    *changes = judge_round(draft, round->answers, parts_.telemetry);
    if (draft.find(id) != nullptr) advance(draft, id, parts_.brakes());
    return {};
  };
  parts_.ledger.submit(operation, [this, changes, id](const Result<std::monostate>& durable) {
    if (!durable)
      parts_.log.error("rounds", "the readings of a round could not be stored",
                       {{"release", id}, {"err", durable.error().message}});
    if (durable)
      for (const auto& change : *changes) log_change(id, change);
    const auto schedule = schedule_.find(id);
    if (schedule == schedule_.end()) return;
    schedule->second.running = false;
    if (std::exchange(schedule->second.again, false)) schedule->second.due = MonoTime{};
  });
}

void Rounds::log_change(const std::string& id, const Change& change) const {
  const auto watch = parts_.ledger.find(id);
  if (!watch) return;
  const auto& rules = watch->group->rules;
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const auto& r) { return r.slo == change.slo; });
  const auto query = rendered_query(*rule, watch->subject(change.after.last->at));
  parts_.log.info("judge", "verdict changed",
                  {{"release", id},
                   {"slo", change.slo},
                   {"from", std::string(to_string(change.before))},
                   {"to", std::string(to_string(change.after.verdict))},
                   {"reason", std::string(to_string(change.after.reason))},
                   {"value", value_text(change.after)},
                   {"objective", core::objective_text(*rule)},
                   {"detail", change.after.last->detail},
                   {"query", query ? *query : query.error().message}});
}

}  // namespace guard::engine
