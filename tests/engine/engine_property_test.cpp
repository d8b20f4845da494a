// SPDX-License-Identifier: Apache-2.0
//
// What must hold for every sequence of readings, alerts, orders, announcements, crashes, reboots, failures of the
// journal and answers of the hook. The deployment, the disk and the clock outlive each guard.
#include "tests/engine/harness.hpp"

#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <fmt/format.h>
#include <rapidcheck/gtest.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using core::AttemptResult;
using core::CallState;
using core::DecisionKind;
using core::Phase;
using engine::Verb;

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

// The deployment itself: it knows what was really done to it, and checks what the guard had written down before.
class Deployment final : public FakeHook {
 public:
  explicit Deployment(const Disk& disk) : disk_(disk) {}

  hooks::HookResult call(const hooks::HookCall& call) override {
    check_intent(call);
    auto result = FakeHook::call(call);
    // What nobody can tell may have been done, and here it has been.
    if (result.result == AttemptResult::done || result.result == AttemptResult::unknown) ++effects[call.key];
    known_[attempt_of(call)] = result;
    return result;
  }
  std::optional<hooks::HookResult> recover(const hooks::HookCall& call) override {
    const auto it = known_.find(attempt_of(call));
    if (it == known_.end()) return std::nullopt;
    if (tells_the_past) return it->second;
    return hooks::HookResult{AttemptResult::unknown, "nobody knows", "", {}, {}};
  }

  std::map<std::string, int> effects;  // by key
  bool tells_the_past = true;
  std::vector<std::string> wrong;

 private:
  static std::string attempt_of(const hooks::HookCall& call) { return fmt::format("{} #{}", call.key, call.attempt); }

  void check_intent(const hooks::HookCall& call) {
    const auto& watch = disk_.watches.at(call.release);
    const auto* open = watch.open_rollback();
    const bool meant = open != nullptr && open->state == CallState::calling && open->key == call.key &&
                       open->attempts.back().number == call.attempt && watch.phase == Phase::rolling_back;
    if (!meant) wrong.push_back(attempt_of(call) + " was called without a durable intent");
    for (const auto& [id, other] : disk_.watches)
      if (id != call.release && other.open_rollback() != nullptr && other.open_rollback()->state == CallState::calling)
        wrong.push_back(attempt_of(call) + " was called while a call for " + id + " was in flight");
  }

  const Disk& disk_;
  std::map<std::string, hooks::HookResult> known_;
};

// Checks every commit against the one before it.
class Auditor {
 public:
  explicit Auditor(std::filesystem::path stop_file) : stop_file_(std::move(stop_file)) {}

  void look(const journal::Batch& batch) {
    for (const auto& event : batch.events)
      if (event.kind == "phase") look_at_move(event);
    for (const auto& watch : batch.watches) {
      look_at_decisions(watch);
      if (watch.phase == Phase::passed) look_at_pass(watch);
      if (phases_[watch.spec.id] != watch.phase) wrong.push_back(watch.spec.id + " changed its phase without a word");
      before_[watch.spec.id] = watch;
    }
  }
  std::vector<std::string> wrong;

 private:
  static Phase phase_named(std::string_view name) { return from_string<Phase>(name).value(); }

  void look_at_move(const journal::TimelineEvent& event) {
    if (event.message.starts_with("announced by")) {
      phases_[event.release] = Phase::deploying;
      return;
    }
    const auto arrow = event.message.find(" -> ");
    const auto from = phase_named(event.message.substr(0, arrow));
    const auto to = phase_named(event.message.substr(arrow + 4, event.message.find(':') - arrow - 4));
    const auto moves = core::transitions();
    const bool legal =
        std::any_of(moves.begin(), moves.end(), [&](const auto& move) { return move.from == from && move.to == to; });
    if (!legal || phases_[event.release] != from) wrong.push_back("an illegal move: " + event.message);
    phases_[event.release] = to;
  }

  void look_at_decisions(const core::Watch& watch) {
    const auto known = before_.contains(watch.spec.id) ? before_.at(watch.spec.id).decisions.size() : 0;
    for (auto i = known; i < watch.decisions.size(); ++i)
      if (watch.decisions[i].kind == DecisionKind::rollback && watch.decisions[i].actor.empty())
        look_at_automatic(watch, watch.decisions[i]);
  }

  void look_at_automatic(const core::Watch& watch, const core::Decision& decision) {
    const auto complain = [&](const std::string& why) {
      wrong.push_back(decision.key + ": automatic although " + why);
    };
    if (watch.is_rollback) complain("it is a rollback");
    if (before_.at(watch.spec.id).paused) complain("it was paused");
    if (watch.group->rollback.mode != core::Mode::enforce) complain("the mode is not enforce");
    if (watch.spec.previous_version.empty()) complain("there is nothing to go back to");
    if (std::filesystem::exists(stop_file_)) complain("the kill switch is on");
    for (const auto& [id, other] : before_)
      for (const auto& earlier : other.decisions)
        if (!earlier.attempts.empty() && earlier.finished_at &&
            decision.at < *earlier.finished_at + watch.group->rollback.cooldown)
          complain("the last rollback is too near");
  }

  void look_at_pass(const core::Watch& watch) {
    if (watch.breach_decided) wrong.push_back(watch.spec.id + " passed although a breach was decided");
    const auto judged = watch.group->window - watch.group->settle;
    for (const auto& state : watch.rules)
      if (state.latched || state.verdict != core::Verdict::ok || 2 * state.observed < judged)
        wrong.push_back(watch.spec.id + " passed without evidence");
  }

