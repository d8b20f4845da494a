// SPDX-License-Identifier: Apache-2.0
#include "guard/base/text.hpp"
#include "guard/importing/condition.hpp"
#include "guard/importing/formats.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

namespace guard::importing {
namespace {

constexpr Duration sustained_for = std::chrono::minutes(5);  // of what is no share of counters

std::string name_of(const config::Node& root) {
  return text_at(root, {"metadata", "name"});
}

// The documents that others refer to, by kind and name.
class Library {
 public:
  explicit Library(const Documents& documents) {
    for (const auto& document : documents)
      all_[{text_at(*document.root, {"kind"}), name_of(*document.root)}] = document;
  }

  const Document* find(const std::string& kind, const std::string& name) {
    const auto found = all_.find({kind, name});
    if (found == all_.end()) return nullptr;
    used_.insert(found->first);
    return &found->second;
  }
  bool used(const std::string& kind, const std::string& name) const { return used_.contains({kind, name}); }

 private:
  std::map<std::pair<std::string, std::string>, Document> all_;
  std::set<std::pair<std::string, std::string>> used_;
};

class SloReader {
 public:
  SloReader(const Document& document, Library& library, Collection& out)
      : document_(document), library_(library), out_(out) {}

  void read() {
    Fields root(document_, document_.root, name_of(*document_.root), out_);
    root.pass({"apiVersion", "kind", "metadata"});
    auto spec = root.object("spec");
    service_ = spec.text("service");
    description_ = spec.words("description");
    action_ = action(spec);
    tell_window(spec);
    const auto reference = spec.text("indicatorRef");
    const auto* inline_indicator = spec.find("indicator");
    const auto* found = reference.empty() ? nullptr : library_.find("SLI", reference);
    const auto objectives = spec.list("objectives");
    spec.leave_rest();
    root.leave_rest();
    if (found == nullptr && inline_indicator == nullptr)
      return spec.leave("indicatorRef", fmt::format("its indicator \"{}\" is in none of the files", reference));
    const Document indicator = found != nullptr ? *found : Document{document_.source, inline_indicator};
    Fields said(indicator, indicator.root->find("spec"), "SLI " + name_of(*indicator.root), out_);
    said.pass({"ratioMetric", "thresholdMetric", "description"});
    said.leave_rest();
    for (const auto* objective : objectives) read_objective(indicator, *objective);
  }

 private:
  // A page is what wakes people up: where one is sent, a release is rolled back.
  std::string action(Fields& spec) {
    for (const auto* entry : spec.list("alertPolicies")) {
      const auto* policy = entry->kind == config::NodeKind::scalar ? policy_named(trim(entry->text)) : entry;
      if (const auto name = text_at(*entry, {"alertPolicyRef"}); !name.empty()) policy = policy_named(name);
      if (policy != nullptr && pages(*policy)) return "rollback";
    }
    return "warn";
  }

  const config::Node* policy_named(std::string_view name) {
    const auto* found = library_.find("AlertPolicy", std::string(name));
    return found == nullptr ? nullptr : found->root;
  }

  bool pages(const config::Node& policy) {
    const auto* spec = policy.find("spec");
    const auto* conditions = spec == nullptr ? nullptr : spec->find("conditions");
    if (conditions == nullptr) return false;
    return std::ranges::any_of(conditions->children, [this](const config::Node& entry) {
      auto name = text_at(entry, {"conditionRef"});
      if (entry.kind == config::NodeKind::scalar) name = trim(entry.text);
      const auto* known = name.empty() ? nullptr : library_.find("AlertCondition", name);
      const auto severity = text_at(known == nullptr ? entry : *known->root, {"spec", "severity"});
      return severity == "page" || severity == "critical";
    });
  }

  void tell_window(Fields& spec) {
    const auto windows = spec.list("timeWindow");
    const auto length = windows.empty() ? std::string() : text_at(*windows.front(), {"duration"});
    window_ = length.empty() ? "its window" : length;
    method_ = spec.text("budgetingMethod");
  }

  void read_objective(const Document& indicator, const config::Node& node) {
    const auto label = text_at(node, {"displayName"});
    const auto name = name_of(*document_.root);
    Fields objective(document_, &node, label.empty() ? name : name + " " + label, out_);
    objective.pass({"displayName"});
    Draft draft{objective.owner(), objective.origin(), service_};
    draft.action = action_;
    draft.sustained = sustained_for;
    if (!description_.empty()) draft.annotations.emplace_back("description", description_);
    const auto target = target_of(objective);
    Fields root(indicator, indicator.root, "SLI " + name_of(*indicator.root), out_);
    auto spec = root.object("spec");
    auto ratio = spec.object("ratioMetric");
    auto threshold = spec.object("thresholdMetric");
    if (!target || *target <= 0 || *target >= 1)
      objective.leave("target", "`target` is no number between 0 and 1");
    else if (!ratio.empty() ? put_ratio(draft, ratio, *target) : put_threshold(draft, threshold, objective, *target))
      finish(std::move(draft), objective);
    objective.leave_rest();
  }

