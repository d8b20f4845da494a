// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/release_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::cli {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr WallTime now{1769860800s};  // 2026-01-31 12:00 UTC

constexpr auto watching = R"json({
  "id": "4f1c", "service": "meme-maker", "environment": "production", "version": "v1.4.2",
  "previous_version": "v1.4.1", "kind": "feature", "phase": "watching", "phase_since": "2026-01-31T11:17:00.000Z",
  "reason": "the settle time is over", "final": false, "live_at": "2026-01-31T11:12:00.000Z",
  "settle_end": "2026-01-31T11:17:00.000Z", "window_end": "2026-01-31T13:12:00.000Z", "paused": false,
  "group": "meme-maker-production", "mode": "enforce", "hook": "promote_to_prod", "needs_person": "",
  "next": [{"what": "latency_p95 becomes a breach if its objective stays broken", "at": "2026-01-31T12:00:30.000Z"},
           {"what": "the window ends", "at": "2026-01-31T13:12:00.000Z"}],
  "rules": [
    {"slo": "error_rate", "action": "rollback", "objective": "< 1%", "value_text": "0.21%", "verdict": "ok",
     "reason": "objective_met", "reading_reason": "objective_met", "since": "2026-01-31T11:17:00.000Z",
     "read_at": "2026-01-31T11:59:45.000Z", "query": "sum(a)/sum(b)",
               "condition" : "sum(b) > 1", "explanation" : "0.21% against < 1%; ok"
},
    {"slo": "latency_p95", "action": "rollback", "objective": "< 2s", "value_text": "3.2s", "verdict": "pending",
     "reason": "breach_pending", "reading_reason": "objective_broken", "since": "2026-01-31T11:59:30.000Z",
     "read_at": "2026-01-31T11:59:45.000Z", "query": "histogram_quantile(\n0.95, x)", "condition": null,
     "explanation": "3.2s against < 2s; pending: in breach for 30s, 1m make it one",
     "annotations": {"runbook_url": "https://wiki/latency"}},
    {"slo": "cpu", "action": "warn", "objective": "< 70%", "value_text": null, "verdict": "unknown",
     "reason": "held", "reading_reason": "empty_result", "since": "2026-01-31T11:50:00.000Z", "explanation": ""}],
  "decisions": [],
  "timeline": [{"at": "2026-01-31T11:12:00.000Z", "kind": "phase", "message": "announced by pipeline"}]
})json";

constexpr auto watching_text = R"(meme-maker v1.4.2 in production: watching, 1h12m left
  why      the settle time is over
  since    2026-01-31 11:17:00 UTC (43m ago)
  live     2026-01-31 11:12:00 UTC (48m ago)
  before   v1.4.1
  rules    meme-maker-production, mode enforce, hook promote_to_prod
  release  4f1c (feature)

  SLO          VALUE  OBJECTIVE  VERDICT               FOR  WHY
  error_rate   0.21%  < 1%       ok                    43m  objective met
  latency_p95  3.2s   < 2s       pending               30s  breach pending
  cpu          -      < 70%      unknown (warns only)  10m  held: empty result

  latency_p95: read at 2026-01-31 11:59:45 UTC: 3.2s against < 2s; pending: in breach for 30s, 1m make it one
    asks     histogram_quantile( 0.95, x)
    runbook  https://wiki/latency

Next
  2026-01-31 12:00:30 UTC (in 30s)    latency_p95 becomes a breach if its objective stays broken
  2026-01-31 13:12:00 UTC (in 1h12m)  the window ends
)";

constexpr auto failed = R"({
  "id": "4f1d", "service": "meme-maker", "environment": "production", "version": "v1.4.2", "previous_version": "",
  "kind": "hotfix", "phase": "rollback_failed", "phase_since": "2026-01-31T11:59:00Z", "reason": "exit 3",
  "final": true, "live_at": null, "group": "g", "mode": "ask", "hook": "", "needs_person": "finish it by hand",
  "rules": [],
  "decisions": [
    {"number": 1, "kind": "hold", "trigger": "objective", "brake": "kill_switch", "reason": "the kill switch is set",
     "at": "2026-01-31T11:55:00Z", "state": "none", "attempts": []},
    {"number": 2, "kind": "rollback", "trigger": "manual", "brake": "none", "reason": "ordered by kim", "hook": "h",
     "at": "2026-01-31T11:58:00Z", "state": "failed", "attempts": [
       {"number": 1, "result": "retry", "detail": "exit 75", "output": ""},
       {"number": 2, "result": "failed", "detail": "exit 3", "output": "switching\n\u001b[31mno such colour\n"}]}]})";

constexpr auto failed_text = R"(meme-maker v1.4.2 in production: rollback failed
  why      exit 3
  since    2026-01-31 11:59:00 UTC (1m ago)
  live     not yet
  before   nothing to go back to
  rules    g, mode ask
  release  4f1d (hotfix)

