// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/engine.hpp"

#include "guard/alerts/own_alert.hpp"
#include "guard/base/duration.hpp"
#include "guard/core/beginning.hpp"
#include "guard/core/evaluation.hpp"
#include "guard/core/succession.hpp"
#include "guard/engine/announcement.hpp"
#include "guard/engine/deployment_news.hpp"
#include "guard/engine/fleet_queries.hpp"
#include "guard/engine/freezing.hpp"
#include "guard/engine/in_force.hpp"
#include "guard/engine/orders.hpp"
#include "guard/engine/preflight_plan.hpp"
#include "guard/engine/resume.hpp"
#include "guard/engine/retention.hpp"
#include "guard/engine/steps.hpp"
#include "guard/hooks/attempt_store.hpp"
#include "guard/story/explain.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace guard::engine {
namespace {

using model::Watch;

constexpr Duration longest_sleep = std::chrono::minutes(1);
// Each change of state wakes the loop; what only the clock changes is looked at less often.
constexpr Duration tell_time_every = std::chrono::seconds(1);
constexpr Duration prune_every = std::chrono::hours(6);

std::unexpected<Error> no_release(const std::string& id) {
  return fail(ErrorCode::not_found, fmt::format("there is no release \"{}\"", id));
}

std::vector<story::ReleaseView> views_of(const std::vector<WatchPtr>& watches, Instant now) {
  std::vector<story::ReleaseView> views;
  for (const auto& watch : watches) views.push_back(story::view_of(*watch, now));
  return views;
}

}  // namespace

Engine::Engine(Parts parts, RuntimePtr runtime)
    : parts_(std::move(parts)),
      runtime_(std::move(runtime)),
      ledger_({parts_.journal, parts_.executor, parts_.clock, parts_.telemetry},
              [this](const auto& ids) { adopted(ids); }),
      kill_switch_({parts_.executor, parts_.clock, parts_.wake}),
      rollback_runner_(
          {ledger_, parts_.executor, parts_.telemetry, parts_.clock, parts_.random, parts_.log, parts_.wake},
          [this] { return runtime_; }, kill_switch_),
      scheduler_({ledger_, parts_.executor, parts_.telemetry, parts_.clock, parts_.log, heard_,
                  [this] { return runtime_; }, [this] { return brakes(); },
                  [this](auto then) { kill_switch_.when_seen(std::move(then)); }, parts_.wake}),
      detector_({ledger_, parts_.executor, parts_.telemetry, parts_.clock, parts_.log, recent_preflights_,
                 [this] { return runtime_; }, [this] { return brakes(); }, parts_.wake}),
      news_(parts_.telemetry, parts_.log),
      charts_({parts_.executor, parts_.clock, [this] { return runtime_; }}),
      tryouts_({parts_.executor, parts_.clock, [this] { return runtime_; }, charts_, parts_.desk}),
      reach_({parts_.executor, parts_.clock, [this] { return runtime_; }}),
      preflights_({parts_.executor, parts_.clock, parts_.random, parts_.wake}),
      admission_({ledger_, scheduler_, parts_.executor, parts_.clock, recent_preflights_, [this] { return runtime_; },
                   [this] { return brakes(); }}) {}

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
    news_.take(*watch);
    fleet.put(std::move(watch));
  }
  for (auto& freeze : contents->freezes) fleet.put(std::move(freeze));
  for (auto& seen : contents->seen) fleet.put(std::move(seen));
  ledger_.restore(std::move(fleet));
  const auto applied = heard_.restore(contents->alerts, contents->cut_short, contents->alertmanager_heard_at);
  started_ = true;
  take_note(applied);
  note_gaps();
  return {};
}

