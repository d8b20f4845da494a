// SPDX-License-Identifier: Apache-2.0
#include "guard/base/text.hpp"
#include "guard/importing/condition.hpp"
#include "guard/importing/formats.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace guard::importing {
namespace {

using model::Comparison;

struct Template {
  Document document;
  std::string query;
  std::string why_not;  // of what cannot be read
  bool used = false;
};

// By namespace and name, as a Canary names them.
using Templates = std::map<std::pair<std::string, std::string>, Template>;

std::string name_of(const config::Node& root) {
  return text_at(root, {"metadata", "name"});
}
std::string namespace_of(const config::Node& root) {
  return text_at(root, {"metadata", "namespace"});
}

Templates read_templates(const Documents& documents, Collection& out) {
  Templates all;
  Addresses addresses;
  for (const auto& document : documents) {
    if (text_at(*document.root, {"kind"}) != "MetricTemplate") continue;
    Fields root(document, document.root, "MetricTemplate " + name_of(*document.root), out);
    root.pass({"apiVersion", "kind", "metadata", "status"});
    auto spec = root.object("spec");
    auto provider = spec.object("provider");
    const auto type = provider.text("type");
    const bool prometheus = type.empty() || type == "prometheus";
    all[{namespace_of(*document.root), name_of(*document.root)}] = {
        document, spec.text("query"),
        prometheus ? "" : fmt::format("its provider is {}; the guard reads Prometheus only", type)};
    if (prometheus) addresses.leave(provider, {});
    if (prometheus && provider.find("secretRef") != nullptr)
      provider.leave("secretRef", "`secretRef`: how Prometheus is asked says the guard's configuration");
    provider.pass({"address", "secretRef", "insecureSkipVerify", "region"});
    provider.leave_rest();
    spec.leave_rest();
    root.leave_rest();
  }
  return all;
}

class CanaryReader {
 public:
  CanaryReader(const Document& document, Templates& templates, Collection& out)
      : document_(document), templates_(templates), out_(out) {}

  void read() {
    Fields root(document_, document_.root, "Canary " + name_of(*document_.root), out_);
    root.pass({"apiVersion", "kind", "metadata", "status"});
    auto spec = root.object("spec");
    read_values(spec);
    // How traffic moves is the deployment's own.
    spec.pass({"provider", "progressDeadlineSeconds", "autoscalerRef", "revertOnDeletion"});
    for (const auto* key : {"skipAnalysis", "suspend"})
      if (spec.text(key) == "true")
        spec.leave(key, fmt::format("`{}`: Flagger does not look at these metrics now; here they count", key));
    auto analysis = spec.find("analysis") == nullptr ? spec.object("canaryAnalysis") : spec.object("analysis");
    read_breach(analysis);
    for (const auto* metric : analysis.list("metrics")) read_metric(*metric);
    for (const auto* key : {"webhooks", "alerts", "match", "sessionAffinity"})
      if (analysis.find(key) != nullptr)
        analysis.leave(key, fmt::format("`{}` of the analysis: a rule only reads metrics, alerts and signals", key));
    analysis.leave_rest();
    spec.leave_rest();
    root.leave_rest();
  }

 private:
  void read_values(Fields& spec) {
    const auto target = text_at(spec.node(), {"targetRef", "name"});
    const auto service = text_at(spec.node(), {"service", "name"});
    const auto space = namespace_of(*document_.root);
    spec.pass({"targetRef", "service", "ingressRef", "routeRef", "upstreamRef", "gatewayRefs"});
    service_ = target.empty() ? name_of(*document_.root) : target;
    values_ = {{"name", name_of(*document_.root)},
               {"target", service_},
               {"service", service.empty() ? service_ : service},
               {"ingress", text_at(spec.node(), {"ingressRef", "name"})},
               {"namespace", space.empty() ? "{{ labels.namespace }}" : space}};
    names_no_space_ = space.empty();
  }

