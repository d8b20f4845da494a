// SPDX-License-Identifier: Apache-2.0
#include "guard/config/group_parser.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/text.hpp"
#include "guard/config/error_budget_parser.hpp"
#include "guard/config/file_defaults.hpp"
#include "guard/config/matchers.hpp"
#include "guard/config/policy_parser.hpp"
#include "guard/config/rule_parser.hpp"

#include <map>

#include <fmt/format.h>

namespace guard::config {
namespace {

constexpr Duration shortest_interval = std::chrono::seconds(1);

class GroupParser {
 public:
  GroupParser(const ObjectReader& object, const FileDefaults& defaults, Lacks& lacks)
      : object_(object), defaults_(defaults), lacks_(lacks) {}

  ParsedGroup parse() {
    auto& group = parsed_.group;
    group.file = object_.report().source().path();
    group.name = object_.text("name").value_or("");
    parsed_.name_at = object_.offset_of("name");
    group.match = read_matchers(object_, "match");
    const auto times = read_times();
    read_serves();
    group.requirement = read_requirement(object_);
    group.freeze = read_freeze_policy(object_);
    read_budget();
    read_detection();
    group.contacts = read_contacts(object_);
    read_rollback_settings();
    read_rules(times);
    return std::move(parsed_);
  }

 private:
  // The group's own time, or the file's, or the table's.
  GivenTime time(std::string_view key, const GivenTime& inherited) const {
    if (object_.given(key)) return read_given_time(object_, key);
    if (inherited.given) return inherited;
    if (objects::group.find(key)->fallback.empty()) return {};
    return {true, default_duration(objects::group, key)};
  }

  // The times, or zeroes where they are wrong: rules are then not measured against them.
  GroupTimes read_times() {
    auto& group = parsed_.group;
    const auto window = time("window", defaults_.window);
    const auto settle = time("settle", defaults_.settle);
    const auto interval = time("interval", defaults_.interval);
    if (!window.given) object_.missing("window");
    group.window = window.value.value_or(Duration{0});
    group.settle = settle.value.value_or(Duration{0});
    group.interval = interval.value.value_or(shortest_interval);
    const bool interval_fits = check_interval();
    if (!window.value || !settle.value || !interval.value || !check_window() || !interval_fits) return {};
    return {group.window, group.settle, group.interval};
  }

  bool check_interval() const {
    if (parsed_.group.interval >= shortest_interval) return true;
    object_.error("interval",
                  fmt::format("`interval` must be 1s or longer, not {}", format_duration(parsed_.group.interval)));
    return false;
  }

  bool check_window() const {
    const auto& group = parsed_.group;
    if (group.window > group.settle) return true;
    object_.error("window", fmt::format("`window` ({}) must be longer than `settle` ({}), or nothing would be judged",
                                        format_duration(group.window), format_duration(group.settle)));
    return false;
  }

  void read_serves() {
    auto& group = parsed_.group;
    group.serves = read_promql(object_, "serves");
    group.serves_within = object_.positive_duration_or_default("serves_within");
    if (object_.given("serves_within") && !object_.given("serves"))
      object_.error(
          "serves_within",
          "`serves_within` says when a person is told that `serves` has not come true; give `serves` as well, "
          "or leave it out");
    if (!group.serves) return;
    parsed_.expr_at = object_.offset_of("serves");
    const auto& report = object_.report();
    parsed_.expressions.push_back(
        {*group.serves, report.at(offset_in(report.source(), *object_.find("serves"), 0)), 0, ""});
  }

  void read_budget() {
    auto& budget = parsed_.group.error_budget;
    budget = read_error_budget(object_);
    if (!budget) return;
    parsed_.expr_at = object_.offset_of("error_budget");
    const auto& asked = *object_.find("error_budget");
    const auto& report = object_.report();
    const auto keep = [&](const std::optional<promql::TextTemplate>& text, std::string_view key) {
      if (text)
        parsed_.expressions.push_back(
            {*text, report.at(offset_in(report.source(), *asked.find(key), 0)), 0, "", false, true});
    };
    keep(budget->left, "expr");
    keep(budget->part, budget->part_is_good ? "good" : "bad");
    keep(budget->total, "total");
  }

