// SPDX-License-Identifier: Apache-2.0
#include "guard/report/after.hpp"

#include "guard/base/time_text.hpp"
#include "guard/core/reason_words.hpp"
#include "guard/model/contacts.hpp"
#include "guard/report/words.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::report {
namespace {

using model::DecisionKind;
using model::Phase;
using story::ReleaseView;

// "shop v2 in production"
std::string name_of(const ReleaseView& view) {
  return fmt::format("{} {} in {}", view.spec.service, view.spec.version, view.spec.environment);
}

bool has_failed(const ReleaseView& view) {
  const bool undone = std::ranges::any_of(view.decisions, [](const model::Decision& decision) {
    return decision.kind == DecisionKind::rollback && decision.state == model::CallState::confirmed;
  });
  return undone || view.phase == Phase::breached || view.phase == Phase::rolled_back ||
         view.phase == Phase::rollback_failed;
}

bool was_rolled_back(const ReleaseView& view) {
  return std::ranges::any_of(view.decisions,
                             [](const auto& decision) { return decision.kind == DecisionKind::rollback; });
}

// Names of those for which `wanted` holds, or empty.
template <class Wanted>
std::string names(std::span<const Report> releases, Wanted wanted) {
  std::vector<std::string> out;
  for (const auto& report : releases)
    if (wanted(report)) out.push_back(name_of(report.view));
  return fmt::format("{}", fmt::join(out, ", "));
}

// Whether its watch went to its end: what was not judged then stays so.
bool was_watched_out(const ReleaseView& view) {
  return view.phase == Phase::passed || view.phase == Phase::breached || view.phase == Phase::unverified;
}

void ask_of_rules(const ReleaseView& view, std::vector<std::string>& out) {
  for (const auto& rule : view.rules) {
    const bool old_news = rule.reason == model::Reason::preexisting;
    const bool unclear =
        rule.verdict == model::Verdict::unknown && !old_news && rule.reason != model::Reason::signal_of_release;
    if (was_watched_out(view) && unclear)
      out.push_back(fmt::format("How {} stood is not known: {}", rule.slo, rule.why));
    if (rule.falls_short) out.push_back(fmt::format("Too little came to judge: {}", *rule.falls_short));
    if (view.live_at && old_news)
      out.push_back(fmt::format("{} was broken before the release: what broke it is not the release's", rule.slo));
  }
}

std::string question_of(const model::Decision& decision) {
  const auto at = time_text(decision.at);
  switch (decision.kind) {
    case DecisionKind::hold:
      return fmt::format("A brake ({}) held the rollback back at {}: was that right? {}", in_words(decision.brake), at,
                         decision.reason);
    case DecisionKind::would_rollback:
      return fmt::format("In mode enforce it would have been rolled back at {}: would that have been right? {}", at,
                         decision.reason);
    case DecisionKind::rollback:
      if (decision.state == model::CallState::unknown)
        return fmt::format("Nobody can tell whether hook {} did the rollback of {}", decision.hook, at);
      if (decision.state == model::CallState::failed)
        return fmt::format("Why did hook {} fail at the rollback of {}?", decision.hook, at);
      return "";
    case DecisionKind::call:
      if (decision.state == model::CallState::confirmed)
        return fmt::format("Why was hook {} needed for {} at {}? {}", decision.hook, decision.slo, at, decision.reason);
      return fmt::format("Hook {}, called for {} at {}, did not surely do its work: is it done?", decision.hook,
                         decision.slo, at);
    case DecisionKind::ask:
    case DecisionKind::pass:
    case DecisionKind::breached:
    case DecisionKind::unverified:
    case DecisionKind::supersede:
    case DecisionKind::abort:
      return "";
  }
  return "";
}

void ask_of_decisions(const ReleaseView& view, std::vector<std::string>& out) {
  const bool undone = was_rolled_back(view);
  for (const auto& decision : view.decisions) {
    if (auto question = question_of(decision); !question.empty()) out.push_back(std::move(question));
    const bool overruled = decision.kind == DecisionKind::abort && !decision.actor.empty() && view.breach_decided;
    if (overruled && !undone)
      out.push_back(fmt::format("{} aborted the watch after a breach: was the guard wrong, or is the release? {}",
                                decision.actor, decision.reason));
  }
}

void ask_of_end(const ReleaseView& view, std::vector<std::string>& out) {
  if (view.phase == Phase::unverified) out.push_back("Is it good? It ended unverified: " + view.reason);
  if (view.phase == Phase::superseded && view.live_at)
    out.push_back("Was it good? Another release took its place before its watch was over");
  if (view.phase == Phase::aborted && view.live_at && !has_failed(view))
    out.push_back("Is it good? Its watch was aborted before it was over");
  if (has_failed(view)) out.push_back("What was the cause? The guard knows what broke, and not why");
  if (view.contested) out.push_back("Which version is the one to go back to? " + *view.contested);
  if (view.disturbance) out.push_back("Which version was measured? " + *view.disturbance);
  if (view.unproven) out.push_back("It went out unproven: " + *view.unproven);
  for (const auto& [name, signal] : view.signals)
    if (!signal.succeeded)
      out.push_back(fmt::format("Signal {} failed{}{}", name, signal.detail.empty() ? "" : ": ", signal.detail));
}

// Times in which nobody looked, and that were not made up for afterwards.
void ask_of_gaps(const Report& report, std::vector<std::string>& out) {
  for (const auto& event : report.timeline) {
    const auto* gap = std::get_if<model::Gap>(&event.what);
    if (gap != nullptr && !gap->made_up) out.push_back(fmt::format("{} up to {}", event.message, time_text(event.at)));
  }
}

std::string outcomes(std::span<const Report> releases) {
  std::vector<std::pair<std::string, int>> counts;
  for (const auto& report : releases) {
    const auto words = in_words(report.view.phase);
    const auto known = std::ranges::find(counts, words, &std::pair<std::string, int>::first);
    if (known == counts.end())
      counts.emplace_back(words, 1);
    else
      ++known->second;
  }
  std::vector<std::string> out;
  for (const auto& [words, count] : counts) out.push_back(fmt::format("{} {}", count, words));
  return fmt::format("{}", fmt::join(out, ", "));
}

// After the watch of a release that was rolled back, nobody will see it any more.
std::string not_seen_restored(const ReleaseView& view) {
  return view.phase == Phase::rolled_back ? "not verified: nothing was looked at after its rollback"
                                          : "not yet: nothing has been seen to hold again";
}

Task rollback_task(std::span<const Report> releases) {
  const auto not_well = names(releases, [](const Report& report) {
    return was_rolled_back(report.view) &&
           (!report.view.held_again_at || report.view.broken_again_at || report.view.phase == Phase::rollback_failed);
  });
  if (!not_well.empty()) return {"Verify the rollback", "not seen to hold again: " + not_well, false};
  return {"Verify the rollback",
          "every objective held again after it: " +
              names(releases, [](const Report& report) { return was_rolled_back(report.view); }),
          true};
}

void add_of_failures(std::span<const Report> releases, std::vector<Task>& tasks) {
  const auto failed = names(releases, [](const Report& report) { return has_failed(report.view); });
  if (names(releases, [](const Report& report) { return was_rolled_back(report.view); }) != "")
    tasks.push_back(rollback_task(releases));
  if (failed.empty()) return;
  tasks.push_back({"Document timeline and resolution", "they stand in the report of each release", true});
  tasks.push_back({"Investigate the root cause", failed, false});
}

}  // namespace

