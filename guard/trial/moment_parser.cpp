// SPDX-License-Identifier: Apache-2.0
#include "guard/trial/moment_parser.hpp"

#include "guard/base/text.hpp"
#include "guard/config/quantity.hpp"

#include <algorithm>

namespace guard::trial {
namespace {

using config::ObjectReader;

template <class T>
std::optional<Expected<T>> at(const ObjectReader& object, std::string_view key, std::optional<T> value) {
  if (!value) return std::nullopt;
  return Expected<T>{std::move(*value), object.report().at(object.offset_of(key))};
}

template <class E>
std::optional<Expected<E>> expected_choice(const ObjectReader& object, std::string_view key) {
  return at(object, key, object.choice<E>(key));
}

std::optional<std::size_t> read_rule(const ObjectReader& object, std::string_view key, const model::RuleGroup& group) {
  const auto slo = object.text(key);
  return slo ? find_rule(object.report(), *slo, object.offset_of(key), group) : std::nullopt;
}

// In base units; a quantity in another unit than the objective's can never be read.
std::optional<double> read_value(const ObjectReader& object, const model::Rule& rule) {
  const auto text = object.text("value");
  if (!text) return std::nullopt;
  const auto quantity = config::parse_quantity(*text);
  if (!quantity) {
    const auto& report = object.report();
    report.error(config::offset_in(report.source(), *object.find("value"), quantity.error().offset),
                 fmt::format("`value`: {}", quantity.error().message));
    return std::nullopt;
  }
  const auto unit = model::value_unit(rule.objective);
  if (quantity->unit != model::Unit::number && quantity->unit != unit) {
    object.error("value", fmt::format("`value` is in another unit than the rule: its values are {}, as in {}",
                                      unit == model::Unit::number ? "plain numbers" : in_words(unit),
                                      model::format_quantity(1, unit)));
    return std::nullopt;
  }
  return quantity->value;
}

ExpectedRule parse_reading(const ObjectReader& object, const model::RuleGroup& group) {
  ExpectedRule out;
  const auto rule = read_rule(object, "slo", group);
  out.rule = rule.value_or(0);
  out.evaluation = expected_choice<model::Outcome>(object, "evaluation");
  if (rule) out.value = at(object, "value", read_value(object, group.rules[*rule]));
  out.verdict = expected_choice<model::Verdict>(object, "verdict");
  out.reason = expected_choice<model::Reason>(object, "reason");
  if (rule && object.node().children.size() == 1)
    object.error("slo", "nothing is expected of this rule; add `verdict`, `evaluation`, `value` or `reason`");
  return out;
}

}  // namespace

std::optional<std::size_t> find_rule(const config::Report& report, std::string_view slo, std::size_t offset,
                                     const model::RuleGroup& group) {
  std::vector<std::string_view> names;
  for (const auto& rule : group.rules) names.emplace_back(rule.slo);
  const auto found = std::ranges::find(names, slo);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const auto near = nearest_name(slo, names);
  report.error(offset, fmt::format("group \"{}\" has no rule \"{}\"; {}", shorten(group.name, 80), shorten(slo, 80),
                                   near ? fmt::format("did you mean {}?", *near)
                                        : fmt::format("its rules are {}", config::joined(names, " and "))));
  return std::nullopt;
}

Moment parse_moment(const config::Report& report, const config::Node& node, const model::RuleGroup& group) {
  const ObjectReader object(report, node, config::objects::test_moment);
  Moment out;
  out.at = object.duration("at").value_or(Duration{0});
  out.phase = expected_choice<model::Phase>(object, "phase");
  out.decision = at(object, "decision", object.word("decision", config::test_decisions));
  out.by = at(object, "by", read_rule(object, "by", group));
  for (const auto* entry : object.list("rules"))
    out.rules.push_back(parse_reading(ObjectReader(report, *entry, config::objects::test_reading), group));
  if (node.kind == config::NodeKind::map && node.children.size() == 1 && object.given("at"))
    report.error(node.offset, "nothing is expected at this moment; add `phase`, `decision` or `rules`");
  if (out.by && !object.given("decision")) object.error("by", "`by` says which rule led to a decision; add `decision`");
  return out;
}

}  // namespace guard::trial
