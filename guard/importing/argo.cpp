// SPDX-License-Identifier: Apache-2.0
#include "guard/importing/argo_condition.hpp"
#include "guard/importing/condition.hpp"
#include "guard/importing/formats.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace guard::importing {
namespace {

// The words of the conditions that say by themselves what a measurement comes to.
struct Conditions {
  std::string success;
  std::string failure;
};

class TemplateReader {
 public:
  TemplateReader(const Document& document, Collection& out) : document_(document), out_(out) {}

  void read() {
    Fields root(document_, document_.root, "AnalysisTemplate " + text_at(*document_.root, {"metadata", "name"}), out_);
    root.pass({"apiVersion", "kind", "metadata", "status"});
    auto spec = root.object("spec");
    for (const auto* arg : spec.list("args")) read_arg(*arg, root.owner());
    for (const auto* dry : spec.list("dryRun")) dry_.insert(text_at(*dry, {"metricName"}));
    for (const auto* metric : spec.list("metrics")) read_metric(*metric);
    spec.leave_rest();
    root.leave_rest();
  }

 private:
  // What has a value has it here too; what a Rollout gives, the pipeline gives as a label of the release.
  void read_arg(const config::Node& node, const std::string& owner) {
    Fields arg(document_, &node, owner, out_);
    const auto name = arg.text("name");
    auto label = name;
    std::ranges::replace_if(label, [](char c) { return c == '-' || c == '.'; }, '_');
    const auto* value = arg.find("value");
    values_["args." + name] = value != nullptr ? value->text : fmt::format("{{{{ labels.{} }}}}", label);
    if (value == nullptr) asked_.push_back(label);
    if (arg.find("valueFrom") != nullptr)
      arg.leave("valueFrom", fmt::format("argument {}: its value comes from Kubernetes", name));
    arg.leave_rest();
  }

  void read_metric(const config::Node& node) {
    Fields metric(document_, &node, text_at(node, {"name"}), out_);
    metric.pass({"name"});
    Draft draft{metric.owner(), metric.origin()};
    auto provider = metric.object("provider");
    auto prometheus = provider.object("prometheus");
    const auto written = prometheus.text("query");
    addresses_.leave(prometheus, values_);
    prometheus.pass({"timeout"});
    prometheus.leave_rest();
    read_breach(draft, metric);
    if (dry_.contains(draft.name)) draft.action = "warn";
    const Conditions conditions{metric.text("successCondition"), metric.text("failureCondition")};
    metric.leave_rest();
    if (written.empty()) return metric.leave("provider", "its provider is not prometheus; the guard reads no other");
    const auto query = filled(written, values_);
    if (!query) return metric.leave("provider", "its query holds a field that is no argument of the template");
    for (const auto& label : asked_)
      if (query->contains("{{ labels." + label + " }}"))
        draft.remark(fmt::format("`{}` was an argument: announce the release with the label {}", label, label));
    keep(draft, *query, conditions, metric);
  }

  static int count_of(Fields& metric, std::string_view key, int fallback) {
    const auto value = metric.number(key);
    return value && *value >= 0 && *value < 10000 ? static_cast<int>(*value) : fallback;
  }

  void read_breach(Draft& draft, Fields& metric) {
    constexpr Duration usual = std::chrono::minutes(1);  // of what Argo measures once
    draft.interval = std::max<Duration>(metric.duration("interval").value_or(usual), std::chrono::seconds(1));
    const auto failures = count_of(metric, "failureLimit", 0) + 1;
    const auto measured = count_of(metric, "count", 0);
    const auto of = measured > 0 ? measured : 2 * failures;
    if (failures > 1) draft.repeated = Repeated{failures, std::max(of, failures), draft.interval};
    if (metric.number("failureLimit").value_or(0) < 0) {
      draft.action = "warn";
      draft.remark("with a `failureLimit` below 0 Argo never fails; here it warns");
    }
    if (measured > 0)
      draft.remark(fmt::format("Argo measures it {} time{}; here it is read until the window ends", measured,
                               measured == 1 ? "" : "s"));
    if (measured > 0 && measured < failures)
      metric.leave("failureLimit", fmt::format("of {} measurements {} can't fail: Argo never fails it, here they do",
                                               measured, failures));
    if (metric.find("initialDelay") != nullptr)
      metric.leave("initialDelay", "`initialDelay`: the `settle` of a group is that of all its rules");
    if (metric.find("inconclusiveLimit") != nullptr)
      metric.leave("inconclusiveLimit", "`inconclusiveLimit`: a reading holds, breaks, or has no data");
    if (metric.find("consecutiveErrorLimit") != nullptr)
      metric.leave("consecutiveErrorLimit", "`consecutiveErrorLimit`: `on_error` says what failed readings mean");
  }

  // A rule for each bound.
  void keep(const Draft& draft, const std::string& query, const Conditions& conditions, Fields& metric) {
    const bool fails = !conditions.failure.empty();
    const auto& words = fails ? conditions.failure : conditions.success;
    const auto* key = fails ? "failureCondition" : "successCondition";
    if (words.empty()) return metric.leave("name", "it has no condition: Argo only looks whether there is an answer");
    const auto condition = result_condition(filled(words, values_).value_or(words));
    const bool joined = condition && (condition->bounds.size() < 2 || condition->any_of_bounds == fails);
    const bool of_series = condition && (fails ? condition->all_series : condition->any_series);
    if (!condition || !joined || of_series)
      return metric.leave(key, fmt::format("`{}` is not made of bounds that can each be an objective", words));
    for (const auto& bound : condition->bounds) {
      auto one = draft;
      put_query(one, query, bound, fails);
      if (one.repeated)
        one.remark(fmt::format("Argo fails at {} failures however far apart; here they must come close together",
                               one.repeated->failures));
      if (condition->true_without_result) one.on_no_data = fails ? "breach" : "ignore";
      if (!condition->all_series && !condition->any_series) note_first_series(one);
      if (fails && !conditions.success.empty())
        one.remark("between `successCondition` and `failureCondition` Argo waits for a person; here it holds");
      if (const auto slow = too_slow(one))
        metric.leave("name", *slow);
      else
        out_.keep(std::move(one));
    }
  }

  static void put_query(Draft& draft, const std::string& query, const ResultBound& bound, bool fails) {
    if (fails)
      put_broken_where(draft, query, bound.comparison, bound.bound);
    else
      put_held_where(draft, query, bound.comparison, bound.bound);
  }

  static void note_first_series(Draft& draft) {
    if (draft.reduce_any) draft.remark("Argo looks at the first series only (result[0]); here each of them counts");
  }

  Document document_;
  Collection& out_;
  Values values_;
  std::vector<std::string> asked_;  // labels that stand for arguments without a value
  std::set<std::string> dry_;
  Addresses addresses_;
};

}  // namespace

void read_argo(const Documents& documents, Collection& out) {
  for (const auto& document : documents) {
    const auto kind = text_at(*document.root, {"kind"});
    if (kind == "AnalysisTemplate" || kind == "ClusterAnalysisTemplate")
      TemplateReader(document, out).read();
    else
      out.leave({document.source, document.root->offset}, kind, "only AnalysisTemplates say what must hold");
  }
}

}  // namespace guard::importing
