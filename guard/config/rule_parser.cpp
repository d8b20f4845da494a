// SPDX-License-Identifier: Apache-2.0
#include "guard/config/rule_parser.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/text.hpp"
#include "guard/config/breach_parser.hpp"
#include "guard/config/control_parser.hpp"
#include "guard/config/evidence_parser.hpp"
#include "guard/config/expr_lint.hpp"
#include "guard/config/matchers.hpp"
#include "guard/config/objective_parser.hpp"
#include "guard/config/share_parser.hpp"
#include "guard/promql/lint.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace guard::config {
namespace {

using model::RuleKind;

constexpr Duration expr_max_age = std::chrono::minutes(2);
constexpr Duration alerts_max_age = std::chrono::minutes(5);
constexpr Duration missing_events = std::chrono::minutes(1);  // so long without data is a breach, where it is one

bool is_name(std::string_view text, bool label) {
  const auto letter = [&](char c) { return (c >= 'a' && c <= 'z') || c == '_' || (label && c >= 'A' && c <= 'Z'); };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.empty() || text.size() > 64 || (label && digit(text[0]))) return false;
  return std::ranges::all_of(text, [&](char c) { return letter(c) || digit(c) || (!label && c == '-'); });
}

class RuleParser {
 public:
  RuleParser(const ObjectReader& object, const RuleSurroundings& around)
      : object_(object), defaults_(around.defaults), times_(around.times), lacks_(around.lacks) {}

  model::Rule parse() {
    rule_.slo = read_slo();
    if (!read_kind()) return rule_;
    check_applicable_keys();
    read_source();
    read_objective();
    read_policies();
    if (rule_.expr) rule_.control = read_control(object_, rule_);
    if (rule_.expr) lint_expr(object_, rule_, times_);
    read_annotations();
    return rule_;
  }

  // What is asked once, before there is a release: without policies, and without a time before.
  model::Rule parse_preflight() {
    rule_.slo = read_slo();
    rule_.action = model::Action::warn;
    rule_.expr = read_promql(object_, "expr");
    rule_.reduce = object_.choice<model::Reduce>("reduce").value_or(defaults_.reduce.value_or(model::Reduce::none));
    if (const auto* node = object_.find("objective")) read_plain_bound(*node);
    if (rule_.expr) lint_expr(object_, rule_, times_);
    read_annotations();
    return rule_;
  }

 private:
  const Report& report() const { return object_.report(); }

  std::string read_slo() {
    const auto slo = object_.text("slo");
    if (slo && !is_name(*slo, true))
      object_.error("slo", fmt::format("`slo` must be a name of letters, digits and _, not \"{}\"", shorten(*slo, 80)));
    return slo.value_or("");
  }

  // The keys that say where the value comes from, each with the kind of rule it makes.
  bool read_kind() {
    constexpr std::array<std::pair<std::string_view, RuleKind>, 9> sources{{{"expr", RuleKind::expr},
                                                                            {"bad", RuleKind::share},
                                                                            {"good", RuleKind::share},
                                                                            {"total", RuleKind::share},
                                                                            {"histogram", RuleKind::share},
                                                                            {"within", RuleKind::share},
                                                                            {"count", RuleKind::count},
                                                                            {"alerts", RuleKind::alerts},
                                                                            {"signal", RuleKind::signal}}};
    std::optional<std::string_view> first;
    bool misspelt = false;
    for (const auto& [key, kind] : sources) {
      const auto* member = object_.node().find(key);
      misspelt = misspelt || (member == nullptr && object_.given(key));
      if (member == nullptr) continue;
      if (first && kind != rule_.kind) {
        report().error(member->key_offset,
                       fmt::format("a rule has one of `expr`, `bad` or `good` with `total`, `histogram`, "
                                   "`count`, `alerts` and `signal`; this one has `{}` already",
                                   *first));
        return false;
      }
      if (!first) first = key;
      rule_.kind = kind;
    }
    if (!first && !misspelt)
      report().error(object_.node().offset,
                     "a rule needs one of `expr`, `bad` or `good` with `total`, `histogram`, `count`, `alerts` and "
                     "`signal` to say where its value comes from");
    return first.has_value();
  }

  bool applies(const KeyInfo& key) const {
    return key.only_for.empty() || key.only_for.find(to_string(rule_.kind)) != std::string_view::npos;
  }

  void check_applicable_keys() const {
    for (const auto& member : object_.node().children) {
      const auto* key = object_.info().find(member.key);
      if (key != nullptr && !applies(*key))
        report().error(member.key_offset, fmt::format("`{}` does not apply to a rule of kind {}, only to {}; delete it",
                                                      key->name, to_string(rule_.kind), key->only_for));
    }
  }

