// SPDX-License-Identifier: Apache-2.0
#include "tests/store/group_sample.hpp"

#include <algorithm>

namespace guard::store::test {

using namespace guard::model;
using promql::TemplateKind;
using promql::TextTemplate;

namespace {

TextTemplate make_template(Dice& dice, TemplateKind kind) {
  const bool quoted = kind == TemplateKind::promql || kind == TemplateKind::matcher;
  const auto source = quoted ? std::string(R"(up{version="{{ version }}"})") : std::string("{{ version }} is bad");
  return *TextTemplate::parse(source + std::to_string(dice.below(1000)), kind);
}

Objective make_objective(Dice& dice) {
  return {dice.name<Comparison>(), dice.number(), dice.name<Unit>(), dice.flip()};
}

model::Control make_control(Dice& dice) {
  const auto text = [&] { return make_template(dice, TemplateKind::promql); };
  return {dice.maybe(text), dice.maybe(text), dice.maybe(text)};
}

Share make_share(Dice& dice) {
  Share share;
  share.part = dice.maybe([&] { return make_template(dice, TemplateKind::promql); });
  share.total = dice.maybe([&] { return make_template(dice, TemplateKind::promql); });
  share.part_is_good = dice.flip();
  share.within = dice.maybe([&] { return model::Limit{dice.finite(), dice.name<Unit>()}; });
  share.confidence = dice.finite();
  share.min_events = dice.whole();
  share.proof = dice.name<Proof>();
  share.control = dice.maybe([&] { return make_control(dice); });
  return share;
}

Count make_count(Dice& dice) {
  return {dice.maybe([&] { return make_template(dice, TemplateKind::promql); }), dice.finite()};
}

Rule make_rule(Dice& dice) {
  Rule rule;
  rule.slo = dice.text();
  rule.kind = dice.name<RuleKind>();
  rule.expr = dice.maybe([&] { return make_template(dice, TemplateKind::promql); });
  rule.share = dice.maybe([&] { return make_share(dice); });
  rule.count = dice.maybe([&] { return make_count(dice); });
  rule.alerts = dice.list([&] { return make_template(dice, TemplateKind::matcher); });
  rule.signal = dice.text();
  rule.objective = make_objective(dice);
  rule.fatal = dice.maybe([&] { return make_objective(dice); });
  rule.breach = {dice.duration(), dice.whole(), dice.whole()};
  rule.only_if = dice.maybe([&] { return make_template(dice, TemplateKind::promql); });
  rule.baselines = dice.list([&] { return Baseline{dice.duration(), dice.duration()}; });
  rule.reduce = dice.name<Reduce>();
  rule.max_age = dice.duration();
  rule.on_no_data = dice.name<MissingPolicy>();
  rule.on_error = dice.name<MissingPolicy>();
  rule.on_too_few = dice.maybe([&] { return dice.name<MissingPolicy>(); });
  rule.action = dice.name<Action>();
  rule.remedy = dice.maybe([&] { return Remedy{dice.text(), dice.duration(), dice.name<Action>()}; });
  rule.control = dice.maybe([&] { return make_control(dice); });
  rule.preexisting = dice.name<Preexisting>();
  rule.annotations = dice.map([&] { return make_template(dice, TemplateKind::text); });
  return rule;
}

bool same_objective(Objective a, Objective b) {
  const bool bound = same_bits(a.bound, b.bound);
  a.bound = b.bound = 0;
  return bound && a == b;
}

bool same_rule(Rule a, Rule b) {
  const bool fatal = a.fatal.has_value() == b.fatal.has_value() && (!a.fatal || same_objective(*a.fatal, *b.fatal));
  const bool numbers = fatal && same_objective(a.objective, b.objective);
  a.objective = b.objective = Objective{};
  a.fatal = b.fatal = std::nullopt;
  return numbers && a == b;
}

}  // namespace

model::Matcher random_matcher(Dice& dice) {
  const auto op = dice.name<MatchOp>();
  const bool regex = op == MatchOp::regex || op == MatchOp::not_regex;
  return *Matcher::make("label_" + std::to_string(dice.below(9)), op, regex ? R"(a.*|"b"\\)" : dice.text());
}

RuleGroup random_group(Dice& dice) {
  RuleGroup group;
  group.name = dice.text();
  group.file = dice.text();
  group.match = dice.list([&] { return random_matcher(dice); });
  group.window = dice.duration();
  group.settle = dice.duration();
  group.interval = dice.duration();
  group.serves = dice.maybe([&] { return make_template(dice, TemplateKind::promql); });
  group.serves_within = dice.duration();
  group.requirement = dice.maybe([&] {
    return Requirement{dice.text(), dice.duration(), dice.name<UnmetAction>(),
                       dice.list([&] { return dice.name<ReleaseKind>(); }), dice.duration()};
  });
  group.freeze = dice.maybe([&] {
    return FreezePolicy{dice.duration(), dice.list([&] { return dice.name<Change>(); }),
                        dice.list([&] { return dice.name<ReleaseKind>(); })};
  });
  group.contacts = {dice.text(), dice.text(), dice.text()};
  group.rollback = {dice.text(), dice.name<Mode>(), dice.duration(), dice.duration()};
  group.rules = dice.list([&] { return make_rule(dice); });
  return group;
}

bool same_bits(std::optional<double> a, std::optional<double> b) {
  if (a.has_value() != b.has_value()) return false;
  return !a || std::bit_cast<std::uint64_t>(*a) == std::bit_cast<std::uint64_t>(*b);
}

bool same_group(RuleGroup a, RuleGroup b) {
  const bool rules = std::ranges::equal(a.rules, b.rules, same_rule);
  a.rules.clear();
  b.rules.clear();
  return rules && a == b;
}

}  // namespace guard::store::test
