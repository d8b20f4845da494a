// SPDX-License-Identifier: Apache-2.0
#include "guard/importing/condition.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/text.hpp"
#include "guard/importing/bound.hpp"
#include "guard/importing/share.hpp"
#include "guard/promql/expression.hpp"
#include "guard/promql/lint.hpp"
#include "guard/promql/shape.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace guard::importing {
namespace {

using model::Comparison;
using promql::Expression;

constexpr auto templated = promql::Syntax::promql_template;
constexpr std::string_view by_evidence =
    "a share of events is judged by evidence at each scrape, which takes the place of the range and of `for`";

// As an operand of something else.
std::string wrapped(const Expression& expr) {
  return expr.operands.empty() ? std::string(expr.text) : fmt::format("({})", expr.text);
}

bool is_sum_by_bound(std::string_view text) {
  const auto call = promql::whole_call(text, templated);
  return call && call->has_labels && !call->without && call->labels == std::vector<std::string_view>{"le"};
}

// True for what is one series at most, as far as that can be seen.
bool is_single(const Expression& expr) {
  constexpr std::array<std::string_view, 12> aggregations{"sum",    "avg",    "min",      "max",    "count", "group",
                                                          "stddev", "stdvar", "quantile", "scalar", "time",  "vector"};
  if (expr.number) return true;
  if (!expr.operands.empty()) return std::ranges::all_of(expr.operands, is_single);
  const auto call = promql::whole_call(expr.text, templated);
  if (!call || call->has_labels) return false;
  if (call->name == "histogram_quantile") {
    const auto comma = call->inside.find(',');
    return comma != std::string_view::npos && is_sum_by_bound(trim(call->inside.substr(comma + 1)));
  }
  return std::ranges::find(aggregations, call->name) != aggregations.end();
}

// Broken where the share is above (or below) a bound.
bool put_as_share(Draft& draft, const Expression& value, Comparison broken, double bound) {
  const auto share = share_of_events(value);
  if (!share || share->scale == 0 || broken == Comparison::equal || broken == Comparison::not_equal) return false;
  if (share->scale < 0) broken = mirrored(broken);
  auto most = (bound - share->offset) / share->scale;
  auto kept = inverted(broken);
  const bool part_is_good = kept == Comparison::greater || kept == Comparison::greater_equal;
  if (part_is_good) {
    most = 1 - most;
    kept = mirrored(kept);
  }
  if (!(most > 0 && most < 1)) return false;
  (part_is_good ? draft.good : draft.bad) = share->part;
  draft.total = share->total;
  draft.unit = model::Unit::ratio;
  draft.objective = objective_text(kept, most, draft.unit);
  draft.sustained = Duration{0};
  draft.repeated.reset();
  draft.remark(std::string(by_evidence));
  return true;
}

// Whether it has a result only where something else holds.
bool has_condition(const Expression& expr) {
  if (expr.operands.empty()) return promql::condition_in(expr.text).has_value();
  if (expr.is_word("or")) return std::ranges::all_of(expr.operands, has_condition);
  const bool filters = expr.compares() && !expr.is_bool;
  return filters || expr.is_word("and") || expr.is_word("unless") || std::ranges::any_of(expr.operands, has_condition);
}

void put_value(Draft& draft, const Expression& value, Comparison broken, double bound) {
  draft.expr = value.compares() ? wrapped(value) : std::string(value.text);
  draft.unit = looks_like_share(value) ? model::Unit::ratio : unit_of(value.text);
  draft.objective = objective_text(inverted(broken), bound, draft.unit);
  draft.reduce_any = !is_single(value);
  if (draft.reduce_any && (draft.sustained > Duration{0} || draft.repeated))
    draft.remark("any of its series may break it; the time that it is broken runs on while another one is");
}

// One expression that is broken where `left broken right`.
void put_difference(Draft& draft, const Expression& comparison, Comparison broken) {
  const auto& left = comparison.operands[0];
  const auto& right = comparison.operands[1];
  draft.expr = fmt::format("{} - {}{}{}", wrapped(left), comparison.matching, comparison.matching.empty() ? "" : " ",
                           wrapped(right));
  draft.objective = objective_text(inverted(broken), 0, model::Unit::number);
  draft.reduce_any = !is_single(left) || !is_single(right);
  draft.remark("two values are compared: the value is by how much the first is above the second");
}

// What stands behind the first operand of `and` and `unless`, as it is written.
struct Conditions {
  const Expression* first = nullptr;
  std::string rest;                  // with its operators
  const Expression* only = nullptr;  // the one condition, where that is all: `first and only`
};

Conditions conditions_of(const Expression& whole) {
  Conditions out{&whole, {}, nullptr};
  while (out.first->is_word("and") || out.first->is_word("unless")) {
    const auto& set = *out.first;
    const auto& last = set.operands[1];
    out.only = set.is_word("and") && set.matching.empty() && out.rest.empty() ? &last : nullptr;
    out.rest = fmt::format(" {}{}{} {}", set.operation, set.matching.empty() ? "" : " ", set.matching, wrapped(last)) +
               out.rest;
    out.first = &set.operands[0];
  }
  return out;
}

// As `value` was put, under the conditions.
void put_conditions(Draft& draft, const Conditions& conditions) {
  if (conditions.rest.empty()) return;
  if (conditions.only != nullptr && !draft.reduce_any && is_single(*conditions.only)) {
    draft.only_if = conditions.only->text;
    draft.on_too_few = "ignore";
    return;
  }
  const auto tree = promql::parse_expression(draft.expr, templated);
  draft.expr = (tree ? wrapped(*tree) : fmt::format("({})", draft.expr)) + conditions.rest;
}

std::unexpected<NoObjective> cannot(std::string why) {
  return std::unexpected(NoObjective{std::move(why)});
}

std::unexpected<NoObjective> says_nothing(std::string why) {
  return std::unexpected(NoObjective{std::move(why), false});
}

// absent(x) fires where x has no series, which is a count without data.
std::expected<void, NoObjective> put_absence(Draft& draft, const promql::WholeCall& call) {
  const auto inside = promql::parse_expression(call.inside, templated);
  if (!inside || !inside->operands.empty() || promql::whole_call(inside->text, templated))
    return cannot("it fires where nothing meets a condition, which is no value");
  draft.expr = call.name == "absent" ? fmt::format("count({})", inside->text)
                                     : fmt::format("count(present_over_time({}))", inside->text);
  draft.objective = ">= 1";
  draft.on_no_data = "breach";
  return {};
}

std::expected<void, NoObjective> put_comparison(Draft& draft, const Expression& comparison, bool conditional) {
  if (comparison.is_bool)
    return says_nothing("with `bool` it has a result whatever the values are, so they do not matter; write it without");
  auto broken = *from_string<Comparison>(comparison.operation);
  const auto* value = &comparison.operands[0];
  const auto* bound = &comparison.operands[1];
  if (value->number && !bound->number) {
    std::swap(value, bound);
    broken = mirrored(broken);
  }
  if (value->number) return says_nothing("two numbers are compared: it fires, or does not, whatever a release does");
  if (!bound->number)
    put_difference(draft, comparison, broken);
  else if (!std::isfinite(*bound->number))
    return cannot("its threshold is no number");
  else if (conditional || !put_as_share(draft, *value, broken, *bound->number))
    put_value(draft, *value, broken, *bound->number);
  return {};
}

}  // namespace

