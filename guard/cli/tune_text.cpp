// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/tune_text.hpp"

#include "guard/base/time_text.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace guard::cli {
namespace {

using replay::Tuned;

const model::Rule& rule_of(const Tuned& tuned) {
  return tuned.group->rules[tuned.rule];
}

// Below which so many of the releases stayed; each is a value that one of them had.
std::string value_at(const Tuned& tuned, double part) {
  const auto count = static_cast<double>(tuned.worst.size());
  const auto rank = static_cast<std::size_t>(std::max(1.0, std::ceil(part * count))) - 1;
  return model::format_quantity(tuned.worst[rank], model::value_unit(rule_of(tuned).objective));
}

std::string worst(const Tuned& tuned) {
  return fmt::format("  the worst of a release: {} in half of them, {} in 95%, {} in all\n", value_at(tuned, 0.5),
                     value_at(tuned, 0.95), value_at(tuned, 1));
}

std::string mark(const Tuned& tuned, const model::Objective& objective) {
  std::string out;
  if (objective == rule_of(tuned).objective) out = "as it is";
  if (objective == tuned.proposed) out += out.empty() ? "proposed" : ", proposed";
  return out;
}

using Rows = std::vector<std::vector<Cell>>;

Rows rows_of(const std::string& tried) {
  return {{{tried, Style::strong}, {"WOULD HAVE ROLLED BACK", Style::strong}, {"BROKEN BEFORE", Style::strong}}};
}

// tried: a Candidate or a Firmness.
std::vector<Cell> row_of(const Tuned& tuned, const auto& tried, std::string name, std::string marked) {
  return {{std::move(name)},
          {fmt::format("{} of {}", tried.fired, tuned.releases), tried.fired == 0 ? Style::plain : Style::warn},
          {tried.broken_before == 0 ? "" : fmt::to_string(tried.broken_before)},
          {std::move(marked), Style::good}};
}

std::string candidates(const Tuned& tuned, const Layout& layout) {
  auto rows = rows_of("OBJECTIVE");
  for (const auto& candidate : tuned.candidates)
    rows.push_back(
        row_of(tuned, candidate, model::format_objective(candidate.objective), mark(tuned, candidate.objective)));
  return format_table(rows, {4, layout.colour, layout.columns});
}

std::string firmness(const Tuned& tuned, const Layout& layout) {
  if (tuned.firmness.empty()) return "";
  const auto own = model::confidence_of(rule_of(tuned));
  auto rows = rows_of(own > 0 ? "CONFIDENCE" : "FOR");
  for (const auto& one : tuned.firmness) {
    const bool is_own = one.confidence == own && one.sustained == rule_of(tuned).breach.sustained;
    const auto name = own > 0 ? fmt::format("{:g}%", 100 * one.confidence) : format_duration(one.sustained);
    rows.push_back(row_of(tuned, one, name, is_own ? "as it is" : ""));
  }
  return "  with the objective as it is:\n" + format_table(rows, {4, layout.colour, layout.columns});
}

std::string unseen(const Tuned& tuned) {
  std::vector<std::string> out;
  for (const auto& [size, until] : tuned.unseen)
    out.push_back(
        fmt::format("{:g}% {}", 100 * size, until ? "after " + short_duration(*until) : "not within the window"));
  return fmt::format("with it as it is, at {:.3g} events a minute, failures are seen: {}", tuned.events,
                     fmt::join(out, ", "));
}

std::string proposal(const Tuned& tuned) {
  if (!tuned.refused.empty()) return "nothing is proposed: " + tuned.refused;
  return fmt::format(
      "proposed: {}: with it {:.1f}% of such releases at most would be rolled back falsely, with 95% certainty",
      model::format_objective(*tuned.proposed), 100 * tuned.most);
}

std::string text_of(const Tuned& tuned, const Layout& layout) {
  const auto& rule = rule_of(tuned);
  auto out = fmt::format("{} {} ({}): {} release{} that stayed\n", paint(rule.slo, Style::strong, layout.colour),
                         model::format_objective(rule.objective), tuned.group->name, tuned.releases,
                         tuned.releases == 1 ? "" : "s");
  if (tuned.releases > 0) out += worst(tuned) + candidates(tuned, layout) + firmness(tuned, layout);
  if (!tuned.unseen.empty()) out += "  " + wrapped(unseen(tuned), 2, 4, layout.columns) + "\n";
  return out + "  " + wrapped(proposal(tuned), 2, 4, layout.columns) + "\n";
}

}  // namespace

std::string tune_text(const std::vector<Tuned>& tuned, double wanted, const Layout& layout) {
  std::string out;
  for (const auto& one : tuned) out += text_of(one, layout) + "\n";
  return out +
         wrapped(fmt::format("Proposed is the strictest that rolls back at most {:g}% of good releases (--wanted). "
                             "A release that stayed is taken for a good one.",
                             100 * wanted),
                 0, 0, layout.columns) +
         "\n";
}

}  // namespace guard::cli