  void read_source() {
    switch (rule_.kind) {
      case RuleKind::expr:
        return read_expr();
      case RuleKind::share:
        rule_.share = read_share(object_, defaults_);
        return;
      case RuleKind::count:
        rule_.count = read_count(object_, defaults_);
        return;
      case RuleKind::alerts:
        rule_.alerts = read_matcher_templates(object_, "alerts");
        return;
      case RuleKind::signal:
        rule_.signal = object_.text("signal").value_or("");
        if (!rule_.signal.empty() && !is_name(rule_.signal, false))
          object_.error("signal", fmt::format("`signal` must be a name of a-z, 0-9, _ and -, not \"{}\"",
                                              shorten(rule_.signal, 80)));
    }
  }

  void read_expr() {
    rule_.expr = read_promql(object_, "expr");
    rule_.only_if = read_promql(object_, "only_if");
  }

  void read_objective() {
    const auto* node = object_.find("objective");
    if (node == nullptr) return;
    switch (rule_.kind) {
      case RuleKind::expr:
      case RuleKind::share:
      case RuleKind::count:
        return read_bound(*node);
      case RuleKind::alerts:
        return expect_words(*node, "none firing");
      case RuleKind::signal:
        return expect_words(*node, "succeeded");
    }
  }

  void expect_words(const Node& node, std::string_view words) const {
    const auto text = read_text(report(), node, "`objective`");
    if (text && trim(*text) != words)
      report().error(node.offset, fmt::format("the objective of a rule of kind {} is `{}`, not \"{}\"",
                                              to_string(rule_.kind), words, shorten(*text, 60)));
  }

  void read_bound(const Node& node) {
    const auto objective = read_objective_text(report(), node, "`objective`");
    rule_.baselines = read_baselines(object_, objective);
    const auto* fatal_node = object_.find("fatal");
    if (fatal_node != nullptr) rule_.fatal = read_objective_text(report(), *fatal_node, "`fatal`");
    if (!objective) return;
    rule_.objective = *objective;
    if (rule_.share) return check_share_objective(object_, *objective);
    if (rule_.count) return check_count_objective(object_, rule_, times_.window);
    if (rule_.fatal) {
      if (auto problem = fatal_problem(*objective, *rule_.fatal); !problem.empty())
        report().error(fatal_node->offset, std::move(problem));
    }
  }

  void read_plain_bound(const Node& node) {
    const auto objective = read_objective_text(report(), node, "`objective`");
    if (!objective) return;
    rule_.objective = *objective;
    if (objective->of_baseline)
      report().error(node.offset, "before a release there is no baseline; write a number, for example \"< 26h\"");
  }

  void read_policies() {
    rule_.on_no_data = read_missing_policy("on_no_data", defaults_.on_no_data);
    if (rule_.kind != RuleKind::signal) {
      rule_.on_error = read_missing_policy("on_error", defaults_.on_error);
      const bool counted = model::is_counted(rule_.kind);
      rule_.breach = counted ? model::BreachPolicy{missing_events, 0, 0}
                             : read_breach(object_).value_or(defaults_.breach.value_or(model::BreachPolicy{}));
      if (!counted) check_breach_fits();
      rule_.preexisting = object_.choice<model::Preexisting>("preexisting")
                              .value_or(defaults_.preexisting.value_or(model::Preexisting::warn));
    }
    rule_.action = object_.choice<model::Action>("action").value_or(defaults_.action.value_or(model::Action::rollback));
    read_remedy();
    if (rule_.kind == RuleKind::alerts) rule_.max_age = object_.duration("max_age").value_or(alerts_max_age);
    if (!model::is_measured(rule_.kind)) return;
    rule_.on_too_few = read_on_too_few(object_);
    if (!rule_.on_too_few) rule_.on_too_few = defaults_.on_too_few;
    if (!rule_.on_too_few && model::is_counted(rule_.kind)) rule_.on_too_few = model::MissingPolicy::hold;
    if (rule_.expr)
      rule_.reduce = object_.choice<model::Reduce>("reduce").value_or(defaults_.reduce.value_or(model::Reduce::none));
    rule_.max_age = object_.duration("max_age").value_or(defaults_.max_age.value_or(expr_max_age));
  }

