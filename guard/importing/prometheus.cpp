// SPDX-License-Identifier: Apache-2.0
#include "guard/importing/annotation.hpp"
#include "guard/importing/condition.hpp"
#include "guard/importing/formats.hpp"

#include <algorithm>
#include <re2/re2.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::importing {
namespace {

struct Group {
  const config::Node* labels = nullptr;
  Duration interval{0};
};

class AlertReader {
 public:
  AlertReader(const Document& document, const config::Node& node, const Group& group, Collection& out)
      : name_(text_at(node, {"alert"})), fields_(document, &node, name_, out), out_(out), group_(group) {}

  void read() {
    fields_.pass({"alert", "expr"});
    Draft draft{name_, fields_.origin()};
    draft.sustained = fields_.duration("for").value_or(Duration{0});
    draft.interval = group_.interval;
    const auto severity = read_severity();
    draft.action = action_of(severity);
    const auto expr = text_at(fields_.node(), {"expr"});
    if (expr.empty()) return fields_.leave("expr", "an alert without `expr` says nothing");
    const auto put = put_alert(draft, expr);
    if (!put && !put.error().tells) return fields_.leave("expr", put.error().why);
    if (!put)
      draft = watched(draft, severity, put.error().why);
    else if (const auto slow = too_slow(draft))
      draft = watched(draft, severity, *slow);
    if (const auto held = fields_.text("keep_firing_for"); !held.empty())
      draft.remark(
          fmt::format("`keep_firing_for: {}` is not kept: a breach that led to a rollback is not forgotten", held));
    read_annotations(draft);
    fields_.leave_rest();
    if (!draft.alerts.empty() && out_.watches(draft.alerts))
      return fields_.leave("expr", "another alert of this name and severity is watched already, and with it this one");
    out_.keep(std::move(draft));
  }

 private:
  // What is no objective is still an alert that must not fire.
  static Draft watched(const Draft& draft, const std::string& severity, const std::string& why) {
    Draft out{draft.name, draft.origin};
    out.action = draft.action;
    out.interval = draft.interval;
    out.alerts.push_back(matcher_text("alertname", draft.name));
    if (!severity.empty()) out.alerts.push_back(matcher_text("severity", severity));
    out.remark(fmt::format("the alert itself is watched, in Alertmanager: {}", why));
    return out;
  }

  std::string read_severity() {
    std::string out;
    for (const auto* labels : {group_.labels, fields_.find("labels")}) {
      if (labels == nullptr) continue;
      for (const auto& label : labels->children) {
        if (label.key == "severity")
          out = label.text;
        else
          out_.leave(
              {fields_.origin().source, label.key_offset}, name_,
              fmt::format("label `{}`: a rule has no labels; who is told is the routing's of Alertmanager", label.key));
      }
    }
    return out;
  }

  void read_annotations(Draft& draft) {
    static const re2::RE2 name("[A-Za-z_][A-Za-z0-9_]{0,63}");
    const auto* annotations = fields_.find("annotations");
    if (annotations == nullptr) return;
    std::vector<std::string> labels;
    for (const auto& one : annotations->children) {
      const Origin origin{fields_.origin().source, one.key_offset};
      const auto text = annotation_of(one.text, draft.unit);
      if (!re2::RE2::FullMatch(one.key, name)) {
        out_.leave(origin, name_,
                   fmt::format("annotation `{}`: its name is not made of letters, digits and _", one.key));
      } else if (!text) {
        out_.leave(origin, name_, fmt::format("annotation `{}`: {} has no counterpart", one.key, text.error()));
      } else if (!text->text.empty()) {
        draft.annotations.emplace_back(one.key, text->text);
        for (const auto& label : text->labels)
          if (std::ranges::find(labels, label) == labels.end()) labels.push_back(label);
      }
    }
    if (!labels.empty())
      draft.remark(fmt::format("a rule speaks of a release, not of a series: [{}] in its words stands for the label",
                               fmt::join(labels, "], [")));
  }

  std::string name_;
  Fields fields_;
  Collection& out_;
  const Group& group_;
};

void read_rule(const Document& document, const config::Node& node, const Group& group, Collection& out) {
  const Origin origin{document.source, node.offset};
  if (const auto record = text_at(node, {"record"}); !record.empty())
    return out.leave(origin, record, "a recording rule stays in Prometheus, where rules may name what it records");
  if (text_at(node, {"alert"}).empty())
    return out.leave(origin, "a rule", "it is neither an alert nor a recording rule");
  AlertReader(document, node, group, out).read();
}

void read_group(const Document& document, const config::Node& node, Collection& out) {
  Fields fields(document, &node, "group " + text_at(node, {"name"}), out);
  fields.pass({"name"});
  const Group group{fields.find("labels"), fields.duration("interval").value_or(Duration{0})};
  for (const auto* rule : fields.list("rules")) read_rule(document, *rule, group, out);
  fields.leave_rest();
}

void read_groups(Fields fields, Collection& out) {
  if (fields.node().find("groups") == nullptr) fields.leave("groups", "it has no `groups`");
  for (const auto* group : fields.list("groups")) read_group(fields.document(), *group, out);
  fields.leave_rest();
}

}  // namespace

void read_prometheus(const Documents& documents, Collection& out) {
  for (const auto& document : documents) {
    const auto kind = text_at(*document.root, {"kind"});
    Fields root(document, document.root, kind.empty() ? "a rule file" : kind, out);
    if (kind.empty()) {
      read_groups(root, out);
    } else if (kind == "PrometheusRule") {
      root.pass({"apiVersion", "kind", "metadata", "status"});
      read_groups(root.object("spec"), out);
      root.leave_rest();
    } else {
      root.leave("kind", fmt::format("a {} holds no rules", kind));
    }
  }
}

}  // namespace guard::importing