A PERSON IS NEEDED: finish it by hand

Decisions
  2026-01-31 11:55:00 UTC  #1 hold (brake: kill switch)
    because the kill switch is set
  2026-01-31 11:58:00 UTC  #2 rollback: failed
    because ordered by kim
    hook h, attempt 1: retry, exit 75
    hook h, attempt 2: failed, exit 3
      | switching
      |  [31mno such colour
)";

client::ReleaseAnswer read(std::string_view body) {
  auto release = client::read_release(body);
  EXPECT_TRUE(release) << release.error().message;
  return release.value_or(client::ReleaseAnswer{});
}

TEST(StatusText, SaysWhereAReleaseStandsAndWhatHappensNext) {
  EXPECT_EQ(status_text(read(watching), {now}), watching_text);
}

TEST(StatusText, SaysWhereARollbackLeadsAndThatAPersonIsAskedFirst) {
  auto release = read(watching);
  release.contested = "v3 was live in its place before, not v1.4.1, which it names to go back to";
  release.goes_back_to = "v1.4.1";
  EXPECT_THAT(status_text(release, {now}),
              HasSubstr("\n  contested  a person is asked before it is rolled back: v3 was live in its place"));
  EXPECT_THAT(status_text(release, {now}), Not(HasSubstr("goes back"))) << "the line before says it";
  release.goes_back_to = "v3";
  EXPECT_THAT(status_text(release, {now}),
              HasSubstr("\n  goes back  to v3, where a rollback is ordered that names no version\n"));
}

TEST(StatusText, RolledBackHasNotTheColourOfPassed) {
  auto release = read(failed);
  const auto colour_of = [&](const std::string& phase, const std::string& words) {
    release.phase = phase;
    const auto text = headline_text(release, {now, true});
    const auto word = text.rfind(words);
    const auto begin = text.rfind("\x1b[", word);
    return text.substr(begin, word - begin);
  };
  EXPECT_THAT(colour_of("passed", "passed"), testing::StartsWith("\x1b["));
  EXPECT_NE(colour_of("passed", "passed"), colour_of("rolled_back", "rolled back"));
}

TEST(StatusText, ShowsDecisionsWithWhatTheHookSaid) {
  EXPECT_EQ(status_text(read(failed), {now}), failed_text);
}

TEST(StatusText, ShowsWhatThePipelineToldBesideTheVersion) {
  auto release = read(watching);
  release.spec.labels = {{"run", "https://ci.example/run/7"}, {"team", "web"}};
  EXPECT_THAT(status_text(release, {now}), HasSubstr("\n  labels   run: https://ci.example/run/7 · team: web\n"));
}

TEST(StatusText, SaysWhomToCallWhereAPersonIsNeeded) {
  auto release = read(failed);
  release.contacts = {"Ada - +49 30 1234 - @ada", "", "Grace"};
  EXPECT_THAT(status_text(release, {now}),
              HasSubstr("A PERSON IS NEEDED: finish it by hand\n"
                        "  primary on-call  Ada - +49 30 1234 - @ada\n  lead             Grace\n\nDecisions"));
  release.needs_person.reset();
  EXPECT_THAT(status_text(release, {now}), Not(HasSubstr("Ada")));
}

TEST(StatusText, ExplainsEveryRuleAndTellsTheTimelineIfAsked) {
  const auto text = status_text(read(watching), {now, false, true});
  EXPECT_THAT(text, HasSubstr("  error_rate: read at 2026-01-31 11:59:45 UTC: 0.21% against < 1%; ok\n"
                              "    asks     sum(a)/sum(b)\n    only if  sum(b) > 1\n"));
  EXPECT_THAT(text, HasSubstr("\nTimeline\n  2026-01-31 11:12:00 UTC  phase  announced by pipeline\n"));
}

TEST(StatusText, ColoursOnlyIfAsked) {
  EXPECT_THAT(status_text(read(watching), {now}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(status_text(read(failed), {now, true}), HasSubstr("\x1b[1;31mrollback failed\x1b[0m"));
}

TEST(StatusText, APausedReleaseHasNoTimeLeft) {
  auto release = read(watching);
  release.paused = true;
  EXPECT_EQ(headline_text(release, {now}), "meme-maker v1.4.2 in production: watching, paused\n");
}

TEST(StatusText, AReleaseThatIsVerifiedHasTheTimeLeftForThat) {
  auto release = read(watching);
  release.phase = "verifying";
  release.verify_end = now + 21min;
  EXPECT_EQ(headline_text(release, {now}), "meme-maker v1.4.2 in production: verifying, 21m left\n");
}

TEST(ProgressText, IsOneLineOfPhaseTimeAndRules) {
  EXPECT_EQ(progress_text(read(watching), now),
            "watching, 1h12m left: error_rate 0.21% ok, latency_p95 3.2s pending, cpu unknown");
}

}  // namespace
}  // namespace guard::cli
