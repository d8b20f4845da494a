// SPDX-License-Identifier: Apache-2.0
#include "guard/config/share_parser.hpp"

#include "guard/base/text.hpp"
#include "guard/config/matchers.hpp"
#include "guard/config/quantity.hpp"
#include "guard/promql/selectors.hpp"

#include <fmt/format.h>

namespace guard::config {
namespace {

using model::Comparison;

constexpr double least_confidence = 0.9;
constexpr double most_confidence = 0.999999;
constexpr int most_events = 1'000'000'000;

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

}  // namespace

model::Share read_share(const ObjectReader& object, const RuleDefaults& defaults) {
  model::Share share;
  share.part_is_good = object.given("good");
  const auto* part = share.part_is_good ? "good" : "bad";
  if (object.given("bad") && object.given("good"))
    object.error("good", "`bad` and `good` exclude each other; keep one of them");
  if (!object.given("total"))
    object.report().error(object.node().offset, fmt::format("`{}` needs `total`, the counters of all events", part));
  if (!object.given("bad") && !object.given("good"))
    object.error("total", "`total` needs `bad` or `good`, the counters of the events that count");
  share.part = read_selector(object, part);
  share.total = read_selector(object, "total");
  share.confidence = read_confidence(object).value_or(defaults.confidence.value_or(share.confidence));
  share.min_events = read_min_events(object).value_or(defaults.min_events.value_or(share.min_events));
  share.on_too_few = read_on_too_few(object).value_or(defaults.on_too_few.value_or(share.on_too_few));
  share.proof = object.choice<model::Proof>("proof").value_or(defaults.proof.value_or(share.proof));
  return share;
}

void check_share_objective(const ObjectReader& object, const model::Objective& objective) {
  const bool below = objective.comparison == Comparison::less || objective.comparison == Comparison::less_equal;
  if (!below || objective.of_baseline)
    object.error("objective", "the objective of a share is a bound for the bad events, for example `< 1%`");
  else if (objective.bound <= 0 || objective.bound >= 1)
    object.error("objective",
                 "a share lies between 0% and 100%, so with this bound the rule cannot tell good from bad");
}

std::optional<double> read_confidence(const ObjectReader& object) {
  const auto text = object.text("confidence");
  if (!text) return std::nullopt;
  const auto quantity = parse_quantity(trim(*text));
  if (quantity && quantity->value >= least_confidence && quantity->value <= most_confidence) return quantity->value;
  object.error("confidence",
               fmt::format("`confidence` must be a percentage from 90% to 99.9999%, not \"{}\"", shorten(*text, 60)));
  return std::nullopt;
}

std::optional<int> read_min_events(const ObjectReader& object) {
  return object.integer("min_events", 0, most_events);
}

std::optional<model::MissingPolicy> read_on_too_few(const ObjectReader& object) {
  const auto policy = object.choice<model::MissingPolicy>("on_too_few");
  if (policy == model::MissingPolicy::breach)
    object.error("on_too_few", "too few events are no breach; write `hold` or `ignore`");
  return policy;
}

}  // namespace guard::config
