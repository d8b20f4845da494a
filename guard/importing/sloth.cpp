// SPDX-License-Identifier: Apache-2.0
#include "guard/importing/condition.hpp"
#include "guard/importing/formats.hpp"

#include <re2/re2.h>

#include <fmt/format.h>

namespace guard::importing {
namespace {

constexpr Duration sustained_for = std::chrono::minutes(5);  // of what is no share of counters, as long as its range
constexpr std::string_view since_live = "{{ window_since_live \"5m\" }}";

// A key is written in two ways: in a file, and in a resource of Kubernetes.
struct Spelling {
  std::string_view in_file;
  std::string_view in_resource;
};

class SlothReader {
 public:
  SlothReader(const Document& document, Collection& out) : document_(document), out_(out) {}

  void read() {
    Fields root(document_, document_.root, "Sloth", out_);
    root.pass({"version", "apiVersion", "kind", "metadata", "status"});
    is_resource_ = document_.root->find("spec") != nullptr;
    auto spec = is_resource_ ? root.object("spec") : root;
    service_ = spec.text("service");
    spec.pass({"version"});
    spec.pass({"apiVersion", "kind", "metadata", "status"});
    for (const auto* slo : spec.list("slos")) read_slo(*slo);
    spec.leave_rest();
    if (is_resource_) root.leave_rest();
  }

 private:
  std::string_view key(const Spelling& spelling) const {
    return is_resource_ ? spelling.in_resource : spelling.in_file;
  }

  void read_slo(const config::Node& node) {
    Fields slo(document_, &node, text_at(node, {"name"}), out_);
    slo.pass({"name"});
    Draft draft{slo.owner(), slo.origin(), service_};
    const auto target = slo.number("objective");
    if (!target || *target <= 0 || *target >= 100)
      return slo.leave("objective", "`objective` is no percentage between 0 and 100");
    draft.sustained = sustained_for;
    if (const auto description = slo.words("description"); !description.empty())
      draft.annotations.emplace_back("description", description);
    draft.remark(
        fmt::format("Sloth allows {}% over 30 days and alerts when they are used up too fast; here the time "
                    "since the release is held against it",
                    text_of(100 - *target)));
    auto sli = slo.object("sli");
    const bool put = read_sli(draft, sli, (100 - *target) / 100);
    read_alerting(draft, slo.object("alerting"));
    slo.leave_rest();
    if (put) out_.keep(std::move(draft));
  }

  static std::string text_of(double value) { return fmt::format("{:.6g}", value); }

  // False where there is no query, which is said.
  bool read_sli(Draft& draft, Fields& sli, double most) {
    auto events = sli.object("events");
    auto raw = sli.object("raw");
    sli.pass({"plugin"});
    sli.leave_rest();
    const auto bad = query(events.text(key({"error_query", "errorQuery"})));
    const auto total = query(events.text(key({"total_query", "totalQuery"})));
    const auto ratio = query(raw.text(key({"error_ratio_query", "errorRatioQuery"})));
    if (!bad.empty() && !total.empty())
      put_share(draft, {bad, total, false}, most);
    else if (!ratio.empty())
      put_ratio(draft, ratio, most);
    else
      sli.leave("plugin", "its queries are not in the file; write out what the plugin makes of it");
    events.leave_rest();
    raw.leave_rest();
    return !(bad.empty() || total.empty()) || !ratio.empty();
  }

  static void put_ratio(Draft& draft, const std::string& query, double most) {
    put_held_where(draft, query, model::Comparison::less_equal, most);
  }

  // The range of the query, which Sloth fills in for each of its windows, is no longer than the release is live.
  static std::string query(std::string text) {
    static const re2::RE2 range(R"(\{\{\s*\.window\s*\}\})");
    re2::RE2::GlobalReplace(&text, range, std::string(since_live));
    return text;
  }

  static bool is_on(Fields& alert) { return alert.text("disable") != "true"; }

  // A page is what wakes people up: where there is one, a release is rolled back.
  void read_alerting(Draft& draft, Fields alerting) {
    auto page = alerting.object(key({"page_alert", "pageAlert"}));
    auto ticket = alerting.object(key({"ticket_alert", "ticketAlert"}));
    draft.action = !alerting.empty() && is_on(page) ? "rollback" : "warn";
    alerting.pass({"name"});
    for (auto* alert : {&page, &ticket}) alert->pass({"disable"});
    for (auto* fields : {&page, &ticket, &alerting}) {
      if (fields->find("labels") != nullptr)
        fields->leave("labels", "`labels` of its alerts: who is told is the routing's of Alertmanager");
      fields->leave_rest();
    }
  }

  Document document_;
  Collection& out_;
  bool is_resource_ = false;
  std::string service_;
};

}  // namespace

void read_sloth(const Documents& documents, Collection& out) {
  for (const auto& document : documents) SlothReader(document, out).read();
}

}  // namespace guard::importing