// The time in which no guard looked is said in the timeline; the first round makes up for what its sources still tell.
void Engine::note_gaps() {
  const auto now = parts_.clock.now();
  for (const auto& watch : open_watches()) {
    const auto& id = watch->spec.id;
    parts_.log.info("engine", "going on with a release",
                    {{"release", id}, {"phase", std::string(to_string(watch->phase))}});
    const auto gap = gap_before(*watch, now);
    if (!gap) continue;
    const auto text = fmt::format("nobody looked for {}", format_duration(*gap));
    ledger_.submit([name = id, text](
                       Draft& draft) -> Result<void> { return draft.note(name, model::Gap{}, text), Result<void>{}; },
                   [](const Result<std::monostate>&) {});
  }
}

MonoTime Engine::tick() {
  const auto now = parts_.clock.now();
  auto next = now.mono + longest_sleep;
  if (!started_) return next;
  next = std::min({next, ledger_.tick(), kill_switch_.tick(), preflights_.tick()});
  tell_store_trouble();
  if (const auto again = rollback_runner_.store_unrecorded()) next = std::min(next, *again);
  if (stopping_) return next;
  for (const auto& watch : open_watches()) {
    if (model::is_judged(watch->phase)) next = std::min(next, scheduler_.tick(*watch, now));
    rollback_runner_.reconcile(*watch);
    if (const auto due = rollback_runner_.due(watch->spec.id)) next = std::min(next, *due);
  }
  if (now.mono >= tell_time_at_) {
    tell_time_at_ = now.mono + tell_time_every;
    for (const auto& watch : open_watches())
      if (news_.tell_time(*watch, now)) parts_.changed({watch->spec.id});
  }
  scheduler_.ask();
  next = std::min(next, detector_.tick(now));
  prune(now);
  return next;
}

void Engine::tell_store_trouble() {
  const auto trouble = ledger_.trouble();
  if (trouble == told_trouble_) return;
  told_trouble_ = trouble;
  if (trouble.empty())
    parts_.log.info("engine", "the journal can be written again");
  else
    parts_.log.error("engine", "the journal cannot be written: nothing is decided and no hook is called until it can",
                     {{"err", trouble}});
}

// A copy: what a tick starts may adopt changes before it returns.
std::vector<WatchPtr> Engine::open_watches() const {
  std::vector<WatchPtr> open;
  for (const auto& id : ledger_.fleet().open()) open.push_back(ledger_.find(id));
  return open;
}

void Engine::stop() {
  stopping_ = true;
  rollback_runner_.stop();
}

void Engine::prune(Instant now) {
  if (now.mono < prune_due_) return;
  prune_due_ = now.mono + prune_every;
  const auto before = now.wall - parts_.retention;
  const auto old = outlived(ledger_.fleet(), before);
  for (const auto& id : old) news_.forget(id);
  ledger_.forget(old, before);
  run_blocking(
      parts_.executor, Lane::journal,
      [&journal = parts_.journal, state = parts_.state, kept = attempts_of(ledger_.fleet()), before] {
        const auto pruned = journal.prune(before);
        return pruned ? hooks::remove_old_attempts(state, kept, before) : std::unexpected(pruned.error());
      },
      [this](const Result<std::size_t>& pruned) {
        if (!pruned) parts_.log.warn("engine", "old releases could not be removed", {{"err", pruned.error().message}});
      });
}

void Engine::adopted(const std::vector<std::string>& ids) {
  for (const auto& id : ids) {
    const auto watch = ledger_.find(id);
    if (!watch) continue;  // finished long ago, and forgotten while this was stored
    news_.tell(*watch);
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

void Engine::hear(DeploymentNews news, Completion<NewsTaken> done) {
  auto taken = std::make_shared<NewsTaken>();
  const auto operation = [this, news = std::move(news), taken](Draft& draft) -> Result<void> {
    auto came_of_it = take_news(draft, news, {*runtime_, brakes(), parts_.clock.boot_id(), recent_preflights_});
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
                   if (view) scheduler_.look_now(id);
                   parts_.wake();
                   done(std::move(view));
                 }));
}

