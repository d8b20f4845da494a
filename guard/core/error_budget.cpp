// SPDX-License-Identifier: Apache-2.0
#include "guard/core/error_budget.hpp"

#include "guard/base/duration.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace guard::core {
namespace {

constexpr auto name = "error_budget";

// How much of the budget is left, and how that is known in words.
struct Left {
  double share = 0;
  std::string seen;
};

Check unknown(std::string seen) {
  return {name, CheckState::unknown, std::move(seen),
          "see that Prometheus has what `error_budget` of the rule group asks for"};
}

std::string percent(double share) {
  return model::format_quantity(share, model::Unit::ratio);
}

Left left_of(const model::ErrorBudget& budget, double value) {
  if (budget.left) return {value, ""};
  const auto seen = fmt::format("{} of the events of {} were bad, and {} may be", percent(value),
                                format_duration(budget.over), percent(budget.allowed));
  return {1 - value / budget.allowed, seen + ": "};
}

}  // namespace

Result<std::string> budget_query(const model::ErrorBudget& budget, const promql::Subject& subject) {
  if (budget.left) return budget.left->render(subject);
  const auto part = budget.part->render(subject);
  if (!part) return part;
  const auto total = budget.total->render(subject);
  if (!total) return total;
  const auto increase = [&](const std::string& selector) {
    return fmt::format("sum(increase({}[{}]))", selector, format_duration(budget.over));
  };
  if (budget.part_is_good) return fmt::format("1 - {} / {}", increase(*part), increase(*total));
  // A counter of failures often comes with the first of them: without it nothing has failed.
  return fmt::format("({} or vector(0)) / {}", increase(*part), increase(*total));
}

Check budget_check(const model::ErrorBudget& budget, const Samples& answer, ReleaseKind kind) {
  if (!answer) return unknown(answer.error().message);
  if (answer->size() > 1) return unknown(fmt::format("the query returned {} series instead of one", answer->size()));
  if (answer->empty() || !std::isfinite(answer->front().value))
    return unknown("nothing was counted that could tell how much is left");
  const auto left = left_of(budget, answer->front().value);
  if (left.share > 0)
    return {name, CheckState::passed, fmt::format("{}{} of the error budget is left", left.seen, percent(left.share)),
            ""};
  const auto spent = left.seen + "the error budget is spent";
  if (budget.action == model::UnmetAction::warn) return {name, CheckState::passed, spent + "; that only warns", ""};
  if (std::ranges::find(budget.allow, kind) != budget.allow.end())
    return {name, CheckState::passed, fmt::format("{}; a {} may begin all the same", spent, to_string(kind)), ""};
  return {name, CheckState::failed, spent,
          "release what makes the service hold its objective; a fix that cannot wait is announced as a hotfix"};
}

}  // namespace guard::core
