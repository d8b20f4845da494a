// SPDX-License-Identifier: Apache-2.0
//
// An engine whose world is all fakes: a stepped clock, sources that answer what the test says, a journal in memory
// that can fail, a hook that records its calls. Work is queued and run by settle(), so that a test decides the order.
#pragma once

#include "guard/engine/engine.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/step_clock.hpp"

#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace guard::test {

class QueueExecutor final : public engine::Executor {
 public:
  void run(engine::Lane lane, std::function<void()> work, std::function<void()> then) override {
    queues_[lane].emplace_back(std::move(work), std::move(then));
  }
  // Runs everything that is queued, and what that queues, but for the held lanes.
  void settle();
  void hold(engine::Lane lane) { held_.insert(lane); }
  void release(engine::Lane lane) { held_.erase(lane); }
  std::size_t waiting(engine::Lane lane) const;
  // Does what waits in `lane` now, and nothing else: as if so much of its time had passed.
  void finish(engine::Lane lane);
  // Does what waits in `lane`, but the guard never hears of it, as when it dies meanwhile.
  void lose_answers(engine::Lane lane);

 private:
  using Task = std::pair<std::function<void()>, std::function<void()>>;
  std::map<engine::Lane, std::deque<Task>> queues_;
  std::set<engine::Lane> held_;
};

class FakeMetrics : public metrics::MetricsSource {
 public:
  model::Samples query(const metrics::InstantQuery& query) override;
  model::Samples query_raw(const metrics::InstantQuery& query) override;
  model::Samples query_range(const metrics::RangeQuery& query) override;

  // By expression; an unknown one is an empty result. A sample that says no time is of the moment it is asked for.
  std::map<std::string, model::Samples> now;
  std::map<std::string, model::Samples> past;  // each sample is given every step's time
  // Where it stands, the value at each moment instead: what is asked for an earlier one gets that one's.
  std::map<std::string, std::function<double(WallTime)>> history;
  std::function<std::optional<double>(const metrics::InstantQuery&)> answer;  // where it gives a value, that is it
  Duration takes{0};                                         // what has a shorter deadline is not answered
  bool away = false;                                         // for those who ask for samples as they are stored
  std::map<std::string, std::vector<model::Sample>> stored;  // by selector, what a range of it holds up to the question
  int asked = 0;
  int asked_past = 0;
  Duration longest_deadline{0};  // that a question had

 private:
  std::optional<model::SourceError> refusal(Duration deadline);
};

class FakeAlerts final : public alerts::AlertsSource {
 public:
  std::expected<model::AlertList, model::SourceError> firing(WallTime, Duration) override {
    ++asked;
    if (!answer) return std::unexpected(answer.error());
    return model::AlertList{*answer, doubt};
  }
  std::expected<std::vector<model::FiringAlert>, model::SourceError> answer;
  std::optional<model::SourceError> doubt;
  int asked = 0;
};

// The deployment: what happened to it, outside of any guard.
class FakeHook : public hooks::Hook {
 public:
  std::string_view name() const override { return "promote"; }
  std::string_view kind() const override { return "http"; }
  const model::RetryPolicy& retry() const override { return policy; }
  Result<void> rehearse(const hooks::HookCall&) const override { return rehearsal; }
  Result<std::string> try_out(const hooks::HookCall& call, Duration) override {
    tried_out.push_back(call);
    return trial;
  }
  hooks::HookResult call(const hooks::HookCall& call) override;
  std::optional<hooks::HookResult> recover(const hooks::HookCall& call) override;

  model::RetryPolicy policy{3, std::chrono::seconds(5), std::chrono::minutes(1), false, std::chrono::minutes(30)};
  Result<void> rehearsal;
  Result<std::string> trial = std::string("it could be called");
  std::vector<hooks::HookCall> tried_out;
  std::deque<model::AttemptResult> results;  // what the next calls come to; then done
  std::optional<Duration> retry_after;       // what the other side asks for beside
  bool may_still_run = false;
  std::optional<hooks::HookResult> recovery = hooks::HookResult{};
  std::vector<hooks::HookCall> calls;
  std::vector<hooks::HookCall> recoveries;
};