void Engine::begin_freeze(model::Freeze freeze, Completion<Frozen> done) {
  auto frozen = std::make_shared<Frozen>(Frozen{std::move(freeze), false});
  const auto operation = [frozen](Draft& draft) -> Result<void> {
    const auto fresh = engine::begin_freeze(draft, frozen->freeze);
    if (!fresh) return std::unexpected(fresh.error());
    frozen->created = *fresh;
    frozen->freeze = draft.ordered_freezes().at(frozen->freeze.id);
    return {};
  };
  ledger_.submit(operation, [this, frozen, done = std::move(done)](const Result<std::monostate>& durable) {
    if (!durable) return done(std::unexpected(durable.error()));
    if (frozen->created) tell_freeze("a freeze begins", frozen->freeze, frozen->freeze.actor);
    done(std::move(*frozen));
  });
}

void Engine::end_freeze(FreezeEnd end, Completion<model::Freeze> done) {
  auto ended = std::make_shared<model::Freeze>();
  const auto operation = [end, ended](Draft& draft) -> Result<void> {
    auto freeze = engine::end_freeze(draft, end);
    if (!freeze) return std::unexpected(freeze.error());
    *ended = std::move(*freeze);
    return {};
  };
  ledger_.submit(operation, [this, end, ended, done = std::move(done)](const Result<std::monostate>& durable) {
    if (!durable) return done(std::unexpected(durable.error()));
    tell_freeze("a freeze is ended before its time" + (end.reason.empty() ? "" : ": " + end.reason), *ended,
                end.actor.name);
    done(std::move(*ended));
  });
}

void Engine::tell_freeze(const std::string& what, const model::Freeze& freeze, const std::string& actor) const {
  parts_.log.info(
      "engine", what,
      {{"freeze", freeze.id}, {"until", format_time(freeze.span.until)}, {"reason", freeze.reason}, {"actor", actor}});
  parts_.changed({});
}

std::vector<model::Freeze> Engine::freezes() const {
  return known_freezes(*runtime_->settings, ledger_.fleet(), parts_.clock.now().wall);
}

void Engine::receive(alerts::Notification notification, Completion<Intake> done) {
  // Its own words coming back are no news, and no sign that alerts of the service would reach it.
  const auto sent = notification.alerts.size();
  for (const auto& alert : notification.alerts)
    if (alert.status == alerts::AlertStatus::firing) preflights_.heard(alert.labels);
  const auto own = std::erase_if(notification.alerts, [](const auto& alert) { return alerts::is_own(alert.labels); });
  parts_.telemetry.alerts_received(AlertIntake::own, own);
  const bool tells_whether_cut = notification.truncated_alerts > 0 || heard_.is_cut_short(notification.group_key);
  if (own > 0 && notification.alerts.empty() && !tells_whether_cut) return done(Intake{sent, 0});
  struct Heard {
    alerts::Notification notification;
    WallTime at{};  // as the journal has it: a restart must find the same order
  };
  auto heard = std::make_shared<Heard>(std::move(notification));
  const auto operation = [heard](Draft& draft) -> Result<void> {
    heard->at = draft.now().wall;
    draft.hear(heard->notification);
    return {};
  };
  ledger_.submit(operation, [this, heard, sent, done = std::move(done)](const Result<std::monostate>& durable) {
    if (!durable) return done(std::unexpected(durable.error()));
    const auto applied = heard_.apply(heard->notification, heard->at);
    const auto fresh = applied.news.size();
    parts_.telemetry.alerts_received(AlertIntake::fresh, fresh);
    parts_.telemetry.alerts_received(AlertIntake::duplicate, heard->notification.alerts.size() - fresh);
    take_note(applied);
    if (fresh > 0) look_at_alerts(applied.news);
    done(Intake{sent, fresh});
  });
}

// What was let go of is forgotten by the journal too, so that the next guard begins with no more than this one has.
void Engine::take_note(const alerts::ReceivedAlerts::Applied& applied) {
  if (applied.let_go.empty()) return;
  if (applied.cut)
    parts_.log.warn("engine", "more alerts fire than are kept: nothing is taken for not firing until this is over",
                    {{"let_go", fmt::to_string(applied.let_go.size())}});
  ledger_.submit([applied](Draft& draft) -> Result<void> { return draft.let_go(applied), Result<void>{}; },
                 [](const Result<std::monostate>&) {});
}