  promql::Subject subject_of_all(const std::string& unknown) const {
    promql::Subject subject{unknown, unknown, unknown, unknown, {}, std::chrono::hours(unknown.size()), {}};
    const auto& match = parsed_.group.match;
    if (auto service = model::said_value(match, "service"); !service.empty()) subject.service = std::move(service);
    if (auto environment = model::said_value(match, "environment"); !environment.empty())
      subject.environment = std::move(environment);
    return subject;
  }

  // Asked while there is no release that could fill in more than the group's matchers say.
  void read_detection() {
    const auto* node = object_.find("detect");
    if (node == nullptr) return;
    const ObjectReader detect(object_.report(), *node, objects::group_detect);
    const auto text = node->kind == NodeKind::map ? read_promql(detect, "expr") : std::nullopt;
    if (!text) return;
    // Whatever a release may be called, the text is the same, or it needs one.
    auto query = text->render(subject_of_all("one"));
    const auto other = text->render(subject_of_all("other"));
    if (!query || !other || *query != *other)
      return detect.error("expr",
                          "`expr` of `detect` is asked before there is a release: it can use {{ service }} and "
                          "{{ environment }} where `match` says them with `=`, and nothing else");
    parsed_.group.detect = std::move(*query);
    parsed_.expr_at = object_.offset_of("detect");
    const auto& report = object_.report();
    parsed_.expressions.push_back({*text, report.at(offset_in(report.source(), *detect.find("expr"), 0)), 0, "", true});
  }

  void read_rollback_settings() {
    auto settings = defaults_.rollback;
    const auto* node = object_.find("rollback");
    auto hook_at = object_.node().offset;
    if (node != nullptr) {
      const ObjectReader rollback(object_.report(), *node, objects::rollback);
      if (node->kind != NodeKind::map) return;
      settings = read_rollback(rollback, settings);
      check_rollback(rollback, settings);
      hook_at = rollback.find("hook") != nullptr ? rollback.offset_of("hook") : node->offset;
    } else if (!settings.mode || (!settings.hook && settings.mode != model::Mode::observe)) {
      object_.missing("rollback");
    }
    auto& out = parsed_.group.rollback;
    out.hook = settings.hook.value_or("");
    if (!out.hook.empty()) parsed_.hooks.push_back({out.hook, hook_at});
    out.mode = settings.mode.value_or(model::Mode::observe);
    out.verify = settings.verify.value_or(default_duration(objects::rollback, "verify"));
    out.cooldown = settings.cooldown.value_or(default_duration(objects::rollback, "cooldown"));
  }

  static void check_rollback(const ObjectReader& object, const RollbackDefaults& settings) {
    if (!settings.mode) object.missing("mode");
    const bool acts = settings.mode && *settings.mode != model::Mode::observe;
    if (acts && !settings.hook) object.missing("hook");
  }

  void read_rules(const GroupTimes& times) {
    auto defaults = defaults_.rule;
    if (object_.given("defaults")) defaults = read_group_defaults(object_, defaults);
    std::map<std::string, std::size_t> seen;
    for (const auto* node : object_.list("rules")) {
      auto rule = parse_rule(object_.report(), *node, {defaults, times, lacks_});
      check_unique(seen, rule.slo, *node);
      if (const auto* expr = node->find("expr"); expr != nullptr && !parsed_.expr_at)
        parsed_.expr_at = expr->key_offset;
      keep_expression(rule.slo, *node, rule.expr, "expr");
      keep_expression(rule.slo, *node, rule.only_if, "only_if");
      if (rule.share) keep_counters(rule, *node);
      if (const auto* control = model::control_of(rule)) keep_expression(rule.slo, *node, control->total, "control");
      keep_remedy(rule, *node);
      if (rule.count) keep_expression(rule.slo, *node, rule.count->events, "count");
      if (const auto* alerts = node->find("alerts"))
        warn_of_other_releases(object_.report().about(rule.slo, node->offset), *alerts, parsed_.group.match);
      parsed_.group.rules.push_back(std::move(rule));
    }
    read_preflight({defaults, times, lacks_}, seen);
    warn_of_nothing_to_judge();
  }

