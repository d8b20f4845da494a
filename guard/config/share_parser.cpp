// SPDX-License-Identifier: Apache-2.0
#include "guard/config/share_parser.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/text.hpp"
#include "guard/config/control_parser.hpp"
#include "guard/config/evidence_parser.hpp"
#include "guard/config/matchers.hpp"
#include "guard/config/quantity.hpp"
#include "guard/promql/metric_name.hpp"
#include "guard/promql/selectors.hpp"

#include <fmt/format.h>

namespace guard::config {
namespace {

using model::Comparison;

bool is_plain_selector(std::string_view text) {
  const auto selectors = promql::read_selectors(text, promql::Syntax::promql_template);
  return selectors.found.size() == 1 && selectors.found[0].text == trim(text) && selectors.found[0].modifiers.empty();
}

std::optional<promql::TextTemplate> read_selector(const ObjectReader& object, std::string_view key) {
  const auto* node = object.find(key);
  if (node == nullptr) return std::nullopt;
  auto text = read_template(object.report(), *node, fmt::format("`{}`", key), promql::TemplateKind::promql);
  if (!text) return std::nullopt;
  if (is_plain_selector(node->text)) return text;
  object.error(key, fmt::format("`{}` must be one plain selector of counters, for example "
                                "http_requests_total{{status=~\"5..\"}}, without a function, range or offset: their "
                                "increases are taken scrape by scrape",
                                key));
  return std::nullopt;
}

// "2s" of a native histogram.
std::optional<model::Limit> read_within(const ObjectReader& object) {
  const auto text = object.text("within");
  if (!text) return std::nullopt;
  const auto quantity = parse_quantity(trim(*text));
  if (quantity && quantity->value > 0 && quantity->unit != model::Unit::ratio)
    return model::Limit{quantity->value, quantity->unit};
  object.error("within", fmt::format("`within` must be what an event may take at most, for example 2s, not \"{}\"",
                                     shorten(*text, 60)));
  return std::nullopt;
}

// Its parts are named as those of a classic one.
bool is_part_of_classic(std::string_view selector) {
  const auto name = promql::metric_name(selector);
  return name.ends_with("_bucket") || name.ends_with("_count") || name.ends_with("_sum");
}

// Where the events are those of a native histogram; what is missing or too much is said.
void read_histogram(const ObjectReader& object, model::Share& share) {
  for (const auto* other : {"bad", "good", "total"})
    if (object.given(other))
      object.error(other, fmt::format("`histogram` with `within` tells all and the bad ones; delete `{}`", other));
  if (!object.given("histogram"))
    object.error("within", "`within` is about a native histogram; add `histogram`, its selector");
  if (!object.given("within"))
    object.error("histogram", "`histogram` needs `within`, what an event may take at most, for example 2s");
  share.total = read_selector(object, "histogram");
  share.within = read_within(object);
  if (share.total && is_part_of_classic(share.total->source()))
    object.error("histogram",
                 "`histogram` is the name of a native histogram, without _bucket, _count or _sum; a classic one is "
                 "counted with `good` and `total`");
}

}  // namespace

EventCounters read_events(const ObjectReader& object) {
  EventCounters events;
  events.part_is_good = object.given("good");
  const auto* part = events.part_is_good ? "good" : "bad";
  if (object.given("bad") && object.given("good"))
    object.error("good", "`bad` and `good` exclude each other; keep one of them");
  if (!object.given("total"))
    object.report().error(object.node().offset, fmt::format("`{}` needs `total`, the counters of all events", part));
  if (!object.given("bad") && !object.given("good"))
    object.error("total", "`total` needs `bad` or `good`, the counters of the events that count");
  events.part = read_selector(object, part);
  events.total = read_selector(object, "total");
  return events;
}

model::Share read_share(const ObjectReader& object, const RuleDefaults& defaults) {
  model::Share share;
  if (object.given("histogram") || object.given("within")) {
    read_histogram(object, share);
  } else {
    auto events = read_events(object);
    share.part = std::move(events.part);
    share.total = std::move(events.total);
    share.part_is_good = events.part_is_good;
  }
  share.confidence = read_confidence(object).value_or(defaults.confidence.value_or(share.confidence));
  share.min_events = read_min_events(object).value_or(defaults.min_events.value_or(share.min_events));
  share.proof = object.choice<model::Proof>("proof").value_or(defaults.proof.value_or(share.proof));
  share.control = read_control(object, share);
  return share;
}

model::Count read_count(const ObjectReader& object, const RuleDefaults& defaults) {
  model::Count count;
  count.events = read_selector(object, "count");
  count.confidence = read_confidence(object).value_or(defaults.confidence.value_or(count.confidence));
  return count;
}

void check_count_objective(const ObjectReader& object, const model::Rule& rule, Duration window) {
  const auto& objective = rule.objective;
  const bool above = objective.comparison == Comparison::greater || objective.comparison == Comparison::greater_equal;
  if (!above || !objective.of_baseline)
    object.error("objective",
                 "the objective of a count is the least part of its baseline, for example "
                 "`>= 50% of baseline`");
  else if (objective.bound <= 0 || objective.bound >= 1)
    object.error("objective", "a count is held against a part of its baseline, more than 0% and less than 100%");
  for (const auto& baseline : rule.baselines)
    if (baseline.over > Duration{0} && baseline.over < window)
      object.error("baseline",
                   fmt::format("`over` ({}) must be as long as `window` ({}) for a count: each moment after "
                               "the switch is held against one before it",
                               format_duration(baseline.over), format_duration(window)));
}

std::string share_objective_problem(const model::Objective& objective) {
  const bool below = objective.comparison == Comparison::less || objective.comparison == Comparison::less_equal;
  if (!below || objective.of_baseline)
    return "the objective of a share is a bound for the bad events, for example `< 1%`";
  if (objective.bound <= 0 || objective.bound >= 1)
    return "a share lies between 0% and 100%, so with this bound the rule cannot tell good from bad";
  return {};
}

void check_share_objective(const ObjectReader& object, const model::Objective& objective) {
  if (const auto problem = share_objective_problem(objective); !problem.empty()) object.error("objective", problem);
}

}  // namespace guard::config
