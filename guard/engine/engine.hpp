// SPDX-License-Identifier: Apache-2.0
//
// The engine: a level-triggered loop that joins core to the rest. tick() looks at the watches that are due and starts
// what they need; everything else (webhooks, orders, answers) changes the ledger, and what it changed is due at once.
// Loop thread only.
#pragma once

#include "guard/core/recent_preflight.hpp"
#include "guard/engine/admission.hpp"
#include "guard/engine/alert_inbox.hpp"
#include "guard/engine/change_recorder.hpp"
#include "guard/engine/charts.hpp"
#include "guard/engine/detector.hpp"
#include "guard/engine/due_times.hpp"
#include "guard/engine/freeze_desk.hpp"
#include "guard/engine/kill_switch.hpp"
#include "guard/engine/preflight_desk.hpp"
#include "guard/engine/preflights.hpp"
#include "guard/engine/reach.hpp"
#include "guard/engine/release_views.hpp"
#include "guard/engine/retention.hpp"
#include "guard/engine/rollback_runner.hpp"
#include "guard/engine/scheduler.hpp"
#include "guard/engine/tryouts.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace guard::engine {

class Engine final : public GuardService {
 public:
  struct Parts {
    store::Store& journal;
    Executor& executor;
    Telemetry& telemetry;
    const Clock& clock;
    Random& random;
    const Log& log;
    RuntimeLoader loader;
    std::function<void()> wake;                    // asks for a tick() soon
    std::function<void(const Runtime&)> reloaded;  // tells of a configuration that came into force
    Duration retention{0};                         // how long finished releases are kept
    std::filesystem::path state;                   // where command hooks keep their attempts
    RuleTextInspector inspector{};                 // what a rule file's text comes to
    // What else stands in the way of the guard's work, in words for anyone.
    std::function<std::vector<std::string>()> troubles = [] { return std::vector<std::string>(); };
    // Tells which releases have changed, once that is durable; none: what concerns all of them.
    std::function<void(const std::vector<std::string>&)> changed = [](const auto&) {};
  };
  Engine(Parts parts, RuntimePtr runtime);

  // Goes on from the journal. Blocking; called once, before anything else. Fails if the journal cannot be read.
  Result<void> start();

  // Starts what is due now; the moment when the next thing is due.
  MonoTime tick();

  // No new rounds and no new hook calls from here on.
  void stop();
  // True while a hook call runs whose outcome would be lost with this process.
  bool is_calling() const { return rollback_runner_.in_process_calls() > 0; }
  // True while the journal has not taken a hook's outcome yet.
  bool has_unrecorded() const { return rollback_runner_.has_unrecorded(); }
  // True once the journal can no longer be relied on: end the process and start anew from what is stored.
  bool journal_is_lost() const { return ledger_.lost(); }
  // True while the disk does not answer: the loop runs, but nothing can be decided.
  bool store_hangs() const { return ledger_.hangs(); }

  void announce(Announcement announcement, Completion<Announced> done) override;
  void order(Order order, Completion<story::ReleaseView> done) override;
  void take_event(DeploymentEvent news, Completion<DeploymentEventTaken> done) override;
  void signal(SignalPost post, Completion<story::ReleaseView> done) override;
  void begin_freeze(model::Freeze freeze, Completion<Frozen> done) override {
    freeze_desk_.begin(std::move(freeze), std::move(done));
  }
  void end_freeze(FreezeEnd end, Completion<model::Freeze> done) override { freeze_desk_.end(end, std::move(done)); }
  std::vector<model::Freeze> freezes() const override { return freeze_desk_.known(); }
  void gate(GateQuery query, Completion<model::Checks> done) override {
    admission_.ask(std::move(query), std::move(done));
  }
  void receive(alerts::Notification notification, Completion<Intake> done) override {
    inbox_.receive(std::move(notification), std::move(done));
  }
  Result<story::ReleaseView> release(const std::string& id) const override { return views_.one(id); }
  std::vector<story::ReleaseView> releases(const ReleaseFilter& filter) const override {
    return views_.matching(filter);
  }
  story::DeliveryView figures(const FiguresQuery& query) const override { return views_.figures(query); }
  std::vector<std::string> environments() const override;
  void timeline(store::TimelineQuery query, Completion<store::TimelinePage> done) override;
  void series(SeriesQuery query, Completion<story::SeriesView> done) override;
  void what_if(WhatIfQuery query, Completion<WhatIfAnswer> done) override;
  void check_rules(RuleText text, Completion<config::Findings> done) override { tryouts_.check(std::move(text), done); }
  void rule_series(RuleText text, int line, Completion<story::SeriesView> done) override {
    tryouts_.draw(std::move(text), line, done);
  }
  void preflight(PreflightQuery query, Completion<story::PreflightView> done) override {
    preflight_desk_.ask(std::move(query), std::move(done));
  }
  void reload(Completion<std::string> done) override;
  Health health() const override;
  std::shared_ptr<const config::Settings> settings() const override { return runtime_->settings; }
  void reach(Completion<Reached> done) override { reach_.ask(std::move(done)); }

  // What receivers were told, as the journal held it at start; empty once it was taken.
  std::vector<alerts::ToldAlert> take_told() { return std::exchange(told_, {}); }
  // Stores what a receiver was told or is about to be; says whether it is durable.
  void keep_told(alerts::ToldAlert told, std::function<void(bool)> done);

  // What the metrics show, and what the guard speaks of by itself (release_views.hpp).
  std::function<std::vector<story::ReleaseView>()> speaking_for_places() const { return views_.speaking_for_places(); }
  std::vector<story::ReleaseView> current(Duration after_end) const { return views_.current(after_end); }

 private:
  core::BrakeInputs brakes() const;
  std::vector<WatchPtr> open_watches() const;
  void process(const std::string& id, Instant now);
  void wake_by(const std::string& id, MonoTime at);
  void wake_all();
  void record_needs(Instant now);
  void adopted(const std::vector<std::string>& ids);
  void log_store_trouble();
  void take_runtime(const Runtime& fresh);
  Completion<std::monostate> with_view(std::string id, Completion<story::ReleaseView> done) const;

  Parts parts_;
  RuntimePtr runtime_;
  alerts::ReceivedAlerts heard_;
  Ledger ledger_;
  DueTimes due_;
  KillSwitch kill_switch_;
  RollbackRunner rollback_runner_;
  Scheduler scheduler_;
  Detector detector_;
  ChangeRecorder change_recorder_;
  Charts charts_;
  TryOuts tryouts_;
  Reach reach_;
  Preflights preflights_;
  core::RecentPreflights recent_preflights_;
  AlertInbox inbox_;
  FreezeDesk freeze_desk_;
  ReleaseViews views_;
  PreflightDesk preflight_desk_;
  Admission admission_;
  Retention retention_;
  std::vector<alerts::ToldAlert> told_;
  bool reload_failed_ = false;
  WallTime configured_at_ = parts_.clock.now().wall;  // when the runtime was read
  std::optional<std::string> told_trouble_;           // of the store, to the log
  MonoTime record_needs_at_{};
  bool started_ = false;
  bool stopping_ = false;
};

}  // namespace guard::engine
