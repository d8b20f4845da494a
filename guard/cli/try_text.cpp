// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/try_text.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/printable.hpp"
#include "guard/base/time_text.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

namespace guard::cli {
namespace {

using replay::Ending;
using replay::Judged;

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

// "42 releases of shop, told by the version in app_info"
std::string found(const std::vector<Judged>& judged) {
  std::map<std::string, std::set<std::string>> how;
  std::map<std::string, std::size_t> number;
  for (const auto& one : judged) {
    how[one.course.release.spec.service].insert(one.course.release.found_by);
    ++number[one.course.release.spec.service];
  }
  std::string out;
  for (const auto& [service, ways] : how)
    out += fmt::format("Found {} of {}, by {}.\n", counted(number[service], "release"), printable(service),
                       printable(fmt::format("{}", fmt::join(ways, " and "))));
  return out;
}

std::string proposed(const std::vector<replay::Proposal>& proposals, const Layout& layout) {
  std::string out;
  for (const auto& proposal : proposals) {
    out += fmt::format("Proposed for {}, from the metrics that it has:\n", printable(proposal.job));
    std::vector<std::vector<Cell>> rows;
    for (const auto& rule : proposal.rules) rows.push_back({{rule.slo, Style::strong}, {printable(rule.words)}});
    out += format_table(rows, {2, layout.colour, layout.columns});
    for (const auto& missing : proposal.missing)
      out += wrapped(fmt::format("  not proposed: {}", printable(missing)), 0, 4, layout.columns) + "\n";
  }
  return out;
}

std::string then(const Judged& judged) {
  const auto* cause = replay::gravest(judged.course);
  if (judged.course.recovered_at)
    return fmt::format("{} before it recovered", short_duration(*judged.course.recovered_at - cause->decision.at));
  return "it had not recovered when the watch ended";
}

std::string acted_on(const std::vector<Judged>& judged, Ending ending, const Layout& layout) {
  std::vector<std::vector<Cell>> rows;
  for (const auto& one : judged) {
    if (one.course.ending != ending) continue;
    const auto& release = one.course.release;
    const auto* cause = replay::gravest(one.course);
    rows.push_back({{time_text(*release.spec.live_at)},
                    {printable(release.spec.version), Style::strong},
                    {release.undone ? "undone later" : "kept", release.undone ? Style::good : Style::warn},
                    {printable(fmt::format("{}; {}", cause->decision.reason, then(one)))}});
  }
  return rows.empty() ? "" : format_table(rows, {2, layout.colour, layout.columns});
}

std::size_t count(const std::vector<Judged>& judged, Ending ending) {
  return static_cast<std::size_t>(
      std::ranges::count_if(judged, [&](const auto& one) { return one.course.ending == ending; }));
}

// What most want to know first.
std::string verdict(const report::Backtest& backtest, const Layout& layout) {
  const auto& judged = backtest.sides.front().judged;
  const auto back = count(judged, Ending::rolled_back);
  const auto kept = static_cast<std::size_t>(std::ranges::count_if(
      judged, [](const auto& one) { return one.course.ending == Ending::rolled_back && !one.course.release.undone; }));
  auto out =
      fmt::format("These rules would have rolled back {} of {} in {}{}\n", back, counted(judged.size(), "release"),
                  short_duration(backtest.to - backtest.from), back > 0 ? ":" : ".");
  out += acted_on(judged, Ending::rolled_back, layout);
  if (back > 0)
    out += kept == 0 ? "All of them were undone later anyway: the guard would have been sooner.\n"
                     : fmt::format("{} kept: look at {}. Was it bad and nobody saw it, or is the rule wrong?\n",
                                   kept == 1 ? "One was" : fmt::format("{} were", kept), kept == 1 ? "it" : "them");
  if (const auto asked = count(judged, Ending::asked); asked > 0)
    out += fmt::format("A person would have been asked about {}:\n", asked) + acted_on(judged, Ending::asked, layout);
  const auto others = report::others_text(backtest.sides.front());
  return others.empty() ? out : out + fmt::format("Of the others: {}.\n", others);
}

// An unverified release says that a rule could not be read: the first of its kind is worth more than a number.
std::string unverified(const std::vector<Judged>& judged, const Layout& layout) {
  for (const auto& one : judged)
    if (one.course.ending == Ending::unverified)
      return wrapped(fmt::format("Unverified, for example {}: {}", printable(one.course.release.spec.version),
                                 printable(report::why(one))),
                     0, 2, layout.columns) +
             "\n";
  return "";
}

// Others may be there, of which no rule speaks.
std::string none_found(const Tried& tried) {
  std::vector<std::string> jobs;
  for (const auto& proposal : tried.proposals) jobs.push_back(printable(proposal.job));
  return fmt::format(
      "No release {} was found between {} and {}: no version in a metric like app_info changed, no image, and no "
      "process was started anew. Where deployments show in another metric, say --deploys EXPR.",
      jobs.empty() ? "that a rule group matches" : fmt::format("of {}", fmt::join(jobs, ", ")),
      time_text(tried.backtest.from), time_text(tried.backtest.to));
}

}  // namespace

std::string try_text(const Tried& tried, const Layout& layout) {
  const auto& judged = tried.backtest.sides.front().judged;
  std::string out = found(judged);
  out += proposed(tried.proposals, layout);
  if (judged.empty())
    out += wrapped(none_found(tried), 0, 0, layout.columns) + "\n";
  else
    out += "\n" + verdict(tried.backtest, layout) + unverified(judged, layout);
  for (const auto& note : tried.backtest.notes) out += wrapped(note, 0, 2, layout.columns) + "\n";
  return out;
}

}  // namespace guard::cli
