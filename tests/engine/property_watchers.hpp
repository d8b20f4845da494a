// SPDX-License-Identifier: Apache-2.0
//
// What looks on while a property test plays a story: the deployment, which knows what was really done to it, and the
// auditor of every commit. Both keep what they find wrong.
#pragma once

#include "guard/core/phase_machine.hpp"
#include "tests/engine/harness.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace guard::test {

using namespace std::chrono_literals;

// The deployment itself: it knows what was really done to it, and checks what the guard had written down before.
class Deployment final : public FakeHook {
 public:
  explicit Deployment(const Disk& disk) : disk_(disk) {}

  hooks::HookResult call(const hooks::HookCall& call) override {
    check_intent(call);
    auto result = FakeHook::call(call);
    // What nobody can tell may have been done, and here it has been.
    if (result.result == model::AttemptResult::done || result.result == model::AttemptResult::unknown)
      ++effects[call.key];
    known_[attempt_of(call)] = result;
    return result;
  }
  std::optional<hooks::HookResult> recover(const hooks::HookCall& call) override {
    const auto it = known_.find(attempt_of(call));
    if (it == known_.end()) return std::nullopt;
    if (tells_the_past) return it->second;
    return hooks::HookResult{model::AttemptResult::unknown, "nobody knows", "", {}, {}};
  }

  std::map<std::string, int> effects;  // by key
  bool tells_the_past = true;
  std::vector<std::string> wrong;

 private:
  static std::string attempt_of(const hooks::HookCall& call) { return fmt::format("{} #{}", call.key, call.attempt); }

  void check_intent(const hooks::HookCall& call) {
    const auto& watch = disk_.watches.at(call.release);
    const auto* open = watch.open_rollback();
    const bool meant = open != nullptr && open->state == model::CallState::calling && open->key == call.key &&
                       open->attempts.back().number == call.attempt && watch.phase == model::Phase::rolling_back;
    if (!meant) wrong.push_back(attempt_of(call) + " was called without a durable intent");
    for (const auto& [id, other] : disk_.watches)
      if (id != call.release && other.open_rollback() != nullptr &&
          other.open_rollback()->state == model::CallState::calling)
        wrong.push_back(attempt_of(call) + " was called while a call for " + id + " was in flight");
  }

  const Disk& disk_;
  std::map<std::string, hooks::HookResult> known_;
};

// Checks every commit against the one before it.
class Auditor {
 public:
  explicit Auditor(std::filesystem::path stop_file) : stop_file_(std::move(stop_file)) {}

  void look(const store::Batch& batch) {
    for (const auto& event : batch.events)
      if (const auto* move = std::get_if<model::PhaseChanged>(&event.what)) look_at_move(event.release, *move);
    for (const model::Watch& watch : batch.watches) {
      look_at_decisions(watch);
      if (watch.phase == model::Phase::passed) look_at_pass(watch);
      if (phases_[watch.spec.id] != watch.phase) wrong.push_back(watch.spec.id + " changed its phase without a word");
      before_[watch.spec.id] = watch;
    }
  }
  std::vector<std::string> wrong;

 private:
  void look_at_move(const std::string& release, const model::PhaseChanged& move) {
    auto& phase = phases_[release];
    const bool legal = !move.from || std::ranges::any_of(core::transitions(), [&](const auto& known) {
      return known.from == phase && known.to == move.to;
    });
    if (!legal || (move.from && *move.from != phase))
      wrong.push_back(fmt::format("an illegal move to {}", to_string(move.to)));
    phase = move.to;
  }

  void look_at_decisions(const model::Watch& watch) {
    const auto known = before_.contains(watch.spec.id) ? before_.at(watch.spec.id).decisions.size() : 0;
    for (auto i = known; i < watch.decisions.size(); ++i)
      if (watch.decisions[i].kind == model::DecisionKind::rollback && watch.decisions[i].actor.empty())
        look_at_automatic(watch, watch.decisions[i]);
  }

  void look_at_automatic(const model::Watch& watch, const model::Decision& decision) {
    const auto complain = [&](const std::string& why) {
      wrong.push_back(decision.key + ": automatic although " + why);
    };
    if (watch.is_rollback) complain("it is a rollback");
    if (before_.at(watch.spec.id).paused) complain("it was paused");
    if (watch.group->rollback.mode != model::Mode::enforce) complain("the mode is not enforce");
    if (watch.spec.previous_version.empty()) complain("there is nothing to go back to");
    if (std::filesystem::exists(stop_file_)) complain("the kill switch is on");
    for (const auto& [id, other] : before_)
      for (const auto& earlier : other.decisions)
        if (!earlier.attempts.empty() && earlier.finished_at &&
            decision.at < *earlier.finished_at + watch.group->rollback.cooldown)
          complain("the last rollback is too near");
  }

  void look_at_pass(const model::Watch& watch) {
    if (watch.breach_decided) wrong.push_back(watch.spec.id + " passed although a breach was decided");
    const auto judged = watch.group->window - watch.group->settle;
    for (const auto& state : watch.rules)
      if (state.latched || state.verdict != model::Verdict::ok || 2 * state.observed < judged)
        wrong.push_back(watch.spec.id + " passed without evidence");
  }

  std::filesystem::path stop_file_;
  std::map<std::string, model::Watch> before_;
  std::map<std::string, model::Phase> phases_;
};

inline model::Rule alert_rule() {
  model::Rule rule;
  rule.slo = "no_alerts";
  rule.kind = model::RuleKind::alerts;
  rule.max_age = 24h;
  rule.alerts = {*promql::TextTemplate::parse("severity=\"critical\"", promql::TemplateKind::matcher)};
  return rule;
}

}  // namespace guard::test