std::string detection_text(const Report& report) {
  if (!report.failure) return "";
  const auto& failure = *report.failure;
  return fmt::format("{} after it went live, at {}",
                     short_duration(std::max(Duration{0}, failure.detected_at - failure.live_at)),
                     time_text(failure.detected_at));
}

std::string restoration_text(const Report& report) {
  if (!report.failure) return "";
  const auto& failure = *report.failure;
  if (!failure.restored_at) return not_seen_restored(report.view);
  const auto by = failure.restored_by ? "by release " + *failure.restored_by : "by its rollback";
  return fmt::format("{} after it was noticed, at {}, {}",
                     short_duration(std::max(Duration{0}, *failure.restored_at - failure.detected_at)),
                     time_text(*failure.restored_at), by);
}

std::vector<std::string> open_questions(const Report& report) {
  std::vector<std::string> out;
  const auto& view = report.view;
  if (view.needs_person) {
    const auto call = model::contacts_text(view.contacts);
    out.push_back(
        fmt::format("A person is needed: {}{}{}", *view.needs_person, call.empty() ? "" : "; whom to call: ", call));
  }
  ask_of_end(view, out);
  if (report.failure && !report.failure->restored_at)
    out.emplace_back("When is the service well again? It has not been seen to hold since");
  ask_of_rules(view, out);
  ask_of_decisions(view, out);
  ask_of_gaps(report, out);
  return out;
}

std::vector<Task> tasks_after(std::span<const Report> releases) {
  const auto open = names(releases, [](const Report& report) { return !model::is_final(report.view.phase); });
  const auto failed = names(releases, [](const Report& report) { return has_failed(report.view); });
  std::vector<Task> tasks{
      {"Review deployment metrics and performance",
       open.empty() ? outcomes(releases) + "; the figures stand in this report" : "watched yet: " + open,
       open.empty()}};
  add_of_failures(releases, tasks);
  tasks.push_back(
      {"Announce the outcome and share the figures", "as Markdown this report is ready to be pasted", false});
  tasks.push_back({"Analyze user feedback and error reports", "the guard sees neither", false});
  tasks.push_back(
      {"Update release notes and documentation", failed.empty() ? "" : "with what was learned from " + failed, false});
  tasks.push_back({"Schedule a retrospective", failed.empty() ? "nothing failed" : "about " + failed, false});
  tasks.push_back({"Plan the next release", "", false});
  return tasks;
}

std::vector<Chapter> after_chapters(const Report& report) {
  Chapter tasks;
  tasks.title = "Within 24 hours";
  tasks.words = "To be done by " + time_text(report.view.live_at.value_or(report.view.announced_at) + after_within) +
                "; what is ticked, this report answers.";
  tasks.tasks = tasks_after(std::span(&report, 1));
  Chapter questions;
  questions.title = "Open questions";
  questions.lines = open_questions(report);
  if (report.failure)
    questions.words = fmt::format("Noticed {}; restored{} {}.", detection_text(report),
                                  report.failure->restored_at ? "" : ":", restoration_text(report));
  else if (questions.lines.empty())
    questions.words = "None that the guard knows of.";
  return {questions, tasks};
}

}  // namespace guard::report