  std::optional<double> target_of(Fields& objective) {
    const auto target = objective.number("target");
    const auto percent = objective.number("targetPercent");
    return target || !percent ? target : std::optional(*percent / 100);
  }

  void finish(Draft draft, Fields& objective) {
    if (const auto slow = too_slow(draft)) return objective.leave("target", *slow);
    if (!method_.empty() && method_ != "Occurrences")
      draft.remark(fmt::format("`budgetingMethod: {}` is not kept: {}", method_,
                               draft.is_share() ? "events are counted, not slices of time" : "each reading counts"));
    out_.keep(std::move(draft));
  }

  // The query of `metric`, whose source is a Prometheus; empty where it is none, which is said.
  std::string query_of(Fields metric) {
    auto source = metric.object("metricSource");
    auto type = source.text("type");
    const auto reference = source.text("metricSourceRef");
    if (const auto* known = reference.empty() ? nullptr : library_.find("DataSource", reference);
        known != nullptr && type.empty())
      type = text_at(*known->root, {"spec", "type"});
    auto query = text_at(source.node(), {"spec", "query"});
    const bool prometheus = type.empty() || type == "Prometheus" || type == "prometheus";
    if (!prometheus)
      metric.leave("metricSource", fmt::format("its source is {}; the guard reads Prometheus only", type));
    if (prometheus && query.empty()) metric.leave("metricSource", "its source holds no `query`");
    return prometheus ? query : std::string();
  }

  bool put_ratio(Draft& draft, Fields& ratio, double target) {
    draft.remark(fmt::format("the SLO allows {:.6g}% over {}; here the time since the release is held against it",
                             100 * (1 - target), window_));
    if (ratio.find("raw") != nullptr) return put_raw(draft, ratio, target);
    const bool good = ratio.find("good") != nullptr;
    const Counts counts{query_of(ratio.object(good ? "good" : "bad")), query_of(ratio.object("total")), good};
    if (counts.part.empty() || counts.total.empty()) return false;
    if (ratio.text("counter") == "false")
      put_quotient(draft, counts, 1 - target);
    else
      put_share(draft, counts, 1 - target);
    return true;
  }

  bool put_raw(Draft& draft, Fields& ratio, double target) {
    const auto query = query_of(ratio.object("raw"));
    const bool success = ratio.text("rawType") != "failure";
    if (query.empty()) return false;
    put_held_where(draft, query, success ? model::Comparison::greater_equal : model::Comparison::less_equal,
                   success ? target : 1 - target);
    return true;
  }

  bool put_threshold(Draft& draft, Fields& threshold, Fields& objective, double target) {
    constexpr std::array<std::pair<std::string_view, model::Comparison>, 4> operators{
        {{"lte", model::Comparison::less_equal},
         {"lt", model::Comparison::less},
         {"gte", model::Comparison::greater_equal},
         {"gt", model::Comparison::greater}}};
    const auto op = objective.text("op");
    const auto bound = objective.number("value");
    const auto* held = std::ranges::find(operators, op, &std::pair<std::string_view, model::Comparison>::first);
    if (threshold.empty()) {
      objective.leave("target", "its indicator has neither `ratioMetric` nor `thresholdMetric`");
      return false;
    }
    const auto query = query_of(threshold);
    if (query.empty()) return false;
    if (held == operators.end() || !bound) {
      objective.leave("op", "a threshold needs `op` (lte, lt, gte, gt) and `value`");
      return false;
    }
    draft.remark(
        fmt::format("the SLO asks it of {:.6g}% of the time over {}; here it is broken once it does not hold "
                    "for 5m",
                    100 * target, window_));
    put_held_where(draft, query, held->second, *bound);
    return true;
  }

  Document document_;
  Library& library_;
  Collection& out_;
  std::string service_;
  std::string description_;
  std::string action_;
  std::string window_;
  std::string method_;
};

}  // namespace

void read_openslo(const Documents& documents, Collection& out) {
  Library library(documents);
  for (const auto& document : documents)
    if (text_at(*document.root, {"kind"}) == "SLO") SloReader(document, library, out).read();
  for (const auto& document : documents) {
    const auto kind = text_at(*document.root, {"kind"});
    const auto name = name_of(*document.root);
    if (kind == "SLO" || kind == "Service" || library.used(kind, name)) continue;
    out.leave({document.source, document.root->offset}, fmt::format("{} {}", kind, name),
              "no SLO of these files speaks of it");
  }
}

}  // namespace guard::importing
