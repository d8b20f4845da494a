// SPDX-License-Identifier: Apache-2.0
#include "guard/story/links.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/printable.hpp"
#include "guard/config/web_links.hpp"
#include "guard/http/url.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::story {
namespace {

using namespace std::chrono_literals;

// What is shown of the time around a release.
constexpr Duration around = 10min;
constexpr Duration usual_range = 1h;

// Other schemes run something or lead into the reader's own machine.
bool is_address(const std::string& text) {
  return is_printable(text) && http::parse_url(text).has_value();
}

std::string graph_of(const std::string& prometheus, const std::string& expr, const story::ReleaseView& view) {
  std::vector<std::pair<std::string, std::string>> fields{{"g0.expr", expr}, {"g0.tab", "0"}};
  auto range = usual_range;
  if (view.ended_at) {
    const auto end = format_time(*view.ended_at + around);
    fields.emplace_back("g0.end_input", end.substr(0, 10) + " " + end.substr(11, 8));
    range = *view.ended_at + around - (view.announced_at - around);
  }
  fields.emplace_back("g0.range_input", format_duration(std::chrono::ceil<std::chrono::minutes>(range)));
  return prometheus + "/graph?" + http::form_encode(fields);
}

std::vector<Link> alert_links(const story::RuleView& rule, const std::string& alertmanager) {
  std::vector<Link> out;
  for (std::size_t i = 0; i < rule.alerts.size(); ++i) {
    if (i < rule.alert_urls.size() && is_address(rule.alert_urls[i]))
      out.push_back({rule.alerts[i], rule.alert_urls[i]});
    if (alertmanager.empty()) continue;
    const auto filter = model::Matcher::make("alertname", model::MatchOp::equal, rule.alerts[i]);
    if (!filter) continue;
    const auto encoded = http::percent_encode("{" + filter->to_string() + "}");
    out.push_back({rule.alerts[i] + " in Alertmanager", fmt::format("{}/#/alerts?filter={}", alertmanager, encoded)});
  }
  if (out.empty() && !alertmanager.empty()) out.push_back({"Alertmanager", alertmanager + "/#/alerts"});
  return out;
}

// What a link of Slack or Markdown would end at, or take for a text of its own.
std::string inert(const std::string& address) {
  std::string out;
  for (const char c : address)
    out += std::string_view("|\\<>\"`").contains(c) ? http::percent_encode(std::string(1, c)) : std::string(1, c);
  return out;
}

}  // namespace

Outside outside_of(const config::Settings& settings) {
  return {settings.prometheus ? settings.prometheus->external_url : "", settings.alertmanager.external_url,
          settings.web_links};
}

std::vector<Link> links_of(const story::ReleaseView& view, const Outside& outside) {
  std::vector<Link> out;
  auto dashboard = config::dashboard_of(outside.web, view.spec.service, view.spec.environment);
  if (!dashboard.empty()) out.push_back({"Dashboard", std::move(dashboard)});
  for (const auto& [name, value] : view.spec.labels)
    if (is_address(value)) out.push_back({name, value});
  return out;
}

std::optional<std::string> run_link_of(const story::ReleaseView& view) {
  const auto run = view.spec.labels.find("run");
  if (run == view.spec.labels.end() || !is_address(run->second)) return std::nullopt;
  return inert(run->second);
}

std::vector<Link> links_of(const story::RuleView& rule, const story::ReleaseView& view, const Outside& outside) {
  if (rule.kind == model::RuleKind::alerts) return alert_links(rule, outside.alertmanager);
  if (!model::is_measured(rule.kind) || outside.prometheus.empty() || !rule.is_askable) return {};
  return {{"Prometheus", graph_of(outside.prometheus, rule.query, view)}};
}

}  // namespace guard::story