  std::filesystem::path stop_file_;
  std::map<std::string, core::Watch> before_;
  std::map<std::string, Phase> phases_;
};

core::Rule alert_rule() {
  core::Rule rule;
  rule.slo = "no_alerts";
  rule.kind = core::RuleKind::alerts;
  rule.max_age = 24h;
  rule.alerts = {*core::TextTemplate::parse("severity=\"critical\"", core::TemplateKind::matcher)};
  return rule;
}

// A world with its deployment and auditor, in which anything may happen.
class Story {
 public:
  Story() {
    std::filesystem::remove(stop_file);
    world.settings.brakes.kill_switch_file = stop_file;
    world.groups[0].window = *rc::gen::element(60, 600) * 1s;
    world.groups[0].rollback.mode = *rc::gen::weightedElement<core::Mode>(
        {{4, core::Mode::enforce}, {1, core::Mode::ask}, {1, core::Mode::observe}});
    world.groups[0].rollback.cooldown = *rc::gen::element(0, 20, 3600) * 1s;
    world.groups[0].rules.push_back(alert_rule());
    world.alerts = std::make_shared<FakeAlerts>();
    deployment->policy.idempotent = *rc::gen::arbitrary<bool>();
    deployment->tells_the_past = *rc::gen::arbitrary<bool>();
    const auto results = *rc::gen::container<std::vector<AttemptResult>>(rc::gen::element(
        AttemptResult::done, AttemptResult::done, AttemptResult::retry, AttemptResult::failed, AttemptResult::unknown));
    deployment->results.assign(results.begin(), results.end());
    world.hook = deployment;
    world.disk.on_commit = [this](const journal::Batch& batch) { auditor.look(batch); };
    world.restart();
  }
  ~Story() { std::filesystem::remove(stop_file); }
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
  const std::filesystem::path stop_file =
      std::filesystem::temp_directory_path() / fmt::format("guard_property_stop_{}", ::getpid());
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
            std::vector<core::FiringAlert>{{"f1", {{"severity", "critical"}}, world.clock.now().wall}};
        return;
      case Do::alert_ends:
        world.alerts->answer = std::vector<core::FiringAlert>{};
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
    if (what == Do::no_data) now = std::vector<core::Sample>{};
    if (what == Do::error) now = std::unexpected(core::SourceError{core::Reason::query_failed, "HTTP 503", true});
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
  if (before != Phase::watching || after.mode != core::Mode::enforce) return;
  const bool called = std::any_of(after.decisions.begin(), after.decisions.end(),
                                  [](const auto& decision) { return !decision.attempts.empty(); });
  RC_ASSERT(called || !after.needs_person.empty() || after.phase == Phase::unverified);
  if (after.phase == Phase::unverified) RC_ASSERT(after.window_end <= story.world.clock.now().wall);
}

// --- webhooks

struct AlertStep {
  bool fires = false;
  int seconds = 1;
};

void showValue(const AlertStep& step, std::ostream& out) {
  out << (step.fires ? "fires " : "ends ") << step.seconds << "s";
}

rc::Gen<AlertStep> alert_steps() {
  return rc::gen::build<AlertStep>(rc::gen::set(&AlertStep::fires),
                                   rc::gen::set(&AlertStep::seconds, rc::gen::inRange(1, 10)));
}

// What became of the release when the webhooks of `steps` were delivered as `deliver` says.
template <class Deliver>
std::string outcome_of(const std::vector<AlertStep>& steps, Deliver deliver) {
  World world;
  world.groups[0].rules.push_back(alert_rule());
  world.alerts = std::make_shared<FakeAlerts>();
  world.restart();
  if (!world.announce(shop_release("r1"))) RC_FAIL("not announced");
  core::FiringAlert alert{"f1", {{"severity", "critical"}}, {}};
  for (const auto& step : steps) {
    if (step.fires) alert.starts_at = world.clock.now().wall;
    world.alerts->answer = step.fires ? std::vector{alert} : std::vector<core::FiringAlert>{};
    deliver(world, notification_of(alert, step.fires ? alerts::AlertStatus::firing : alerts::AlertStatus::resolved));
    world.run(step.seconds * 1s);
  }
  world.run(100s);
  const auto view = world.view("r1");
  std::string out(to_string(view.phase));
  for (const auto& decision : view.decisions) out += fmt::format(" {}", to_string(decision.kind));
  return out + fmt::format(" {} calls", world.hook->calls.size());
}

RC_GTEST_PROP(EngineProperty, LostRepeatedAndReorderedWebhooksChangeNoVerdict, ()) {
  const auto steps = *rc::gen::container<std::vector<AlertStep>>(alert_steps());
  const auto fates = *rc::gen::container<std::vector<int>>(steps.size(), rc::gen::inRange(0, 4));
  const auto whole = outcome_of(steps, [](World& world, const alerts::Notification& told) { world.receive(told); });
  std::size_t number = 0;
  std::optional<alerts::Notification> late;
  const auto broken = outcome_of(steps, [&](World& world, const alerts::Notification& told) {
    const int fate = fates[number++];
    if (fate >= 2) world.receive(told);                 // 0 and 1: lost, or held back
    if (fate == 3) world.receive(told);                 // twice
    if (late) world.receive(*std::exchange(late, {}));  // after a newer one
    if (fate == 1) late = told;
  });
  RC_ASSERT(whole == broken);
}

}  // namespace
}  // namespace guard::test