  void read_remedy() {
    const auto* node = object_.find("call");
    const bool calls = rule_.action == model::Action::call;
    if (calls && !object_.given("call")) object_.missing("call");
    if (node == nullptr) return;
    if (!calls && !object_.given("action"))
      object_.error("call", "`call` is what `action: call` does; add that");
    else if (!calls)
      object_.error("call", fmt::format("`call` is what `action: call` does, not `action: {}`; delete one of the two",
                                        to_string(rule_.action)));
    const ObjectReader remedy(report(), *node, objects::remedy);
    if (node->kind != NodeKind::map) return;
    rule_.remedy.emplace();
    rule_.remedy->hook = remedy.text("hook").value_or("");
    rule_.remedy->within = remedy.positive_duration_or_default("within");
    rule_.remedy->then = read_general_action(remedy, "then").value_or(model::Action::ask);
  }

  model::MissingPolicy read_missing_policy(std::string_view key,
                                           const std::optional<model::MissingPolicy>& fallback) const {
    if (!fallback && !object_.given(key)) note_lack(key);
    return object_.choice<model::MissingPolicy>(key).value_or(fallback.value_or(model::MissingPolicy::hold));
  }

  void note_lack(std::string_view key) const {
    auto& lack = lacks_[key];
    if (lack.rules.empty()) lack.first_at = object_.node().offset;
    lack.rules.push_back(shorten(rule_.slo.empty() ? "(without a name)" : rule_.slo, 80));
  }

  void check_breach_fits() const {
    const auto judged = times_.window - times_.settle;
    if (judged <= Duration{0} || times_.interval <= Duration{0}) return;
    if (rule_.breach.count > 0) {
      if (rule_.breach.count * times_.interval >= judged)
        object_.error("breaches",
                      fmt::format("{} readings every {} do not fit between `settle` and the end of the "
                                  "window ({}); the rule could never be breached",
                                  rule_.breach.count, format_duration(times_.interval), format_duration(judged)));
      return;
    }
    const auto sustained = rule_.breach.sustained;
    if (sustained >= judged)
      object_.error("for", fmt::format("`for` ({}) must be shorter than the time between `settle` and the end of the "
                                       "window ({}); the rule could never be breached",
                                       format_duration(sustained), format_duration(judged)));
    else if (const auto range = rule_.expr ? promql::longest_range(rule_.expr->source()) : std::nullopt;
             range && sustained > Duration{0} && sustained < range->length)
      report().remark(object_.offset_of("for"),
                      {model::Finding::for_under_range,
                       fmt::format("`for` ({}) is shorter than the range of the expression ({}), which shows one bad "
                                   "moment for as long, so that it confirms itself",
                                   format_duration(sustained), format_duration(range->length))});
    else if (sustained > Duration{0} && sustained < times_.interval)
      report().remark(object_.offset_of("for"),
                      {model::Finding::for_under_interval,
                       fmt::format("`for` ({}) is shorter than the interval ({}), so two readings decide",
                                   format_duration(sustained), format_duration(times_.interval))});
  }

  void read_annotations() {
    const auto* node = object_.find("annotations");
    if (node == nullptr) return;
    object_.texts_by_name("annotations");
    for (const auto& child : node->children) {
      if (!is_name(child.key, true))
        report().error(
            child.key_offset,
            fmt::format("an annotation's name is made of letters, digits and _, not \"{}\"", shorten(child.key, 60)));
      if (child.kind != NodeKind::scalar || trim(child.text).empty()) continue;
      if (auto text = read_template(report(), child, fmt::format("`{}`", child.key), promql::TemplateKind::text))
        rule_.annotations.emplace(child.key, std::move(*text));
    }
  }

  const ObjectReader& object_;
  const RuleDefaults& defaults_;
  const GroupTimes& times_;
  Lacks& lacks_;
  model::Rule rule_;
};

// The rule that `node` is by `info`; messages name it.
template <class Parse>
model::Rule parse_as(const Report& report, const Node& node, const ObjectInfo& info, const Parse& parse) {
  const auto* slo = node.find("slo");
  const auto named = report.about(slo == nullptr ? "" : shorten(slo->text, 80), node.offset);
  const ObjectReader object(named, node, info);
  if (node.kind != NodeKind::map) return {};
  return parse(object);
}

}  // namespace

model::Rule parse_rule(const Report& report, const Node& node, const RuleSurroundings& around) {
  return parse_as(report, node, objects::rule, [&](const auto& object) { return RuleParser(object, around).parse(); });
}

model::Rule parse_preflight_rule(const Report& report, const Node& node, const RuleSurroundings& around) {
  return parse_as(report, node, objects::preflight_rule,
                  [&](const auto& object) { return RuleParser(object, around).parse_preflight(); });
}

}  // namespace guard::config
