// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/engine.hpp"

#include "guard/engine/announcement.hpp"
#include "guard/engine/deployment_event.hpp"
#include "guard/engine/fleet_queries.hpp"
#include "guard/engine/in_force.hpp"
#include "guard/engine/orders.hpp"
#include "guard/engine/resume.hpp"
#include "guard/engine/steps.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace guard::engine {
namespace {

using model::Watch;

constexpr Duration longest_sleep = std::chrono::minutes(1);
// Each change of state wakes the loop; what only the clock changes is looked at less often.
constexpr Duration record_needs_every = std::chrono::seconds(1);

}  // namespace

Engine::Engine(Parts parts, RuntimePtr runtime)
    : parts_(std::move(parts)),
      runtime_(std::move(runtime)),
      ledger_({parts_.journal, parts_.executor, parts_.clock, parts_.telemetry, heard_},
              [this](const auto& ids) { adopted(ids); }),
      kill_switch_({parts_.executor, parts_.clock, parts_.wake}),
      rollback_runner_(
          {ledger_, parts_.executor, parts_.telemetry, parts_.clock, parts_.random, parts_.log, parts_.wake,
           [this](const auto& id, auto at) { wake_by(id, at); }},
          [this] { return runtime_; }, kill_switch_),
      scheduler_({ledger_, parts_.executor, parts_.telemetry, parts_.clock, parts_.log, heard_,
                  [this] { return runtime_; }, [this] { return brakes(); },
                  [this](auto then) { kill_switch_.when_seen(std::move(then)); },
                  [this](const auto& id, auto at) { wake_by(id, at); }}),
      detector_({ledger_, parts_.executor, parts_.telemetry, parts_.clock, parts_.log, recent_preflights_,
                 [this] { return runtime_; }, [this] { return brakes(); }, parts_.wake}),
      change_recorder_(parts_.telemetry, parts_.log),
      charts_({parts_.executor, parts_.clock, [this] { return runtime_; }}),
      tryouts_({parts_.executor, parts_.clock, [this] { return runtime_; }, charts_, parts_.inspector}),
      reach_({parts_.executor, parts_.clock, [this] { return runtime_; }}),
      preflights_({parts_.executor, parts_.clock, parts_.random, parts_.wake}),
      inbox_({heard_, ledger_, parts_.telemetry, parts_.clock, parts_.log,
              [this](const auto& labels) { preflights_.alert_arrived(labels); },
              [this](const auto& id) { scheduler_.read_now(id); }}),
      freeze_desk_({ledger_, parts_.clock, parts_.log, [this] { return runtime_; }, [this] { parts_.changed({}); }}),
      views_({ledger_, parts_.clock, [this] { return brakes(); }, parts_.retention}),
      preflight_desk_({preflights_, recent_preflights_, ledger_, parts_.clock, [this] { return runtime_; },
                       [this] { return health(); },
                       [this](auto query, auto done) { gate(std::move(query), std::move(done)); }}),
      admission_({ledger_, scheduler_, parts_.executor, parts_.clock, recent_preflights_, [this] { return runtime_; },
                  [this] { return brakes(); }}),
      retention_({ledger_, parts_.journal, parts_.executor, parts_.log, parts_.state, parts_.retention},
                 [this](const auto& id) { change_recorder_.forget(id); }) {}

core::BrakeInputs Engine::brakes() const {
  const auto& settings = runtime_->settings->brakes;
  return {kill_switch_.is_on(), settings.breaker_services, settings.breaker_within};
}

Result<void> Engine::start() {
  auto contents = parts_.journal.load();
  if (!contents) return std::unexpected(contents.error());
  kill_switch_.look_for(runtime_->settings->brakes.kill_switch_file, true);
  core::Fleet fleet;
  for (auto& stored : contents->watches) {
    auto watch = std::make_shared<const Watch>(restored(std::move(stored), parts_.clock));
    change_recorder_.take(*watch);
    fleet.put(std::move(watch));
  }
  for (auto& freeze : contents->freezes) fleet.put(std::move(freeze));
  for (auto& seen : contents->seen) fleet.put(std::move(seen));
  told_ = std::move(contents->told);
  ledger_.restore(std::move(fleet));
  started_ = true;
  inbox_.restore(*contents);
  for (const auto& watch : open_watches()) go_on(*watch, ledger_, parts_.log, parts_.clock.now());
  wake_all();
  return {};
}

MonoTime Engine::tick() {
  const auto now = parts_.clock.now();
  auto next = now.mono + longest_sleep;
  if (!started_) return next;
  next = std::min({next, ledger_.tick(), kill_switch_.tick(), preflights_.tick()});
  log_store_trouble();
  if (const auto again = rollback_runner_.store_unrecorded()) next = std::min(next, *again);
  if (stopping_) return next;
  for (const auto& id : due_.take(now.mono)) process(id, now);
  record_needs(now);
  scheduler_.ask();
  next = std::min(next, detector_.tick(now));
  retention_.tick(now);
  return std::min(next, due_.next());
}

