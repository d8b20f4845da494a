// SPDX-License-Identifier: Apache-2.0
#include "guard/core/error_budget.hpp"

#include "guard/base/duration.hpp"
#include "guard/model/objective.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::core {
namespace {

constexpr auto name = "error_budget";

// The label of a share for which no counter of bad events was found.
constexpr auto nothing_bad = "nothing_bad";

constexpr double most_extrapolated = 1.05;  // of a share: increase() reckons with what lies beyond its samples

std::string percent(double share) {
  return model::format_quantity(share, model::Unit::ratio);
}

// In words, whom an empty budget does not stop; empty: nobody.
std::string kinds_of(const std::vector<ReleaseKind>& allow) {
  std::vector<std::string_view> names;
  for (const auto kind : allow) names.push_back(to_string(kind));
  return fmt::format("{}", fmt::join(names, " or "));
}

// What `allow` or `action: warn` lets pass, with what was seen; nothing where the budget decides.
std::optional<Check> let_pass(const model::ErrorBudget& budget, const std::string& seen, ReleaseKind kind) {
  if (budget.action == model::UnmetAction::warn) return Check{name, CheckState::passed, seen + "; that only warns", ""};
  if (std::ranges::find(budget.allow, kind) == budget.allow.end()) return std::nullopt;
  return Check{name, CheckState::passed, fmt::format("{}; a {} may begin all the same", seen, to_string(kind)), ""};
}

Check unknown(const model::ErrorBudget& budget, const std::string& why, ReleaseKind kind) {
  if (auto passed = let_pass(budget, "nobody can tell what is left of the error budget: " + why, kind)) return *passed;
  return {name, CheckState::unknown, why, "see that Prometheus has what `error_budget` of the rule group asks for"};
}

struct Left {
  double share = 0;  // of the budget
  std::string seen;  // how that is known
};

Left left_of(const model::ErrorBudget& budget, const Sample& answer) {
  if (budget.left) return {answer.value, ""};
  const auto bad = std::clamp(answer.value, 0.0, 1.0);
  const auto* none = answer.labels.all().contains(nothing_bad) ? "no counter matches `bad`, so that " : "";
  return {1 - bad / budget.allowed, fmt::format("{}{} of the events of {} were bad, and {} may be: ", none,
                                                percent(bad), format_duration(budget.over), percent(budget.allowed))};
}

// Why the number cannot be what is asked for, or nothing.
std::optional<std::string> impossible(const model::ErrorBudget& budget, double value) {
  if (!std::isfinite(value)) return "nothing was counted that could tell";
  if (budget.left && value > 1)
    return fmt::format("{:.4g} cannot be the share that is left; is it a percentage?", value);
  if (!budget.left && (value > most_extrapolated || value < 1 - most_extrapolated))
    return fmt::format("{:.4g} cannot be a share of events; compare what `total` counts", value);
  return std::nullopt;
}

// Without a version told, a query that depends on it would ask for none.
bool depends_on_version(const promql::TextTemplate& text, const promql::Subject& subject) {
  if (!subject.version.empty()) return false;
  auto some = subject;
  some.version = "some";
  return text.render(some) != text.render(subject);
}

Result<std::string> rendered(const promql::TextTemplate& text, const promql::Subject& subject) {
  if (depends_on_version(text, subject))
    return fail(ErrorCode::invalid, "the error budget is asked by version; say which version it is");
  return text.render(subject);
}

}  // namespace

Result<std::string> budget_query(const model::ErrorBudget& budget, const promql::Subject& subject) {
  if (budget.left) return rendered(*budget.left, subject);
  const auto part = rendered(*budget.part, subject);
  if (!part) return part;
  const auto total = rendered(*budget.total, subject);
  if (!total) return total;
  const auto increase = [&](const std::string& selector) {
    return fmt::format("sum(increase({}[{}]))", selector, format_duration(budget.over));
  };
  if (budget.part_is_good) return fmt::format("1 - {} / {}", increase(*part), increase(*total));
  // A counter of failures often comes with the first of them. The label tells that there was none.
  return fmt::format(R"(({} or on() label_replace(vector(0), "{}", "yes", "", "")) / on() group_left() {})",
                     increase(*part), nothing_bad, increase(*total));
}

Check budget_check(const model::ErrorBudget& budget, const Samples& answer, ReleaseKind kind) {
  if (!answer) return unknown(budget, answer.error().message, kind);
  if (answer->size() > 1)
    return unknown(budget, fmt::format("the query returned {} series instead of one", answer->size()), kind);
  if (answer->empty()) return unknown(budget, "nothing was counted that could tell", kind);
  const auto& sample = answer->front();
  if (const auto why = impossible(budget, sample.value)) return unknown(budget, *why, kind);
  const auto left = left_of(budget, sample);
  constexpr double rounding = 1e-9;
  if (left.share > rounding)
    return {name, CheckState::passed, fmt::format("{}{} of the error budget is left", left.seen, percent(left.share)),
            ""};
  const auto spent = left.seen + "the error budget is spent";
  if (auto passed = let_pass(budget, spent, kind)) return *passed;
  const auto way = "release what makes the service hold its objective";
  return {name, CheckState::failed, spent,
          budget.allow.empty() ? std::string(way) : fmt::format("{}, as {}", way, kinds_of(budget.allow))};
}

}  // namespace guard::core
