// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/backtest_text.hpp"

#include "guard/base/printable.hpp"
#include "guard/base/time_text.hpp"

#include <fmt/format.h>

namespace guard::cli {
namespace {

using replay::Judged;

Style style_of(const report::Badge& badge) {
  if (badge.tone == "good") return Style::good;
  if (badge.tone == "bad") return Style::bad;
  return badge.tone == "warn" ? Style::warn : Style::dim;
}

Cell ending_cell(const Judged& judged) {
  const auto badge = report::badge_of(judged);
  auto words = std::string(badge.words);
  if (const auto* cause = replay::gravest(judged.course))
    words += fmt::format(" after {}", short_duration(cause->decision.at - *judged.course.release.spec.live_at));
  return {words, style_of(badge)};
}

Cell place_cell(const replay::Release& release, bool one_place) {
  const auto version = printable(release.spec.version);
  if (one_place) return {version};
  return {fmt::format("{} {} in {}", printable(release.spec.service), version, printable(release.spec.environment))};
}

std::string then(const replay::Release& release) {
  if (release.undone) return "undone later; ";
  return release.spec.kind == model::ReleaseKind::rollback ? "a rollback; " : "";
}

std::vector<Cell> row(const report::Backtest& backtest, std::size_t index, bool one_place) {
  const auto& first = backtest.sides.front().judged[index];
  std::vector<Cell> out{{time_text(*first.course.release.spec.live_at)}, place_cell(first.course.release, one_place)};
  for (const auto& side : backtest.sides) out.push_back(ending_cell(side.judged[index]));
  const auto& told = backtest.sides[report::differs(backtest, index) ? 1 : 0].judged[index];
  out.push_back({printable(then(first.course.release) + report::why(told)), Style::dim});
  return out;
}

bool is_one_place(const std::vector<Judged>& all) {
  for (const auto& judged : all)
    if (judged.course.release.spec.place() != all.front().course.release.spec.place()) return false;
  return true;
}

std::vector<Cell> head(const report::Backtest& backtest) {
  std::vector<Cell> out{{"LIVE", Style::strong}, {"RELEASE", Style::strong}, {"WOULD HAVE BEEN", Style::strong}};
  if (backtest.sides.size() > 1) out.push_back({"WITH THE OTHER", Style::strong});
  out.push_back({"WHY", Style::strong});
  return out;
}

}  // namespace

std::string backtest_text(const report::Backtest& backtest, const Layout& layout) {
  const auto& all = backtest.sides.front().judged;
  std::string out;
  if (!all.empty()) {
    std::vector<std::vector<Cell>> rows{head(backtest)};
    const bool one_place = is_one_place(all);
    for (std::size_t i = 0; i < all.size(); ++i) rows.push_back(row(backtest, i, one_place));
    out += format_table(rows, layout) + "\n";
    for (const auto& side : backtest.sides)
      out += wrapped(fmt::format("{}: {}.", side.rules, report::summary_text(side)), 0, 2, layout.columns) + "\n";
  } else {
    out += fmt::format("No release went live between {} and {}.\n", time_text(backtest.from), time_text(backtest.to));
  }
  for (const auto& note : backtest.notes) out += wrapped(note, 0, 2, layout.columns) + "\n";
  return out;
}

}  // namespace guard::cli