  // A check fails the canary at the `threshold`th failure of an analysis, which has a check for each step, and more for
  // each that failed.
  void read_breach(Fields& analysis) {
    interval_ = analysis.duration("interval").value_or(std::chrono::minutes(1));
    threshold_ = std::max(1, whole(analysis, "threshold").value_or(1));
    const auto iterations = whole(analysis, "iterations").value_or(0);
    const auto weight = whole(analysis, "maxWeight").value_or(0);
    const auto step = whole(analysis, "stepWeight").value_or(0);
    std::size_t steps = analysis.list("stepWeights").size();
    if (step > 0 && weight > 0) steps = static_cast<std::size_t>((weight + step - 1) / step);
    if (iterations > 0) steps = static_cast<std::size_t>(iterations);
    checks_ = (steps > 0 ? static_cast<int>(steps) : threshold_) + threshold_ - 1;
    analysis.pass({"stepWeightPromotion", "mirror", "mirrorWeight", "primaryReadyThreshold", "canaryReadyThreshold"});
  }

  static std::optional<int> whole(Fields& fields, std::string_view key) {
    const auto value = fields.number(key);
    return value && *value >= 0 && *value <= 10000 ? std::optional(static_cast<int>(*value)) : std::nullopt;
  }

  void read_metric(const config::Node& node) {
    Fields metric(document_, &node, text_at(node, {"name"}), out_);
    metric.pass({"name"});
    auto reference = metric.object("templateRef");
    auto range = metric.object("thresholdRange");
    auto values = values_;
    values["interval"] = fmt::format("{{{{ window_since_live \"{}\" }}}}",
                                     metric.find("interval") == nullptr ? "1m" : metric.text("interval"));
    for (const auto& variable : metric.object("templateVariables").node().children)
      values["variables." + variable.key] = variable.text;
    const auto least = range.number("min");
    const auto most = range.number("max");
    auto* known = reference.empty() ? nullptr : template_of(reference);
    reference.leave_rest();
    range.leave_rest();
    metric.leave_rest();
    if (reference.empty())
      return metric.leave("name",
                          "its query is Flagger's own, for its provider, and not in the file; write it as a "
                          "MetricTemplate");
    if (known == nullptr)
      return metric.leave("templateRef", "its MetricTemplate is in none of the files; import them together");
    if (!known->why_not.empty()) return metric.leave("templateRef", known->why_not);
    const auto query = filled(known->query, values);
    if (!query) return metric.leave("templateRef", "its query holds a field that is no plain value of Flagger's");
    if (!least && !most) return metric.leave("name", "it has no `thresholdRange`");
    if (least) keep(metric, *query, Comparison::greater_equal, *least);
    if (most) keep(metric, *query, Comparison::less_equal, *most);
  }

  Template* template_of(Fields& reference) {
    const auto name = reference.text("name");
    const auto space = reference.text("namespace");
    const auto own = namespace_of(*document_.root);
    for (const auto& one : {space, space.empty() ? own : space, std::string()})
      if (const auto found = templates_.find({one, name}); found != templates_.end()) {
        found->second.used = true;
        return &found->second;
      }
    return nullptr;
  }

  void keep(Fields& metric, const std::string& query, Comparison held, double bound) {
    Draft draft{metric.owner(), metric.origin(), service_};
    draft.interval = interval_;
    if (threshold_ > 1) draft.repeated = Repeated{threshold_, checks_, interval_};
    if (names_no_space_ && query.contains("labels.namespace"))
      draft.remark("the Canary names no namespace: announce the release with the label `namespace`");
    put_held_where(draft, query, held, bound);
    if (draft.repeated)
      draft.remark(
          fmt::format("Flagger rolls back at {} failed checks of all metrics together; here each metric has "
                      "its own count",
                      threshold_));
    if (const auto slow = too_slow(draft)) return metric.leave("name", *slow);
    out_.keep(std::move(draft));
  }

  Document document_;
  Templates& templates_;
  Collection& out_;
  Values values_;
  std::string service_;
  bool names_no_space_ = false;
  Duration interval_{0};
  int threshold_ = 1;
  int checks_ = 1;
};

}  // namespace

void read_flagger(const Documents& documents, Collection& out) {
  auto templates = read_templates(documents, out);
  for (const auto& document : documents) {
    const auto kind = text_at(*document.root, {"kind"});
    if (kind == "Canary")
      CanaryReader(document, templates, out).read();
    else if (kind != "MetricTemplate")
      out.leave({document.source, document.root->offset}, kind + " " + name_of(*document.root),
                "only a Canary and its MetricTemplates say what must hold");
  }
  for (const auto& [name, one] : templates)
    if (!one.used)
      out.leave({one.document.source, one.document.root->offset}, name.second,
                "no Canary of these files says which values of it are good");
}

}  // namespace guard::importing
