// SPDX-License-Identifier: Apache-2.0
#include "guard/report/after.hpp"

#include "guard/base/duration.hpp"
#include "guard/report/written.hpp"
#include "tests/support/views.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::report {
namespace {

using namespace std::chrono_literals;
using model::DecisionKind;
using model::Phase;
using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// A release of the shop that ended so, and about which nothing is to be asked.
Report ended(Phase phase) {
  Report report;
  report.view = test::full_view();
  report.view.phase = phase;
  report.view.final = true;
  report.view.ended_at = *parse_time("2026-01-31T12:30:00Z");
  report.view.rules.clear();
  report.view.decisions.clear();
  report.view.signals.clear();
  report.view.breach_decided = false;
  return report;
}

model::Decision decision(DecisionKind kind, model::CallState state = model::CallState::none) {
  model::Decision out;
  out.kind = kind;
  out.state = state;
  out.reason = "error_rate: 20% against < 1%";
  out.hook = "promote";
  out.at = *parse_time("2026-01-31T12:05:00Z");
  return out;
}

std::string questions(const Report& report) {
  std::string out;
  for (const auto& question : open_questions(report)) out += question + "\n";
  return out;
}

std::vector<Task> tasks(const std::vector<Report>& releases) {
  return tasks_after(releases);
}

auto task(const std::string& what, bool done) {
  return AllOf(Field(&Task::what, what), Field(&Task::done, done));
}

TEST(OpenQuestions, ThereAreNoneOfAReleaseThatPassedAndWasSeenToHold) {
  EXPECT_THAT(open_questions(ended(Phase::passed)), IsEmpty());
}

TEST(OpenQuestions, NameWhatNobodyKnows) {
  EXPECT_THAT(questions(ended(Phase::unverified)), HasSubstr("Is it good? It ended unverified"));
  EXPECT_THAT(questions(ended(Phase::superseded)), HasSubstr("Another release took its place"));
  EXPECT_THAT(questions(ended(Phase::aborted)), HasSubstr("Its watch was aborted before it was over"));
  EXPECT_THAT(questions(ended(Phase::rolled_back)), HasSubstr("What was the cause?"));
  auto blind = ended(Phase::unverified);
  blind.view.rules = test::full_view().rules;
  blind.view.rules[1].why = "there was no data";
  EXPECT_THAT(questions(blind), HasSubstr("How e2e stood is not known: there was no data"));
  auto odd = ended(Phase::unverified);
  odd.view.contested = "v3 was live, not v1";
  odd.view.disturbance = "v1 was live, not v0";
  odd.view.unproven = "no release of v2 to staging is known";
  odd.view.signals = {{"smoke", {false, "2 of 9 failed", {}}}};
  EXPECT_THAT(questions(odd),
              AllOf(HasSubstr("the one to go back to? v3 was live, not v1"), HasSubstr("v1 was live, not v0"),
                    HasSubstr("It went out unproven: no release"), HasSubstr("Signal smoke failed: 2 of 9 failed")));
  odd.view.signals.at("smoke").detail.clear();
  EXPECT_THAT(questions(odd), HasSubstr("Signal smoke failed\n")) << "nothing more was said";
}

TEST(OpenQuestions, NameBrakesThatHeldModesThatOnlyWatchedAndHooksThatFailed) {
  auto report = ended(Phase::breached);
  auto hold = decision(DecisionKind::hold);
  hold.brake = model::Brake::kill_switch;
  report.view.decisions = {hold, decision(DecisionKind::would_rollback),
                           decision(DecisionKind::rollback, model::CallState::failed),
                           decision(DecisionKind::rollback, model::CallState::unknown)};
  EXPECT_THAT(questions(report),
              AllOf(HasSubstr("A brake (kill switch) held the rollback back at 2026-01-31 12:05:00 UTC"),
                    HasSubstr("In mode enforce it would have been rolled back"), HasSubstr("Why did hook promote fail"),
                    HasSubstr("Nobody can tell whether hook promote did the rollback")));
}

TEST(OpenQuestions, SayWhomToCallWhereAPersonIsNeeded) {
  auto report = ended(Phase::rollback_failed);
  report.view.needs_person = "finish it by hand";
  report.view.contacts.primary = "Ada, @ada";
  EXPECT_THAT(questions(report),
              HasSubstr("A person is needed: finish it by hand; whom to call: primary on-call: Ada, @ada"));
}

TEST(OpenQuestions, NameTheTimeInWhichNobodyLookedUnlessItWasMadeUpFor) {
  auto report = ended(Phase::passed);
  const auto at = *parse_time("2026-01-31T12:10:00Z");
  report.timeline = {{"r", at, model::Gap{true}, "made up"}};
  EXPECT_THAT(open_questions(report), IsEmpty());
  report.timeline.push_back({"r", at, model::Gap{}, "nobody looked for 5m"});
  EXPECT_THAT(questions(report), HasSubstr("nobody looked for 5m up to 2026-01-31 12:10:00 UTC"));
}

TEST(OpenQuestions, AnAbortAfterABreachAsksWhoWasRight) {
  auto report = ended(Phase::aborted);
  report.view.breach_decided = true;
  auto abort = decision(DecisionKind::abort);
  abort.actor = "kim";
  report.view.decisions = {decision(DecisionKind::ask), abort};
  EXPECT_THAT(questions(report), HasSubstr("kim aborted the watch after a breach"));
}

TEST(TasksAfter, TheGuardAnswersFiguresAndLeavesTheRestToPeople) {
  const auto all = tasks({ended(Phase::passed)});
  EXPECT_THAT(all, Contains(task("Review deployment metrics and performance", true)));
  for (const auto* what :
       {"Announce the outcome and share the figures", "Analyze user feedback and error reports",
        "Update release notes and documentation", "Schedule a retrospective", "Plan the next release"})
    EXPECT_THAT(all, Contains(task(what, false)));
  EXPECT_THAT(all, Not(Contains(Field(&Task::what, "Investigate the root cause"))));
}

TEST(TasksAfter, WhatIsWatchedYetIsNotReviewed) {
  auto open = ended(Phase::watching);
  EXPECT_THAT(tasks({ended(Phase::passed), open}),
              Contains(AllOf(task("Review deployment metrics and performance", false),
                             Field(&Task::words, "watched yet: shop v2 in production"))));
}

TEST(TasksAfter, AFailureAsksForItsCauseAndARollbackForItsProof) {
  auto report = ended(Phase::rolled_back);
  report.view.decisions = {decision(DecisionKind::rollback, model::CallState::confirmed)};
  EXPECT_THAT(tasks({report}), Contains(task("Verify the rollback", false))) << "nothing was seen to hold";
  report.view.held_again_at = report.view.ended_at;
  EXPECT_THAT(tasks({report}), Contains(task("Verify the rollback", true)));
  EXPECT_THAT(tasks({report}), Contains(task("Document timeline and resolution", true)));
  EXPECT_THAT(tasks({report}),
              Contains(AllOf(task("Investigate the root cause", false), Field(&Task::words, "shop v2 in production"))));
}

TEST(After, SaysHowLongItTookToNoticeAndToRestore) {
  auto report = ended(Phase::rolled_back);
  EXPECT_EQ(detection_text(report), "");
  const auto live = *parse_time("2026-01-31T12:00:00Z");
  report.failure = story::FailureView{"r", "shop", "production", "v2", live, live + 90s, live + 10min, "r3"};
  EXPECT_EQ(detection_text(report), "1m30s after it went live, at 2026-01-31 12:01:30 UTC");
  EXPECT_EQ(restoration_text(report), "8m30s after it was noticed, at 2026-01-31 12:10:00 UTC, by release r3");
  report.failure->restored_at.reset();
  EXPECT_EQ(restoration_text(report), "not verified: nothing was looked at after its rollback");
  EXPECT_THAT(written(report, Format::md).body, HasSubstr("; restored: not verified: nothing was looked at"));
  report.view.phase = Phase::breached;
  EXPECT_THAT(restoration_text(report), HasSubstr("not yet"));
}

TEST(After, TheReportOfAReleaseThatFailedSaysHowLongThatLasted) {
  auto report = ended(Phase::rolled_back);
  const auto live = *parse_time("2026-01-31T12:00:00Z");
  report.failure = story::FailureView{"r", "shop", "production", "v2", live, live + 90s, live + 10min, {}};
  for (const auto format : {Format::md, Format::html})
    EXPECT_THAT(written(report, format).body,
                AllOf(HasSubstr("Noticed 1m30s after it went live"), HasSubstr("restored 8m30s after it was noticed")));
}

TEST(After, TheReportOfAReleaseSaysUntilWhen) {
  for (const auto format : {Format::md, Format::html})
    EXPECT_THAT(written(ended(Phase::passed), format).body,
                AllOf(HasSubstr("Within 24 hours"), HasSubstr("To be done by 2026-02-01 12:00:00 UTC"),
                      HasSubstr("Open questions"), HasSubstr("None that the guard knows of.")));
}

}  // namespace
}  // namespace guard::report
