// SPDX-License-Identifier: Apache-2.0
#include "guard/preflight/hook.hpp"

#include "tests/preflight/looking.hpp"

namespace guard::preflight {
namespace {

class TriedHook final : public hooks::Hook {
 public:
  std::string_view name() const override { return "rollback"; }
  std::string_view kind() const override { return "command"; }
  bool outlives_guard() const override { return true; }
  const model::RetryPolicy& retry() const override { return retry_; }
  Result<void> rehearse(const hooks::HookCall&) const override { return usable; }
  Result<std::string> try_out(const hooks::HookCall& call, Duration) override {
    tried.push_back(call);
    return trial;
  }
  hooks::HookResult call(const hooks::HookCall&) override {
    ++calls;
    return {};
  }
  std::optional<hooks::HookResult> recover(const hooks::HookCall&) override { return std::nullopt; }

  Result<void> usable;
  Result<std::string> trial = std::string("its rehearsal succeeded");
  std::vector<hooks::HookCall> tried;
  int calls = 0;

 private:
  model::RetryPolicy retry_;
};

class PreflightHook : public Looking {
 protected:
  PreflightHook() {
    watched_by(replay::error_rate);
    means_.hooks["rollback"] = hook_;
  }
  std::shared_ptr<TriedHook> hook_ = std::make_shared<TriedHook>();
};

TEST_F(PreflightHook, IsTriedOutForTheVersionThatIsLiveAndNeverCalled) {
  const auto checks = look_at_hooks(situation_, means_);
  EXPECT_EQ(named(checks, "rollback_target").seen, "would go back to v1");
  EXPECT_EQ(named(checks, "hook rollback").state, CheckState::passed);
  ASSERT_EQ(hook_->tried.size(), 1U);
  EXPECT_EQ(hook_->tried[0].subject.previous_version, "v1");
  EXPECT_EQ(hook_->tried[0].trigger, "rehearsal");
  EXPECT_EQ(hook_->calls, 0);
}

TEST_F(PreflightHook, WhatAnEarlierRehearsalLeftIsNotTakenForThisOne) {
  look_at_hooks(situation_, means_);
  situation_.now = situation_.now + Duration(1ms);
  look_at_hooks(situation_, means_);
  ASSERT_EQ(hook_->tried.size(), 2U);
  EXPECT_NE(hook_->tried[0].key, hook_->tried[1].key);
}

TEST_F(PreflightHook, ARehearsalThatFailsHasFailedInItsWords) {
  hook_->trial = fail(ErrorCode::unavailable, "exit 3: no space left");
  const auto check = named(look_at_hooks(situation_, means_), "hook rollback");
  EXPECT_EQ(check.state, CheckState::failed);
  EXPECT_EQ(check.seen, "exit 3: no space left");
}

TEST_F(PreflightHook, WhereNothingIsKnownToBeLiveThatIsSaid) {
  situation_.spec.previous_version = "";
  hook_->usable = fail(ErrorCode::invalid, "previous_version is empty");
  const auto checks = look_at_hooks(situation_, means_);
  EXPECT_EQ(named(checks, "rollback_target").state, CheckState::unknown);
  EXPECT_EQ(named(checks, "hook rollback").state, CheckState::unknown);
  EXPECT_TRUE(hook_->tried.empty());
}

TEST_F(PreflightHook, AVersionThatTheHookCannotTakeHasFailed) {
  hook_->usable = fail(ErrorCode::invalid, "previous_version begins with -");
  EXPECT_EQ(named(look_at_hooks(situation_, means_), "hook rollback").state, CheckState::failed);
  EXPECT_TRUE(hook_->tried.empty());
}

TEST_F(PreflightHook, WhatRulesCallIsTriedOutOnceEach) {
  auto group = std::make_shared<model::RuleGroup>(*situation_.group);
  group->rules[0].remedy = {"restart_workers", 5min, model::Action::ask};
  group->rules.push_back(group->rules[0]);
  situation_.group = group;
  means_.hooks["restart_workers"] = std::make_shared<TriedHook>();
  const auto checks = look_at_hooks(situation_, means_);
  ASSERT_EQ(checks.size(), 3U);
  EXPECT_EQ(named(checks, "hook restart_workers").state, CheckState::passed);
  means_.hooks.erase("restart_workers");
  EXPECT_EQ(named(look_at_hooks(situation_, means_), "hook restart_workers").state, CheckState::failed);
}

TEST_F(PreflightHook, OneThatIsNotConfiguredHasFailed) {
  means_.hooks.clear();
  EXPECT_EQ(named(look_at_hooks(situation_, means_), "hook rollback").state, CheckState::failed);
}

}  // namespace
}  // namespace guard::preflight
