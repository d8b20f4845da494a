// SPDX-License-Identifier: Apache-2.0
//
// What must hold for every sequence of readings, alerts, orders, announcements, crashes, reboots, failures of the
// journal and answers of the hook. The deployment, the disk and the clock outlive each guard.
#include "tests/engine/property_watchers.hpp"
#include "tests/support/folder.hpp"

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <rapidcheck/gtest.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using model::AttemptResult;
using model::CallState;
using model::DecisionKind;
using model::Phase;
using model::Verb;

enum class Do {
  good,
  bad,
  terrible,
  no_data,
  error,
  alert,
  alert_ends,
  announce,
  announce_rollback,
  pause,
  resume,
  approve,
  abort,
  roll_back,
  kill,
  kill_during_call,
  reboot,
  disk_full,
  disk_free,
  hook_hangs,
  hook_answers,
  stop_file,
  no_stop_file,
  reload
};

struct Action {
  Do what = Do::good;
  int seconds = 1;  // that pass afterwards
};

void showValue(const Action& action, std::ostream& out) {
  out << "do " << static_cast<int>(action.what) << ", " << action.seconds << "s";
}

rc::Gen<Action> actions() {
  const auto last = static_cast<int>(Do::reload) + 1;
  const auto kinds = rc::gen::weightedOneOf<int>(
      {{3, rc::gen::inRange(0, last)}, {1, rc::gen::element(static_cast<int>(Do::bad), static_cast<int>(Do::good))}});
  return rc::gen::build<Action>(
      rc::gen::set(&Action::what, rc::gen::map(kinds, [](int kind) { return static_cast<Do>(kind); })),
      rc::gen::set(&Action::seconds, rc::gen::inRange(0, 9)));
}

// A world with its deployment and auditor, in which anything may happen.
class Story {
 public:
  Story() {
    world.settings.brakes.kill_switch_file = stop_file;
    world.groups[0].window = *rc::gen::element(60, 600) * 1s;
    world.groups[0].rollback.mode = *rc::gen::weightedElement<model::Mode>(
        {{4, model::Mode::enforce}, {1, model::Mode::ask}, {1, model::Mode::observe}});
    world.groups[0].rollback.cooldown = *rc::gen::element(0, 20, 3600) * 1s;
    world.groups[0].rules.push_back(alert_rule());
    world.alerts = std::make_shared<FakeAlerts>();
    deployment->policy.idempotent = *rc::gen::arbitrary<bool>();
    deployment->tells_the_past = *rc::gen::arbitrary<bool>();
    const auto results = *rc::gen::container<std::vector<AttemptResult>>(rc::gen::element(
        AttemptResult::done, AttemptResult::done, AttemptResult::retry, AttemptResult::failed, AttemptResult::unknown));
    deployment->results.assign(results.begin(), results.end());
    world.hook = deployment;
    world.disk.on_commit = [this](const store::Batch& batch) { auditor.look(batch); };
    world.restart();
  }
  Story(const Story&) = delete;
  Story& operator=(const Story&) = delete;

  void play(const Action& action) {
    act(action.what);
    world.run(action.seconds * 1s);
  }

  void check() const {
    for (const auto& list : {auditor.wrong, deployment->wrong})
      for (const auto& what : list) RC_FAIL(what);
    for (const auto& [key, count] : deployment->effects) {
      const auto orders = orders_.find(key);
      const int ordered = orders == orders_.end() ? 0 : orders->second;
      if (!deployment->policy.idempotent && count > 1 + ordered) RC_FAIL(key + " took effect more than once");
    }
  }

  // Everything works again and no brake is on.
  void repair() {
    for (const auto what : {Do::disk_free, Do::hook_answers, Do::no_stop_file, Do::resume}) act(what);
    deployment->results.clear();
    world.run(60s);
  }

  std::string newest() const { return fmt::format("r{}", announced_); }

  World world;
  std::shared_ptr<Deployment> deployment = std::make_shared<Deployment>(world.disk);
  const Folder folder;
  const std::filesystem::path stop_file = folder / "stop";
  Auditor auditor{stop_file};

