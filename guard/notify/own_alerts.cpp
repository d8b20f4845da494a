// SPDX-License-Identifier: Apache-2.0
#include "guard/notify/own_alerts.hpp"

#include "guard/config/web_links.hpp"
#include "guard/http/url.hpp"
#include "guard/notify/alert_words.hpp"
#include "guard/story/links.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::notify {
namespace {

using alerts::OwnAlert;
using Kind = OwnAlertKind;

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  return out;
}

OwnAlert marked(Kind kind, WallTime since, const config::WebLinks& links) {
  OwnAlert alert;
  alert.labels = {{"alertname", std::string(to_string(kind))},
                  {"severity", std::string(to_string(severity_of(kind)))},
                  alerts::own_mark};
  // The runbook has a heading for each alert, by its name.
  const auto& runbook = links.runbook_url;
  alert.annotations["runbook_url"] = (runbook.empty() ? "docs/runbook.md" : runbook) + "#" + lower(to_string(kind));
  alert.starts_at = since;
  return alert;
}

void annotate(OwnAlert& alert, const std::string& name, std::string text) {
  if (!text.empty()) alert.annotations[name] = std::move(text);
}

void link(OwnAlert& alert, const story::ReleaseView& release, const config::WebLinks& links) {
  const auto id = http::percent_encode(release.spec.id);
  if (!links.external_url.empty()) {
    alert.generator_url = fmt::format("{}/#/releases/{}", links.external_url, id);
    alert.annotations["page_url"] = alert.generator_url;
    alert.annotations["report_url"] = alert.generator_url + "/report";
  }
  if (auto run = story::run_link_of(release)) alert.annotations["run_url"] = std::move(*run);
  annotate(alert, "dashboard_url", config::dashboard_of(links, release.spec.service, release.spec.environment));
}

// What broke, and what the one who wrote the rule says is to be done about it.
void tell_of_rule(OwnAlert& alert, const story::ReleaseView& release, const std::string& slo) {
  annotate(alert, "slo", slo);
  const auto rule = std::ranges::find(release.rules, slo, &story::RuleView::slo);
  if (rule == release.rules.end()) return;
  annotate(alert, "objective", rule->objective);
  if (const auto advice = rule->annotations.find("advice"); advice != rule->annotations.end())
    annotate(alert, "advice", advice->second);
}

OwnAlert alert_of(const story::ReleaseView& release, const Message& message, const config::WebLinks& links) {
  auto alert = marked(message.kind, message.since, links);
  alert.labels["service"] = release.spec.service;
  alert.labels["environment"] = release.spec.environment;
  alert.labels["release"] = release.spec.id;
  annotate(alert, "summary", message.summary);
  annotate(alert, "description", message.description);
  annotate(alert, "why", message.why);
  annotate(alert, "guard_did", message.guard_did);
  annotate(alert, "version", release.spec.version);
  annotate(alert, "previous_version", release.spec.previous_version);
  const auto* cause = model::cause_of(release.decisions);
  if (!message.slo.empty())
    tell_of_rule(alert, release, message.slo);
  else if (cause != nullptr)
    tell_of_rule(alert, release, cause->slo);
  if (needs_person(message.kind)) annotate(alert, "contacts", model::contacts_text(release.contacts));
  link(alert, release, links);
  return alert;
}

OwnAlert alert_of(const engine::StoreTrouble& trouble, const config::WebLinks& links) {
  auto alert = marked(Kind::store_trouble, trouble.since, links);
  annotate(alert, "summary", "The guard's journal cannot be written.");
  annotate(alert, "description",
           "Nothing is decided and no rollback starts until it can: look at the disk of --storage.path.");
  annotate(alert, "why", trouble.why);
  annotate(alert, "guard_did", "refuses announcements and tries again at each change");
  annotate(alert, "page_url", links.external_url);
  alert.generator_url = links.external_url;
  return alert;
}

Severity severity_in(const OwnAlert& alert) {
  return from_string<Severity>(alert.labels.at("severity")).value_or(Severity::info);
}

}  // namespace

std::vector<OwnAlert> own_alerts(const std::vector<story::ReleaseView>& releases, const engine::Health& health,
                                 const config::WebLinks& links, WallTime now) {
  std::vector<OwnAlert> out;
  if (health.store_trouble) out.push_back(alert_of(*health.store_trouble, links));
  for (const auto& release : releases)
    for (const auto& message : messages_of(release, now)) out.push_back(alert_of(release, message, links));
  std::ranges::stable_sort(out, std::ranges::greater{}, severity_in);
  return out;
}

}  // namespace guard::notify
