// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/release_text.hpp"

#include "guard/base/time_text.hpp"
#include "guard/cli/text_table.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::cli {
namespace {

// A time that the guard said.
bool known(WallTime at) {
  return at != WallTime{};
}

Style phase_style(const client::ReleaseAnswer& release) {
  if (release.phase == "passed") return Style::good;
  const auto& phase = release.phase;
  if (phase == "rollback_failed" || phase == "rolling_back" || phase == "breached") return Style::bad;
  if (release.final || release.phase == "awaiting_approval") return Style::warn;
  return Style::strong;
}

Style verdict_style(const std::string& verdict) {
  if (verdict == "ok") return Style::good;
  return verdict == "breached" ? Style::bad : Style::warn;
}

// Names such as breach_pending, as words.
std::string words(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

// What is left of the phase that runs, "" where nothing runs out.
std::string time_left(const client::ReleaseAnswer& release, WallTime now) {
  if (release.paused) return ", paused";
  std::optional<WallTime> end;
  if (release.phase == "settling") end = release.settle_end;
  if (release.phase == "watching" || release.phase == "awaiting_approval") end = release.window_end;
  if (release.phase == "verifying") end = release.verify_end;
  return end ? fmt::format(", {} left", short_duration(*end - now)) : "";
}

Layout indented(const TextOptions& options) {
  return {2, options.colour, options.columns};
}

// The last version that passed there, and the way back to it where it is not the one before.
std::string last_good(const client::ReleaseAnswer& release, const TextOptions& options) {
  const auto& good = *release.last_good;
  auto known = fmt::format("{}, passed {}", good.version, relative(good.passed_at, options.now));
  if (good.version == release.spec.previous_version) return known;
  return fmt::format("{}; `release-guard release rollback {} --to {}` goes back to it", known, release.spec.id,
                     good.version);
}

// What the pipeline told beside the version: the link of its run, for instance.
std::string labels(const client::ReleaseAnswer& release) {
  std::string out;
  for (const auto& [name, value] : release.spec.labels)
    out += fmt::format("{}{}: {}", out.empty() ? "" : " · ", name, value);
  return out;
}

std::string facts(const client::ReleaseAnswer& release, const TextOptions& options) {
  std::vector<std::vector<Cell>> rows;
  const auto row = [&](std::string name, std::string text) {
    rows.push_back({{std::move(name), Style::dim}, {std::move(text)}});
  };
  const auto moment = [&](WallTime at) { return fmt::format("{} ({})", time_text(at), relative(at, options.now)); };
  if (!release.reason.empty()) row("why", release.reason);
  if (known(release.phase_since)) row("since", moment(release.phase_since));
  row("live", release.live_at ? moment(*release.live_at) : "not yet");
  if (release.serves_since) row("serves", moment(*release.serves_since));
  if (release.not_serving) row("serves", *release.not_serving);
  if (release.unproven) row("unproven", *release.unproven);
  if (release.contested) row("contested", contested_text(release));
  row("before", release.spec.previous_version.empty() ? "nothing to go back to" : release.spec.previous_version);
  if (const auto& target = release.goes_back_to; target && *target != release.spec.previous_version)
    row("goes back", fmt::format("to {}, where a rollback is ordered that names no version", *target));
  if (release.last_good) row("last good", last_good(release, options));
  const auto hook = release.hook.empty() ? "" : fmt::format(", hook {}", release.hook);
  row("rules", fmt::format("{}, mode {}{}", release.group, release.mode, hook));
  row("release", fmt::format("{} ({})", release.spec.id, release.spec.kind));
  if (!release.spec.labels.empty()) row("labels", labels(release));
  return format_table(rows, indented(options));
}

std::string person_needed(const client::ReleaseAnswer& release, const TextOptions& options) {
  if (!release.needs_person) return "";
  constexpr std::string_view called = "A PERSON IS NEEDED:";
  return fmt::format("\n{} {}\n", paint(called, Style::bad, options.colour),
                     wrapped(*release.needs_person, called.size() + 1, 2, options.columns)) +
         contact_lines(release.contacts, options);
}

std::string why(const client::RuleAnswer& rule) {
  const bool no_judgement = rule.reason == "held" || rule.reason == "ignored";
  if (no_judgement && !rule.reading_reason.empty())
    return fmt::format("{}: {}", words(rule.reason), words(rule.reading_reason));
  return words(rule.reason);
}

// A breach from before the release is known for what it is; only whose it is stays open.
std::string verdict_word(const client::RuleAnswer& rule) {
  return rule.reason == "preexisting" ? "broken before" : rule.verdict;
}

std::string rules_table(const client::ReleaseAnswer& release, const TextOptions& options) {
  if (release.rules.empty()) return "";
  std::vector<std::vector<Cell>> rows{{{"SLO", Style::dim},
                                       {"VALUE", Style::dim},
                                       {"OBJECTIVE", Style::dim},
                                       {"VERDICT", Style::dim},
                                       {"FOR", Style::dim},
                                       {"WHY", Style::dim}}};
  for (const auto& rule : release.rules) {
    const auto verdict = verdict_word(rule) + (rule.action == "warn"  ? " (warns only)"
                                               : rule.action == "ask" ? " (asks)"
                                                                      : "");
    rows.push_back({{rule.slo},
                    {rule.value_text.value_or("-")},
                    {rule.objective},
                    {verdict, verdict_style(rule.verdict)},
                    {known(rule.since) ? short_duration(options.now - rule.since) : "-"},
                    {why(rule)}});
  }
  return "\n" + format_table(rows, indented(options));
}

// A sentence, and apart from it what can be copied: PromQL and addresses are never broken.
std::string explanation(const client::RuleAnswer& rule, const TextOptions& options) {
  constexpr std::size_t inner = 4;
  const auto at = rule.read_at ? fmt::format("read at {}: ", time_text(*rule.read_at)) : "";
  auto out = fmt::format("  {}: {}\n", paint(rule.slo, Style::strong, options.colour),
                         wrapped(at + rule.explanation, width(rule.slo) + inner, inner, options.columns));
  std::vector<std::vector<Cell>> rows;
  const auto row = [&](std::string name, const std::string& text) {
    if (!text.empty()) rows.push_back({{std::move(name), Style::dim}, {text}});
  };
  row("asks", rule.query);
  row("only if", rule.condition.value_or(""));
  if (rule.verdict != "ok") {
    for (const auto& [title, name] : {std::pair{"advice", "advice"}, std::pair{"runbook", "runbook_url"}})
      if (const auto it = rule.annotations.find(name); it != rule.annotations.end()) row(title, it->second);
  }
  return out + format_table(rows, {inner, options.colour, 0});
}

// Why each rule stands as it does; without `explain`, of those that do not hold.
std::string explanations(const client::ReleaseAnswer& release, const TextOptions& options) {
  std::string out;
  for (const auto& rule : release.rules) {
    if (rule.explanation.empty() || (rule.verdict == "ok" && !options.explain)) continue;
    out += explanation(rule, options);
  }
  return out.empty() ? "" : "\n" + out;
}

std::string quoted_output(const std::string& output) {
  std::string out;
  std::size_t at = 0;
  while (at < output.size()) {
    const auto end = std::min(output.find('\n', at), output.size());
    out += fmt::format("      | {}\n", output.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

Style state_style(const std::string& state) {
  if (state == "confirmed" || state == "done") return Style::good;
  return state == "failed" || state == "unknown" ? Style::bad : Style::warn;
}

std::string decision_text(const client::DecisionAnswer& decision, const TextOptions& options) {
  const bool calls = !decision.state.empty() && decision.state != "none";
  const auto state = calls ? ": " + paint(decision.state, state_style(decision.state), options.colour) : "";
  const bool braked = !decision.brake.empty() && decision.brake != "none";
  const auto brake = braked ? fmt::format(" (brake: {})", words(decision.brake)) : "";
  const auto when = known(decision.at) ? time_text(decision.at) + "  " : "";
  std::string out = fmt::format("  {}#{} {}{}{}\n", when, decision.number, words(decision.kind), brake, state);
  if (!decision.reason.empty())
    out += fmt::format("    because {}\n", wrapped(decision.reason, 12, 12, options.columns));
  for (const auto& attempt : decision.attempts) {
    const auto detail = attempt.detail.empty() ? "" : ", " + attempt.detail;
    out += fmt::format("    hook {}, attempt {}: {}{}\n", decision.hook, attempt.number,
                       paint(attempt.result, state_style(attempt.result), options.colour), detail);
    out += quoted_output(attempt.output);
  }
  return out;
}

std::string heading(std::string_view text, const TextOptions& options) {
  return fmt::format("\n{}\n", paint(text, Style::strong, options.colour));
}

std::string decisions_text(const client::ReleaseAnswer& release, const TextOptions& options) {
  if (release.decisions.empty()) return "";
  auto out = heading("Decisions", options);
  for (const auto& decision : release.decisions) out += decision_text(decision, options);
  return out;
}

std::string next_text(const client::ReleaseAnswer& release, const TextOptions& options) {
  if (release.next.empty()) return "";
  std::vector<std::vector<Cell>> rows;
  for (const auto& step : release.next) {
    const auto when =
        step.at ? fmt::format("{} ({})", time_text(*step.at), relative(*step.at, options.now)) : std::string("open");
    rows.push_back({{when}, {step.what}});
  }
  return heading("Next", options) + format_table(rows, indented(options));
}

std::string timeline_text(const client::ReleaseAnswer& release, const TextOptions& options) {
  if (!options.explain || release.timeline.empty()) return "";
  std::vector<std::vector<Cell>> rows;
  for (const auto& event : release.timeline)
    rows.push_back({{known(event.at) ? time_text(event.at) : ""}, {event.kind, Style::dim}, {event.message}});
  const auto* title = release.timeline_before ? "Timeline, the newest entries" : "Timeline";
  return heading(title, options) + format_table(rows, indented(options));
}

}  // namespace

std::string contact_lines(const model::Contacts& contacts, const TextOptions& options) {
  std::vector<std::vector<Cell>> rows;
  for (const auto& [role, who] : model::named(contacts)) rows.push_back({{std::string(role), Style::dim}, {who}});
  return format_table(rows, indented(options));
}

std::string status_text(const client::ReleaseAnswer& release, const TextOptions& options) {
  return headline_text(release, options) + facts(release, options) + person_needed(release, options) +
         rules_table(release, options) + explanations(release, options) + decisions_text(release, options) +
         next_text(release, options) + timeline_text(release, options);
}

std::string contested_text(const client::ReleaseAnswer& release) {
  return fmt::format("a person is asked before it is rolled back: {}", release.contested.value_or(""));
}

std::string headline_text(const client::ReleaseAnswer& release, const TextOptions& options) {
  const auto name = fmt::format("{} {} in {}", release.spec.service, release.spec.version, release.spec.environment);
  return fmt::format("{}: {}{}\n", paint(name, Style::strong, options.colour),
                     paint(words(release.phase), phase_style(release), options.colour),
                     time_left(release, options.now));
}

std::string progress_text(const client::ReleaseAnswer& release, WallTime now) {
  auto out = words(release.phase) + time_left(release, now);
  std::string rules;
  for (const auto& rule : release.rules)
    rules += fmt::format("{}{} {}{}{}", rules.empty() ? ": " : ", ", rule.slo, rule.value_text.value_or(""),
                         rule.value_text ? " " : "", verdict_word(rule));
  return out + rules;
}

std::string in_force_text(const client::InForceAnswer& in_force, const TextOptions& options) {
  std::string out;
  const auto warn = [&](const std::string& text) { out += paint(text, Style::warn, options.colour) + "\n"; };
  if (in_force.kill_switch) warn("THE KILL SWITCH IS ON: nothing is rolled back automatically");
  for (const auto& freeze : in_force.freezes)
    warn(fmt::format("RELEASES ARE FROZEN{}: {}", known(freeze.until) ? " until " + time_text(freeze.until) : "",
                     freeze.reason));
  return out;
}

std::string decision_sentence(const client::DecisionAnswer& decision) {
  static const std::map<std::string, std::string, std::less<>> verbs{
      {"rollback", "rolls back because"},
      {"would_rollback", "would roll back (mode observe) because"},
      {"ask", "asks a person to approve the rollback because"},
      {"hold", "holds back because"},
      {"call", "calls a hook, before anything is rolled back, because"},
      {"pass", "passes:"}};
  const auto verb = verbs.find(decision.kind);
  const auto what = verb == verbs.end() ? fmt::format("{}:", words(decision.kind)) : verb->second;
  return fmt::format("#{} {} {}", decision.number, what, decision.reason);
}

std::string list_text(const std::vector<client::ReleaseAnswer>& releases, const TextOptions& options) {
  if (releases.empty()) return "no releases\n";
  std::vector<std::vector<Cell>> rows{{{"SERVICE", Style::dim},
                                       {"ENVIRONMENT", Style::dim},
                                       {"VERSION", Style::dim},
                                       {"PHASE", Style::dim},
                                       {"FOR", Style::dim},
                                       {"BROKE", Style::dim},
                                       {"PERSON", Style::dim},
                                       {"RELEASE", Style::dim}}};
  for (const auto& release : releases)
    rows.push_back({{release.spec.service},
                    {release.spec.environment},
                    {release.spec.version},
                    {words(release.phase) + time_left(release, options.now), phase_style(release)},
                    {known(release.phase_since) ? short_duration(options.now - release.phase_since) : "-"},
                    {release.broke.empty() ? "-" : fmt::format("{}", fmt::join(release.broke, ", "))},
                    release.needs_person ? Cell{"needed", Style::bad} : Cell{"-"},
                    {release.spec.id}});
  return format_table(rows, {0, options.colour, 0});
}

}  // namespace guard::cli