 private:
  void act(Do what) {
    switch (what) {
      case Do::good:
      case Do::bad:
      case Do::terrible:
      case Do::no_data:
      case Do::error:
        return read(what);
      case Do::alert:
        world.alerts->answer =
            std::vector<model::FiringAlert>{{"f1", {{"severity", "critical"}}, world.clock.now().wall}};
        return;
      case Do::alert_ends:
        world.alerts->answer = std::vector<model::FiringAlert>{};
        return;
      case Do::announce:
        return announce(fmt::format("v{}", announced_ + 2));
      case Do::announce_rollback:
        return announce(previous_);
      case Do::pause:
      case Do::resume:
      case Do::approve:
      case Do::abort:
      case Do::roll_back:
        return order(what);
      case Do::disk_full:
      case Do::disk_free:
        world.disk.full = what == Do::disk_full;
        return;
      case Do::hook_hangs:
        return world.executor->hold(engine::Lane::hook);
      case Do::hook_answers:
        return world.executor->release(engine::Lane::hook);
      case Do::stop_file:
        std::ofstream(stop_file) << "";
        return;
      case Do::no_stop_file:
        std::filesystem::remove(stop_file);
        return;
      case Do::kill:
      case Do::kill_during_call:
      case Do::reboot:
        return die(what);
      case Do::reload:
        world.next_runtime = world.runtime();
        world.guard->reload([](const Result<std::string>&) {});
        return world.settle();
    }
  }

  void read(Do what) {
    auto& now = world.metrics->now[error_rate];
    now = one(what == Do::good ? 0.001 : what == Do::bad ? 0.2 : 0.9);
    if (what == Do::no_data) now = std::vector<model::Sample>{};
    if (what == Do::error) now = std::unexpected(model::SourceError{model::Reason::query_failed, "HTTP 503", true});
  }

  void announce(const std::string& version) {
    const auto spec = shop_release(fmt::format("r{}", announced_ + 1), version, current_);
    if (!world.announce(spec)) return;
    ++announced_;
    previous_ = current_;
    current_ = version;
  }

  void order(Do what) {
    static const std::map<Do, Verb> verbs{{Do::pause, Verb::pause},
                                          {Do::resume, Verb::resume},
                                          {Do::approve, Verb::approve},
                                          {Do::abort, Verb::abort},
                                          {Do::roll_back, Verb::rollback}};
    const auto view = world.order(verbs.at(what), newest());
    if (!view || what != Do::roll_back) return;
    for (const auto& decision : view->decisions)
      if (decision.kind == DecisionKind::rollback) ++orders_[decision.key];
  }

  void die(Do what) {
    if (what == Do::kill_during_call) world.executor->lose_answers(engine::Lane::hook);
    world.guard.reset();
    if (what == Do::reboot) world.clock.reboot(*rc::gen::inRange(0, 100) * 1s);
    world.restart();
  }

  std::map<std::string, int> orders_;  // a person's, by key
  int announced_ = 0;
  std::string current_ = "v1";
  std::string previous_ = "v0";
};

RC_GTEST_PROP(EngineProperty, WhateverHappensARollbackIsMeantAllowedAndDoneOnce, ()) {
  Story story;
  story.play({Do::announce, 7});
  for (const auto& action : *rc::gen::container<std::vector<Action>>(actions())) {
    story.play(action);
    story.check();
  }
  story.repair();
  story.check();
}

RC_GTEST_PROP(EngineProperty, ABreachThatLastsEndsInACallOrWithAPerson, ()) {
  Story story;
  story.play({Do::announce, 7});
  for (const auto& action : *rc::gen::container<std::vector<Action>>(actions())) story.play(action);
  story.repair();
  story.play({Do::good, 10});
  const auto before = story.world.view(story.newest()).phase;
  story.play({Do::bad, 30});
  const auto after = story.world.view(story.newest());
  if (before != Phase::watching || after.mode != model::Mode::enforce) return;
  const bool called = std::any_of(after.decisions.begin(), after.decisions.end(),
                                  [](const auto& decision) { return !decision.attempts.empty(); });
  const bool ended = after.phase == Phase::unverified || after.phase == Phase::breached;
  RC_ASSERT(called || after.needs_person.has_value() || ended);
  if (ended) RC_ASSERT(after.window_end <= story.world.clock.now().wall);
}

}  // namespace
}  // namespace guard::test