void Engine::process(const std::string& id, Instant now) {
  const auto watch = ledger_.find(id);
  if (!watch || model::is_final(watch->phase)) return scheduler_.forget(id);
  auto next = now.mono + longest_sleep;
  if (model::is_judged(watch->phase)) next = std::min(next, scheduler_.tick(*watch, now));
  rollback_runner_.reconcile(*watch);
  if (const auto due = rollback_runner_.due(id)) next = std::min(next, *due);
  due_.at_latest(id, next);
}

void Engine::wake_by(const std::string& id, MonoTime at) {
  due_.at_latest(id, at);
  parts_.wake();
}

void Engine::wake_all() {
  for (const auto& id : ledger_.fleet().open()) due_.at_latest(id, MonoTime{});
  parts_.wake();
}

void Engine::record_needs(Instant now) {
  if (now.mono < record_needs_at_) return;
  record_needs_at_ = now.mono + record_needs_every;
  for (const auto& id : ledger_.fleet().open())
    if (change_recorder_.record_need(*ledger_.find(id), now)) parts_.changed({id});
}

void Engine::log_store_trouble() {
  const auto trouble = ledger_.trouble();
  if (trouble == told_trouble_) return;
  told_trouble_ = trouble;
  if (!trouble)
    parts_.log.info("engine", "the journal can be written again");
  else
    parts_.log.error("engine", "the journal cannot be written: nothing is decided and no hook is called until it can",
                     {{"err", *trouble}});
}

std::vector<WatchPtr> Engine::open_watches() const {
  std::vector<WatchPtr> open;
  for (const auto& id : ledger_.fleet().open()) open.push_back(ledger_.find(id));
  return open;
}

void Engine::stop() {
  stopping_ = true;
  rollback_runner_.stop();
}

void Engine::adopted(const std::vector<std::string>& ids) {
  for (const auto& id : ids) {
    const auto watch = ledger_.find(id);
    if (!watch) continue;  // finished long ago, and forgotten while this was stored
    change_recorder_.record(*watch);
    due_.at_latest(id, parts_.clock.now().mono);
    if (model::is_final(watch->phase)) scheduler_.forget(id);
    rollback_runner_.reconcile(*watch);
  }
  parts_.changed(ids);
  parts_.wake();
}

Completion<std::monostate> Engine::with_view(std::string id, Completion<story::ReleaseView> done) const {
  return [this, id = std::move(id), done = std::move(done)](const Result<std::monostate>& durable) {
    if (!durable) return done(std::unexpected(durable.error()));
    done(release(id));
  };
}

void Engine::announce(Announcement announcement, Completion<Announced> done) {
  auto created = std::make_shared<bool>(false);
  const auto id = announcement.spec.id;
  const auto operation = [this, announcement = std::move(announcement), created](Draft& draft) -> Result<void> {
    const auto fresh =
        engine::announce(draft, announcement, {*runtime_, brakes(), parts_.clock.boot_id(), recent_preflights_});
    if (!fresh) return std::unexpected(fresh.error());
    *created = *fresh;
    return {};
  };
  ledger_.submit(operation, with_view(id, [created, done = std::move(done)](Result<story::ReleaseView> view) {
                   if (!view) return done(std::unexpected(view.error()));
                   done(Announced{std::move(*view), *created});
                 }));
}

void Engine::order(Order order, Completion<story::ReleaseView> done) {
  const auto id = order.release;
  const auto operation = [this, order = std::move(order)](Draft& draft) -> Result<void> {
    const Circumstances context{*runtime_, brakes(), parts_.clock.boot_id(), recent_preflights_};
    if (auto carried_out = carry_out(draft, order, context); !carried_out) return carried_out;
    advance(draft, order.release, brakes());
    return {};
  };
  ledger_.submit(operation, with_view(id, std::move(done)));
}

void Engine::take_event(DeploymentEvent news, Completion<DeploymentEventTaken> done) {
  auto taken = std::make_shared<DeploymentEventTaken>();
  const auto operation = [this, news = std::move(news), taken](Draft& draft) -> Result<void> {
    auto came_of_it =
        engine::take_event(draft, news, {*runtime_, brakes(), parts_.clock.boot_id(), recent_preflights_});
    if (!came_of_it) return std::unexpected(came_of_it.error());
    *taken = std::move(*came_of_it);
    return {};
  };
  ledger_.submit(operation, [taken, done = std::move(done)](const Result<std::monostate>& durable) {
    if (!durable) return done(std::unexpected(durable.error()));
    done(std::move(*taken));
  });
}