  // Their names stand beside those of the rules.
  void read_preflight(const RuleSurroundings& around, std::map<std::string, std::size_t>& seen) {
    if (!object_.given("preflight")) return;
    for (const auto* node : object_.list("preflight")) {
      auto rule = parse_preflight_rule(object_.report(), *node, around);
      check_unique(seen, rule.slo, *node);
      keep_expression(rule.slo, *node, rule.expr, "expr");
      parsed_.group.preflight.push_back(std::move(rule));
    }
  }

  void warn_of_nothing_to_judge() const {
    bool acts = false;
    for (const auto& rule : parsed_.group.rules) {
      if (rule.action == model::Action::warn) continue;
      if (rule.on_no_data != model::MissingPolicy::ignore) return;
      acts = true;
    }
    if (acts)
      object_.report().remark(
          parsed_.name_at,
          {model::Finding::all_ignored,
           "every rule that may roll back has `on_no_data: ignore`, so nobody is told when all data is missing, and "
           "such a release ends unverified"});
  }

  void keep_remedy(const model::Rule& rule, const Node& node) {
    if (!rule.remedy || rule.remedy->hook.empty()) return;
    const auto* hook = node.find("call")->find("hook");
    parsed_.hooks.push_back({rule.remedy->hook, hook == nullptr ? node.offset : hook->offset});
  }

  void keep_counters(const model::Rule& rule, const Node& node) {
    keep_expression(rule.slo, node, rule.share->part, rule.share->part_is_good ? "good" : "bad");
    keep_expression(rule.slo, node, rule.share->total, node.find("histogram") != nullptr ? "histogram" : "total");
  }

  // What stands under `key` of the rule, where it could be read.
  void keep_expression(const std::string& slo, const Node& rule, const std::optional<promql::TextTemplate>& text,
                       std::string_view key) {
    if (!text) return;
    const auto report = object_.report().about(shorten(slo, 80), rule.offset);
    parsed_.expressions.push_back({*text, report.at(offset_in(report.source(), *rule.find(key), 0)), 0, slo});
  }

  void check_unique(std::map<std::string, std::size_t>& seen, const std::string& slo, const Node& rule) const {
    const auto* node = rule.find("slo");
    if (slo.empty() || node == nullptr) return;
    const auto [first, fresh] = seen.emplace(slo, node->offset);
    if (fresh) return;
    const auto line = object_.report().source().position(first->second).line;
    object_.report()
        .about(shorten(slo, 80), rule.offset)
        .error(node->offset, fmt::format("another rule of this group has this name, on line {}; rename one", line));
  }

  const ObjectReader& object_;
  const FileDefaults& defaults_;
  Lacks& lacks_;
  ParsedGroup parsed_;
};

}  // namespace

std::vector<ParsedGroup> parse_rule_file(const Source& source, Diagnostics& diagnostics) {
  const Report report(source, diagnostics);
  const auto root = read_yaml(report);
  if (!root) return {};
  const ObjectReader file(report, *root, objects::rule_file);
  const auto defaults = read_file_defaults(file);
  std::vector<ParsedGroup> groups;
  Lacks lacks;
  for (const auto* node : file.list("groups")) {
    const ObjectReader object(report, *node, objects::group);
    if (node->kind == NodeKind::map) groups.push_back(GroupParser(object, defaults, lacks).parse());
  }
  report_lacks(report, lacks);
  return groups;
}

}  // namespace guard::config
