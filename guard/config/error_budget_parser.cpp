// SPDX-License-Identifier: Apache-2.0
#include "guard/config/error_budget_parser.hpp"

#include "guard/config/matchers.hpp"
#include "guard/config/objective_parser.hpp"
#include "guard/config/share_parser.hpp"
#include "guard/model/freeze.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace guard::config {
namespace {

constexpr std::array counted_keys{"bad", "good", "total", "objective", "over"};

// What reckons the budget elsewhere knows its objective and its time.
void refuse_counters(const ObjectReader& object) {
  for (const auto* key : counted_keys)
    if (object.given(key))
      object.error(key, fmt::format("`expr` of `error_budget` says what is left already; delete `{}`", key));
}

void read_counters(const ObjectReader& object, model::ErrorBudget& budget) {
  auto events = read_events(object);
  budget.part = std::move(events.part);
  budget.total = std::move(events.total);
  budget.part_is_good = events.part_is_good;
  budget.over = object.positive_duration_or_default("over");
  const auto* node = object.find("objective");
  if (node == nullptr) return object.missing("objective");
  const auto objective = read_objective_text(object.report(), *node, "`objective`");
  if (!objective) return;
  check_share_objective(object, *objective);
  budget.allowed = objective->bound;
}

bool says_nothing(const ObjectReader& object) {
  return std::ranges::none_of(std::array{"expr", "bad", "good", "total"},
                              [&](const char* key) { return object.given(key); });
}

// True for what a gate can never be told: labels of a release, the version before it, how long it has been live.
bool asks_too_much(const promql::TextTemplate& text) {
  const auto rendered = [&](const char* previous) {
    return text.render({"service", "environment", "version", previous, {}, {}, {}});
  };
  const auto one = rendered("one");
  return !one || *one != rendered("other");
}

void check_template(const ObjectReader& object, std::string_view key, const std::optional<promql::TextTemplate>& text) {
  if (text && asks_too_much(*text))
    object.error(key,
                 fmt::format("`{}` of `error_budget` is asked before there is a release: it can use {{{{ service }}}}, "
                             "{{{{ environment }}}} and {{{{ version }}}}, and nothing else",
                             key));
}

bool is_whole(const model::ErrorBudget& budget) {
  return budget.left || (budget.part && budget.total && budget.allowed > 0);
}

}  // namespace

std::optional<model::ErrorBudget> read_error_budget(const ObjectReader& group) {
  const auto* node = group.find("error_budget");
  if (node == nullptr) return std::nullopt;
  const ObjectReader object(group.report(), *node, objects::group_error_budget);
  if (node->kind != NodeKind::map) return std::nullopt;
  if (says_nothing(object)) {
    group.error("error_budget",
                "`error_budget` does not say how it is known; give `bad` or `good` with `total` and `objective`, or "
                "`expr`");
    return std::nullopt;
  }
  model::ErrorBudget budget;
  budget.left = read_promql(object, "expr");
  if (object.given("expr"))
    refuse_counters(object);
  else
    read_counters(object, budget);
  check_template(object, "expr", budget.left);
  check_template(object, budget.part_is_good ? "good" : "bad", budget.part);
  check_template(object, "total", budget.total);
  budget.action = object.choice<model::UnmetAction>("action").value_or(model::UnmetAction::refuse);
  budget.allow = object.given("allow") ? object.choices<model::ReleaseKind>("allow") : model::allowed_in_freezes;
  return is_whole(budget) ? std::optional(budget) : std::nullopt;
}

}  // namespace guard::config
