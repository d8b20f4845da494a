// SPDX-License-Identifier: Apache-2.0
#include "guard/receivers/wording.hpp"

#include "guard/alerts/own_alert_kind.hpp"
#include "guard/base/time_text.hpp"
#include "guard/http/url.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace guard::receivers {
namespace {

using alerts::OwnAlert;
using alerts::OwnAlertKind;

bool is(const OwnAlert& alert, OwnAlertKind kind) {
  return alert.labels.at("alertname") == to_string(kind);
}

std::string annotation(const OwnAlert& alert, const char* name) {
  const auto it = alert.annotations.find(name);
  return it == alert.annotations.end() ? "" : it->second;
}

// An http or https URL; a browser takes one with a fragment.
bool is_address(const std::string& url) {
  return http::parse_url(url.substr(0, url.find('#'))).has_value();
}

bool leads_somewhere(const std::string& url) {
  return url.size() <= longest_url && is_address(url);
}

Tone tone_of(const Message& message) {
  const auto severity = message.alert.labels.find("severity");
  if (message.over) return Tone::over;
  if (severity == message.alert.labels.end()) return Tone::neutral;
  if (severity->second == "critical") return Tone::danger;
  if (severity->second == "warning") return Tone::warning;
  // What is only told may be a release that breaks its objectives where nobody is to act.
  return is(message.alert, OwnAlertKind::release_passed) ? Tone::good : Tone::neutral;
}

std::string title_of(const Message& message) {
  auto title = annotation(message.alert, "summary");
  if (title.empty()) title = message.alert.labels.at("alertname");
  return message.over ? "No longer: " + title : title;
}

std::string versions_of(const OwnAlert& alert) {
  const auto version = annotation(alert, "version");
  const auto before = annotation(alert, "previous_version");
  return version.empty() || before.empty() ? version : version + ", before it " + before;
}

void add_facts(const OwnAlert& alert, std::vector<Fact>& out) {
  constexpr std::array<std::pair<const char*, const char*>, 4> shown{
      std::pair{"Why", "why"}, {"What to do", "advice"}, {"Whom to call", "contacts"}, {"The guard", "guard_did"}};
  for (const auto& [name, key] : shown)
    if (auto value = annotation(alert, key); !value.empty()) out.push_back({name, std::move(value)});
  out.push_back({"Since", time_text(alert.starts_at)});
}

// Where no link leads to the release, its id does, on the command line.
void add_way(const OwnAlert& alert, std::vector<Fact>& out) {
  const auto id = alert.labels.find("release");
  if (id == alert.labels.end() || leads_somewhere(annotation(alert, "page_url"))) return;
  out.push_back({"Release", id->second});
  if (is(alert, OwnAlertKind::awaiting_approval))
    out.push_back({"To approve it", "release-guard release approve " + id->second});
}

void add_links(const OwnAlert& alert, Wording& out) {
  constexpr std::array<std::pair<const char*, const char*>, 5> shown{std::pair{"Release", "page_url"},
                                                                     {"Report", "report_url"},
                                                                     {"Pipeline", "run_url"},
                                                                     {"Dashboard", "dashboard_url"},
                                                                     {"Runbook", "runbook_url"}};
  for (const auto& [name, key] : shown) {
    auto url = annotation(alert, key);
    if (leads_somewhere(url)) out.links.push_back({name, std::move(url)});
  }
  // As it is shipped, the runbook is a file.
  const auto runbook = annotation(alert, "runbook_url");
  if (!runbook.empty() && !is_address(runbook)) out.facts.push_back({"Runbook", runbook});
}

}  // namespace

Wording wording_of(const Message& message) {
  const auto& alert = message.alert;
  Wording out;
  out.tone = tone_of(message);
  out.title = title_of(message);
  if (auto page = annotation(alert, "page_url"); leads_somewhere(page)) out.url = std::move(page);
  if (auto text = annotation(alert, "description"); !message.over && !text.empty())
    out.paragraphs.push_back(std::move(text));
  if (message.told_before)
    out.paragraphs.emplace_back("This is sent once more: nobody knows whether it arrived the first time.");
  if (auto versions = versions_of(alert); !versions.empty()) out.facts.push_back({"Version", std::move(versions)});
  if (!message.over) add_facts(alert, out.facts);
  if (!message.over) add_way(alert, out.facts);
  add_links(alert, out);
  return out;
}

}  // namespace guard::receivers