void put_broken_where(Draft& draft, std::string_view expr, Comparison comparison, double bound) {
  const auto tree = promql::parse_expression(expr, templated);
  if (tree && put_as_share(draft, *tree, comparison, bound)) return;
  put_value(draft, tree ? *tree : Expression{trim(expr), {}, false, {}, {}, {}}, comparison, bound);
}

void put_held_where(Draft& draft, std::string_view expr, Comparison comparison, double bound) {
  put_broken_where(draft, expr, inverted(comparison), bound);
}

void put_share(Draft& draft, const Counts& counts, double most) {
  const auto counters = counters_of(counts.part, counts.total);
  if (!counters) return put_quotient(draft, counts, most);
  (counters->good != counts.good ? draft.good : draft.bad) = counters->part;
  draft.total = counters->total;
  draft.sustained = Duration{0};
  draft.unit = model::Unit::ratio;
  draft.objective = objective_text(Comparison::less_equal, most, draft.unit);
  draft.remark(std::string(by_evidence));
}

void put_quotient(Draft& draft, const Counts& counts, double most) {
  const auto expr = fmt::format("({}) / ({})", trim(counts.part), trim(counts.total));
  if (counts.good)
    put_held_where(draft, expr, Comparison::greater_equal, 1 - most);
  else
    put_held_where(draft, expr, Comparison::less_equal, most);
}

std::expected<void, NoObjective> put_alert(Draft& draft, std::string_view expr) {
  if (expr.contains("{{")) return cannot("its expression holds {{, which is a field in a rule file");
  const auto whole = promql::parse_expression(expr, promql::Syntax::promql);
  if (!whole) return cannot("its expression is no PromQL that can be read here");
  if (!promql::has_metric(expr)) return says_nothing("it names no metric: it fires whatever a release does");
  if (whole->is_word("or")) return cannot("`or` joins several conditions; write a rule for each");
  const auto conditions = conditions_of(*whole);
  if (const auto call = promql::whole_call(conditions.first->text, templated);
      call && conditions.rest.empty() && promql::is_absence(conditions.first->text))
    return put_absence(draft, *call);
  if (!conditions.first->compares())
    return cannot(conditions.rest.empty() ? "it has no threshold: it fires where there is a result"
                                          : "what stands before its first `and` or `unless` is compared with nothing");
  if (const auto put = put_comparison(draft, *conditions.first, !conditions.rest.empty()); !put) return put;
  put_conditions(draft, conditions);
  if (const auto value = promql::parse_expression(draft.expr, templated); value && has_condition(*value)) {
    draft.on_no_data = "ignore";
    draft.remark(
        "without a result, also where the series are gone, it counts for nothing: the condition is part of it");
  }
  return {};
}

std::string action_of(std::string_view severity) {
  return severity == "critical" ? "rollback" : "warn";
}

std::optional<std::string> too_slow(const Draft& draft) {
  constexpr auto judged = window - longest_settle;
  const auto sustained = draft.repeated ? (draft.repeated->failures - 1) * draft.repeated->interval : draft.sustained;
  if (sustained >= judged)
    return fmt::format("it takes {} until it fires, longer than a release is watched", format_duration(sustained));
  for (const auto* expr : {&draft.expr, &draft.only_if})
    if (const auto range = promql::longest_range(*expr); range && range->length >= judged)
      return fmt::format("it looks back over {}, longer than a release is watched", format_duration(range->length));
  return std::nullopt;
}

}  // namespace guard::importing