class CountingTelemetry final : public engine::Telemetry {
 public:
  void happened(const engine::ReleaseEvent& event) override { std::visit(*this, event); }
  void operator()(const engine::DecisionMade& made) {
    ++decisions[{made.kind, made.by_person}];
    if (made.overruled) ++set_aside[*made.overruled];
    if (made.kind == model::DecisionKind::hold) ++brakes[made.brake];
  }
  void operator()(const engine::RollbackFinished& finished) {
    rollbacks.emplace_back(finished.trigger, finished.result);
    if (finished.since_breach) detection = finished.since_breach;
  }
  void operator()(engine::Judged) { ++judged; }
  void operator()(engine::Failed) { ++failed; }
  void operator()(const engine::Ended& one) { ++ended[one.outcome]; }
  void evaluated(model::Outcome outcome) override { ++evaluations[outcome]; }
  void queried(Duration, bool) override {}
  void round_missed() override { ++missed; }
  void hook_attempted(std::string_view, model::AttemptResult result, Duration) override { ++attempts[result]; }
  void journal_committed(Duration, bool ok) override { ++commits[ok]; }
  void alerts_received(engine::AlertIntake result, std::size_t count) override { alerts[result] += count; }
  void event_received(engine::EventIntake result) override { ++events[result]; }
  void reloaded(bool ok, WallTime) override { ++reloads[ok]; }
  void alert_targets(std::size_t count) override { targets = count; }
  void alerts_pushed(std::size_t target, bool ok, WallTime) override { ++pushes[{target, ok}]; }

  void receivers(const std::vector<std::string>& names) override { receiver_names = names; }
  void notified(const std::string& receiver, std::optional<receivers::FailureReason> failure) override {
    ++notifications[{receiver, failure}];
  }

  std::map<model::Outcome, int> evaluations;
  std::map<model::Phase, int> ended;
  int judged = 0;
  int failed = 0;
  std::vector<std::pair<model::Trigger, model::CallState>> rollbacks;
  std::map<std::pair<model::DecisionKind, bool>, int> decisions;  // by kind, and whether a person decided
  std::map<model::DecisionKind, int> set_aside;
  std::map<model::Brake, int> brakes;
  std::map<model::AttemptResult, int> attempts;
  std::map<bool, int> commits;
  std::map<engine::AlertIntake, std::size_t> alerts;
  std::map<engine::EventIntake, int> events;
  std::map<bool, int> reloads;
  std::map<std::pair<std::size_t, bool>, int> pushes;
  std::vector<std::string> receiver_names;
  std::map<std::pair<std::string, std::optional<receivers::FailureReason>>, int> notifications;
  std::size_t targets = 0;
  std::optional<Duration> detection;
  int missed = 0;
};

inline const std::string error_rate = "error_rate_now";

// One rule group over service "shop" in "production": error_rate < 1% for 2s, interval 1s, settle 5s, window 60s.
model::RuleGroup shop_group();
model::ReleaseSpec shop_release(const std::string& id, const std::string& version = "v2",
                                const std::string& previous = "v1");
model::Samples one(double value);

// A notification of one alert, as Alertmanager sends it.
alerts::Notification notification_of(const model::FiringAlert& alert, alerts::AlertStatus status);

// A guard over a Disk and a deployment that outlive it.
class World {
 public:
  World();

  // Ends the guard as kill -9 does, and starts another on the same disk.
  void restart();
  // Steps a second at a time, reading and acting as the loop does.
  void run(Duration time);
  void settle();

  Result<engine::Announced> announce(const model::ReleaseSpec& spec);
  Result<story::ReleaseView> order(model::Verb verb, const std::string& id);
  Result<story::ReleaseView> signal(const std::string& id, const std::string& name, bool succeeded);
  Result<engine::Intake> receive(const alerts::Notification& notification);
  story::ReleaseView view(const std::string& id) { return *guard->release(id); }
  model::Phase phase(const std::string& id) { return view(id).phase; }

  StepClock clock;
  EvenRandom random;
  Log log;
  Disk disk;
  std::filesystem::path state = "no-such-folder";  // of command hooks
  config::Settings settings;
  std::vector<model::RuleGroup> groups;
  std::shared_ptr<FakeMetrics> metrics = std::make_shared<FakeMetrics>();
  std::shared_ptr<FakeAlerts> alerts;                             // null: only webhooks tell of alerts
  std::shared_ptr<FakeHook> hook = std::make_shared<FakeHook>();  // null: not configured
  std::map<std::string, hooks::HookPtr> more_hooks;               // others, by name
  CountingTelemetry telemetry;
  std::vector<std::string> lines;  // of the log
  int wakes = 0;                   // how often the guard asked for a tick
  Result<engine::RuntimePtr> next_runtime = fail(ErrorCode::invalid, "no reload prepared");
  std::unique_ptr<QueueExecutor> executor;
  std::unique_ptr<store::Store> journal;
  std::unique_ptr<engine::Engine> guard;

  // What the configuration gives now.
  engine::RuntimePtr runtime() const;

 private:
  void build();
};

}  // namespace guard::test
