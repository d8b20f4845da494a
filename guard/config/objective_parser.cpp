// SPDX-License-Identifier: Apache-2.0
#include "guard/config/objective_parser.hpp"

#include "guard/config/quantity.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::config {
namespace {

using model::Comparison;

enum class Side { low, high, none };  // where values keep the objective

Side good_side(Comparison comparison) {
  switch (comparison) {
    case Comparison::less:
    case Comparison::less_equal:
      return Side::low;
    case Comparison::greater:
    case Comparison::greater_equal:
      return Side::high;
    case Comparison::equal:
    case Comparison::not_equal:
      return Side::none;
  }
  return Side::none;
}

bool is_inclusive(Comparison comparison) {
  return comparison == Comparison::less_equal || comparison == Comparison::greater_equal;
}

bool is_over(const model::Baseline& baseline) {
  return baseline.over > Duration{0};
}

std::optional<model::Baseline> read_baseline(const Report& report, const Node& node) {
  const ObjectReader object(report, node, objects::baseline);
  if (node.kind != NodeKind::map) return std::nullopt;
  const bool over = object.node().find("over") != nullptr;
  if (over == (object.node().find("offset") != nullptr)) {
    report.error(node.offset, "`baseline` has exactly one of `over` and `offset`");
    return std::nullopt;
  }
  const auto length = object.duration(over ? "over" : "offset");
  if (length && *length <= Duration{0})
    object.error(over ? "over" : "offset", "the time of a baseline must be longer than 0s");
  return over ? model::Baseline{length.value_or(Duration{0}), Duration{0}}
              : model::Baseline{Duration{0}, length.value_or(Duration{0})};
}

}  // namespace

std::optional<model::Objective> read_objective_text(const Report& report, const Node& node, std::string_view what) {
  const auto text = read_text(report, node, what);
  if (!text) return std::nullopt;
  const auto parsed = parse_objective(*text);
  if (parsed) return *parsed;
  report.error(offset_in(report.source(), node, parsed.error().offset),
               fmt::format("{}: {}", what, parsed.error().message));
  return std::nullopt;
}

std::vector<model::Baseline> read_baselines(const ObjectReader& rule,
                                            const std::optional<model::Objective>& objective) {
  const auto* node = rule.find("baseline");
  if (node == nullptr) {
    if (objective && objective->of_baseline && !rule.given("baseline"))
      rule.error("objective", "an objective `of baseline` needs `baseline: { over: 2h }` or `{ offset: 1w }`");
    return {};
  }
  if (objective && !objective->of_baseline)
    rule.report().error(node->key_offset,
                        "`baseline` is not used: the objective is not `of baseline`; correct one of them");
  std::vector<const Node*> items{node};
  if (node->kind == NodeKind::list) items = read_list(rule.report(), *node, "`baseline`");
  std::vector<model::Baseline> out;
  for (const auto* item : items) {
    const auto one = read_baseline(rule.report(), *item);
    const bool second = one && one->over > Duration{0} && std::ranges::any_of(out, is_over);
    if (second)
      rule.report().error(item->offset, "`baseline` has `over` twice; the time before is read once, keep one");
    if (one && !second) out.push_back(*one);
  }
  return out;
}

std::string fatal_problem(const model::Objective& objective, const model::Objective& fatal) {
  const auto good = good_side(objective.comparison);
  const auto bad = good_side(fatal.comparison);
  if (good == Side::none) return "an objective with == or != has no worse side, so it cannot have a `fatal` one";
  if (bad == Side::none || bad == good)
    return fmt::format("`fatal` says what is bad, so beside this objective it must begin with {}",
                       good == Side::low ? "> or >=" : "< or <=");
  if (fatal.unit != objective.unit || fatal.of_baseline != objective.of_baseline)
    return "`fatal` and `objective` must be written in the same unit";
  const bool before = good == Side::low ? fatal.bound < objective.bound : fatal.bound > objective.bound;
  const bool both_hold =
      fatal.bound == objective.bound && is_inclusive(fatal.comparison) && is_inclusive(objective.comparison);
  if (before || both_hold) return "`fatal` holds while the objective is still kept; it must lie beyond the objective";
  return {};
}

}  // namespace guard::config
