// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/tryouts.hpp"

#include "guard/metrics/until_source.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace guard::engine {
namespace {

constexpr std::size_t most_waiting = 8;
// From when it is asked for; the listener gives up soon after.
constexpr Duration timeout = std::chrono::seconds(10);
constexpr Duration one_question = std::chrono::seconds(5);

// Work that is begun in its turn on the lane of the past, and its answer.
struct Work {
  BoundedQueue& queue;
  Executor& executor;
};

template <class T, class Do>
void in_turn(Work work, Do action, const Completion<T>& done) {
  work.queue.submit(
      [work, action = std::move(action), done](MonoTime deadline) {
        run_blocking(
            work.executor, Lane::past, [action, deadline] { return action(deadline); },
            [&queue = work.queue, done](Result<T> result) {
              done(std::move(result));
              queue.done();
            });
      },
      [done](const Error& error) { done(std::unexpected(error)); });
}

Result<replay::Trial> trial_of(const model::Watch& watch, const WhatIfQuery& query) {
  const auto& rules = watch.group->rules;
  const auto rule = std::ranges::find(rules, query.slo, &model::Rule::slo);
  if (rule == rules.end())
    return fail(ErrorCode::not_found, fmt::format("release {} has no objective of this name", query.release));
  if (!watch.live_at)
    return fail(ErrorCode::invalid, fmt::format("release {} never went live, so it has no past", query.release));
  auto tried = config::changed(*rule, query.change);
  if (!tried) return std::unexpected(tried.error());
  return replay::Trial{replay::release_of(watch), watch.group, static_cast<std::size_t>(rule - rules.begin()),
                       std::move(*tried)};
}

Result<WhatIfAnswer> judge(replay::Trial trial, metrics::MetricsSource& source, const Clock& clock, MonoTime deadline) {
  metrics::UntilSource asked(source, clock, deadline);
  auto found = replay::what_if(trial, {asked, clock.now().wall, one_question}, [&] { return !asked.is_over(); });
  if (!found || asked.is_over())
    return fail(ErrorCode::timeout,
                "Prometheus is too slow, or the window too long, to judge this release again while somebody waits; "
                "`release-guard backtest` takes its time");
  return WhatIfAnswer{std::move(trial), std::move(*found)};
}

}  // namespace

TryOuts::TryOuts(Parts parts)
    : parts_(std::move(parts)),
      trials_(parts_.clock, {trials_at_once, most_waiting, timeout, "trials"}),
      checks_(parts_.clock, {checks_at_once, most_waiting, timeout, "checks"}) {}

void TryOuts::what_if(const model::Watch& watch, const WhatIfQuery& query, const Completion<WhatIfAnswer>& done) {
  auto trial = trial_of(watch, query);
  if (!trial) return done(std::unexpected(trial.error()));
  const auto runtime = parts_.runtime();
  if (!runtime->metrics)
    return done(fail(ErrorCode::unavailable, "no Prometheus is configured, so there is no past to judge by"));
  in_turn<WhatIfAnswer>(
      {trials_, parts_.executor},
      [runtime, trial = std::move(*trial), &clock = parts_.clock](MonoTime deadline) {
        return judge(trial, *runtime->metrics, clock, deadline);
      },
      done);
}

void TryOuts::check(RuleText text, const Completion<config::Findings>& done) {
  in_turn<config::Findings>(
      {checks_, parts_.executor},
      [runtime = parts_.runtime(), text = std::move(text), check = parts_.inspector.check](MonoTime deadline) {
        return Result<config::Findings>(check(text, *runtime, deadline));
      },
      done);
}

void TryOuts::draw(RuleText text, int line, const Completion<story::SeriesView>& done) {
  in_turn<story::SeriesPlan>(
      {checks_, parts_.executor},
      [text = std::move(text), line, now = parts_.clock.now().wall, plan = parts_.inspector.plan](MonoTime) {
        return plan(text, line, now);
      },
      [&charts = parts_.charts, done](Result<story::SeriesPlan> plan) {
        if (!plan) return done(std::unexpected(plan.error()));
        charts.draw(std::move(*plan), done);
      });
}

}  // namespace guard::engine
