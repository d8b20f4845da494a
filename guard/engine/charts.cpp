// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/charts.hpp"

#include <algorithm>
#include <utility>

namespace guard::engine {
namespace {

constexpr std::size_t most_waiting = 64;
// From the moment it is asked for; a reader gives up soon after.
constexpr Duration usual_timeout = std::chrono::seconds(10);

model::SourceError out_of_time() {
  return {model::Reason::query_failed, "the time for this chart was over before all of it was asked", true};
}

// Runs on the lane of the past: every question of the plan, one after the other, until `deadline`.
story::SeriesAnswers ask_all(const story::SeriesPlan& plan, metrics::MetricsSource& source, const Clock& clock,
                             MonoTime deadline) {
  const auto ask = [&](metrics::RangeQuery query) -> model::Samples {
    query.deadline = deadline - clock.now().mono;
    if (query.deadline <= Duration{0}) return std::unexpected(out_of_time());
    return source.query_range(query);
  };
  story::SeriesAnswers answers;
  for (const auto& stretch : plan.values) {
    auto& answer = answers.values.emplace_back(ask(question(plan, stretch)));
    if (stretch.condition) answer.condition = ask(condition(plan, stretch));
  }
  for (const auto& stretch : plan.baselines) answers.baselines.push_back(ask(question(plan, stretch)));
  for (const auto& moment : plan.decided) answers.decided.push_back(ask(question(plan, moment)));
  return answers;
}

}  // namespace

Charts::Charts(Parts parts)
    : parts_(std::move(parts)), queue_(parts_.clock, {charts_at_once, most_waiting, usual_timeout, "charts"}) {}

void Charts::draw(story::SeriesPlan plan, const Completion<story::SeriesView>& done) {
  if (!parts_.runtime()->metrics)
    return done(fail(ErrorCode::unavailable, "no Prometheus is configured, so there is nothing to draw"));
  const auto asked = std::make_shared<const story::SeriesPlan>(std::move(plan));
  queue_.submit([this, asked, done](MonoTime deadline) { ask(asked, deadline, done); },
                [done](const Error& error) { done(std::unexpected(error)); });
}

void Charts::ask(const std::shared_ptr<const story::SeriesPlan>& plan, MonoTime deadline,
                 const Completion<story::SeriesView>& done) {
  // Kept: a reload must not take the source away from under a question.
  const auto runtime = parts_.runtime();
  const auto timeout = runtime->settings->prometheus ? runtime->settings->prometheus->timeout : usual_timeout;
  deadline = std::min(deadline, parts_.clock.now().mono + timeout);
  run_blocking(
      parts_.executor, Lane::past,
      [plan, runtime, &clock = parts_.clock, deadline] { return ask_all(*plan, *runtime->metrics, clock, deadline); },
      [this, plan, done](const story::SeriesAnswers& answers) {
        done(story::draw(*plan, answers));
        queue_.done();
      });
}

}  // namespace guard::engine