void Engine::signal(SignalPost post, Completion<story::ReleaseView> done) {
  const auto id = post.release;
  const auto operation = [post = std::move(post)](Draft& draft) { return keep_signal(draft, post); };
  ledger_.submit(operation, with_view(id, [this, id, done = std::move(done)](Result<story::ReleaseView> view) {
                   if (view) scheduler_.read_now(id);
                   done(std::move(view));
                 }));
}

std::vector<std::string> Engine::environments() const {
  return environments_of(ledger_.fleet());
}

void Engine::keep_told(alerts::ToldAlert told, std::function<void(bool)> done) {
  const auto operation = [told = std::move(told)](Draft& draft) -> Result<void> {
    draft.put(told);
    return {};
  };
  ledger_.submit(operation,
                 [done = std::move(done)](const Result<std::monostate>& durable) { done(durable.has_value()); });
}

void Engine::timeline(store::TimelineQuery query, Completion<store::TimelinePage> done) {
  run_blocking(
      parts_.executor, Lane::journal,
      [&journal = parts_.journal, query = std::move(query)] { return journal.timeline(query); }, std::move(done));
}

void Engine::series(SeriesQuery query, Completion<story::SeriesView> done) {
  const auto watch = ledger_.find(query.release);
  if (!watch) return done(no_release(query.release));
  auto plan = story::plan_series(*watch, query.slo, parts_.clock.now());
  if (!plan) return done(std::unexpected(plan.error()));
  charts_.draw(std::move(*plan), done);
}

void Engine::what_if(WhatIfQuery query, Completion<WhatIfAnswer> done) {
  const auto watch = ledger_.find(query.release);
  if (!watch) return done(no_release(query.release));
  tryouts_.what_if(*watch, query, done);
}

// A hook that an open watch may still need stays, even where the new configuration no longer names it.
void Engine::take_runtime(const Runtime& fresh) {
  auto merged = std::make_shared<Runtime>(fresh);
  const auto keep = [&](const std::string& name) {
    const auto old = runtime_->hooks.find(name);
    if (old != runtime_->hooks.end()) merged->hooks.emplace(name, old->second);
  };
  for (const auto& watch : open_watches()) {
    keep(watch->group->rollback.hook);
    for (const auto& rule : watch->group->rules)
      if (rule.remedy) keep(rule.remedy->hook);
  }
  runtime_ = std::move(merged);
  kill_switch_.look_for(runtime_->settings->brakes.kill_switch_file, false);
  wake_all();
}

void Engine::reload(Completion<std::string> done) {
  run_blocking(
      parts_.executor, Lane::reload, [loader = parts_.loader] { return loader(); },
      [this, done = std::move(done)](const Result<RuntimePtr>& fresh) {
        parts_.telemetry.reloaded(fresh.has_value(), parts_.clock.now().wall);
        reload_failed_ = !fresh;
        if (!fresh) {
          parts_.log.error("engine", "the configuration was not reloaded; the last good one stays in force",
                           {{"err", fresh.error().message}});
          return done(std::unexpected(fresh.error()));
        }
        configured_at_ = parts_.clock.now().wall;
        take_runtime(**fresh);
        parts_.reloaded(*runtime_);
        parts_.log.info("engine", "configuration reloaded",
                        {{"groups", fmt::to_string(runtime_->settings->groups.size())}});
        done(fmt::format("reloaded: {} rule groups; open watches keep the rules they started with",
                         runtime_->settings->groups.size()));
      });
}

Health Engine::health() const {
  Health health;
  if (!started_) health.problems.emplace_back("the journal is being read");
  if (auto why = ledger_.trouble())
    health.store_trouble = {std::move(*why), ledger_.trouble_since().value_or(parts_.clock.now().wall)};
  if (health.store_trouble) health.problems.emplace_back("the journal cannot be written");
  health.in_force = in_force(freezes(), kill_switch_.is_on(), parts_.clock.now().wall);
  health.ready = health.problems.empty() && !stopping_;
  if (runtime_->prometheus && runtime_->prometheus->is_foreign())
    health.problems.emplace_back(
        "what answers at prometheus.url is no Prometheus, or does not let the guard in; `release-guard check` says "
        "what");
  health.detection_blind = detector_.blind();
  for (const auto& [group, blind] : health.detection_blind)
    if (blind)
      health.problems.push_back(fmt::format(
          "what runs of rule group \"{}\" cannot be told, so its releases are not found; the log says why", group));
  std::ranges::move(parts_.troubles(), std::back_inserter(health.problems));
  health.reload_failed = reload_failed_;
  health.configured_at = configured_at_;
  if (reload_failed_) health.problems.emplace_back("the last reload failed; the log and `release-guard check` say why");
  return health;
}

}  // namespace guard::engine