// Those that the news may concern are read at once: a storm of alerts about others costs a release nothing.
void Engine::look_at_alerts(const std::vector<model::Labels>& news) {
  const auto now = parts_.clock.now();
  for (const auto& id : ledger_.fleet().open())
    if (const auto watch = ledger_.find(id);
        model::is_judged(watch->phase) && core::may_concern(*watch->group, watch->subject(now), news))
      scheduler_.look_now(id);
  parts_.wake();
}

Result<story::ReleaseView> Engine::release(const std::string& id) const {
  const auto watch = ledger_.find(id);
  if (!watch) return no_release(id);
  const auto now = parts_.clock.now();
  auto view = story::view_of(*watch, now, core::brake_state(ledger_.fleet(), *watch, brakes(), now));
  if (const auto* good = core::last_good(ledger_.fleet(), *watch))
    view.last_good = story::LastGood{good->spec.version, good->spec.id, good->ended_at.value_or(WallTime{})};
  return view;
}

std::vector<story::ReleaseView> Engine::releases(const ReleaseFilter& filter) const {
  const auto now = parts_.clock.now();
  return views_of(matching(ledger_.fleet(), filter, now), now);
}

story::DeliveryView Engine::figures(const FiguresQuery& query) const {
  const auto now = parts_.clock.now().wall;
  const auto kept = std::min(query.since, parts_.retention);
  return story::delivery_view(core::deliveries(ledger_.fleet(), {query.service, query.environment, {now - kept, now}}),
                              {now - query.since, now}, parts_.retention);
}

std::vector<std::string> Engine::environments() const {
  return environments_of(ledger_.fleet());
}

std::function<std::vector<story::ReleaseView>()> Engine::speaking_for_places() const {
  const auto now = parts_.clock.now();
  return [watches = engine::speaking_for_places(ledger_.fleet(), now), now] { return views_of(watches, now); };
}

std::vector<story::ReleaseView> Engine::current(Duration after_end) const {
  const auto now = parts_.clock.now();
  return views_of(current_of(ledger_.fleet(), after_end, now), now);
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

void Engine::preflight(PreflightQuery query, Completion<story::PreflightView> done) {
  const auto group = core::group_for(query.spec, runtime_->settings->groups);
  if (!group) return done(std::unexpected(group.error()));
  const auto now = parts_.clock.now();
  auto& spec = query.spec;
  spec.previous_version = core::live_version(ledger_.fleet(), spec.place());
  const auto gate = [this, asked = GateQuery{spec.service, spec.environment, spec.version, spec.kind, true}](
                        Completion<model::Checks> answered) { this->gate(asked, std::move(answered)); };
  story::PreflightView about{spec.service,      spec.environment, spec.version, spec.previous_version,
                             (*group)->name,    now.wall,         {},           {},
                             (*group)->contacts};
  Preflights::Plan plan;
  plan.situation.spec = spec;
  plan.situation.group = *group;
  plan.means = means_of(*runtime_, parts_.clock);
  plan.known = known_of(health());
  plan.gate = gate;
  preflights_.begin(std::move(plan), query,
                    [this, now, about = std::move(about), tried = query.acts,
                     done = std::move(done)](const Result<model::Checks>& checks) {
                      if (!checks) return done(std::unexpected(checks.error()));
                      // A look tries out neither the way of an alert nor the hook, and readers may take it.
                      if (tried)
                        recent_preflights_.keep({about.service, about.environment}, !core::has_failed(*checks), now);
                      done(story::preflight_view(about, *checks));
                    });
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
  health.store_trouble = ledger_.trouble();
  health.store_trouble_since = ledger_.trouble_since();
  if (!health.store_trouble.empty()) health.problems.emplace_back("the journal cannot be written");
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
  if (reload_failed_) health.problems.emplace_back("the last reload failed; the log and `release-guard check` say why");
  return health;
}

}  // namespace guard::engine
