// SPDX-License-Identifier: Apache-2.0
#include "guard/config/settings_parser.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/file.hpp"
#include "guard/base/text.hpp"
#include "guard/config/access_parser.hpp"
#include "guard/config/hook_parser.hpp"
#include "guard/config/http_parser.hpp"
#include "guard/config/matchers.hpp"
#include "guard/config/receiver_parser.hpp"
#include "guard/config/shown.hpp"
#include "guard/config/trusted_file.hpp"
#include "guard/model/freeze.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

namespace guard::config {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t shortest_token = 16;
constexpr int most_breaker_services = 10000;

// Where people reach something, without a slash at its end; empty where that is not said.
std::string read_external_url(const ObjectReader& object) {
  const auto* node = object.find("external_url");
  auto url = node == nullptr ? std::string() : read_url(object.report(), *node, "`external_url`", Query::refused);
  while (url.ends_with('/')) url.pop_back();
  return url;
}

PrometheusSettings read_prometheus(const ObjectReader& object, const fs::path& base) {
  constexpr std::array<std::string_view, 6> own{"query", "time", "timeout", "start", "end", "step"};
  PrometheusSettings prometheus;
  prometheus.http = read_http(object, base);
  prometheus.place = object.report().at(object.offset_of("url"));
  if (const auto* url = object.find("url"))
    prometheus.http.url = read_url(object.report(), *url, "`url`", Query::refused);
  prometheus.timeout = object.positive_duration_or_default("timeout");
  prometheus.params = object.texts_by_name("params");
  prometheus.accept_partial = object.boolean_or_default("accept_partial");
  prometheus.external_url = read_external_url(object);
  for (const auto& [name, value] : prometheus.params)
    if (std::ranges::find(own, name) != own.end())
      object.report().error(object.find("params")->find(name)->key_offset,
                            fmt::format("`params`: the guard sets `{}` itself; delete it", name));
  return prometheus;
}

AlertmanagerSettings read_alertmanager(const ObjectReader& object, const fs::path& base) {
  AlertmanagerSettings alertmanager;
  auto http = read_http(object, base);
  alertmanager.timeout = object.positive_duration_or_default("timeout");
  alertmanager.warm_up = object.duration_or_default("warm_up");
  alertmanager.push = object.boolean_or_default("push");
  alertmanager.external_url = read_external_url(object);
  for (const auto* node : object.list("urls")) {
    http.url = read_url(object.report(), *node, "an entry of `urls`", Query::refused);
    alertmanager.servers.push_back(http);
  }
  return alertmanager;
}

// Reports the second of two entries with one name; `what` is what they are ("hook").
void check_unique(const Report& report, std::map<std::string, std::size_t>& seen, const std::string& name,
                  const Node& entry, std::string_view what) {
  const auto* node = entry.find("name");
  if (name.empty() || node == nullptr) return;
  const auto [first, fresh] = seen.emplace(name, node->offset);
  if (!fresh)
    report.error(node->offset, fmt::format("another {} is named \"{}\", on line {}; rename one", what,
                                           shorten(name, 80), report.source().position(first->second).line));
}

void read_hooks(const ObjectReader& file, const fs::path& base, ParsedSettings& out) {
  std::map<std::string, std::size_t> seen;
  for (const auto* node : file.list("hooks")) {
    auto hook = parse_hook(file.report(), *node, base);
    check_unique(file.report(), seen, hook.name, *node, "hook");
    const auto* name = node->find("name");
    out.hooks_at.push_back(name == nullptr ? node->offset : name->offset);
    out.settings.hooks.push_back(std::move(hook));
  }
  const auto& hooks = out.settings.hooks;
  const bool nameless = std::ranges::any_of(hooks, [](const HookSettings& hook) { return hook.name.empty(); });
  out.hooks_known = !nameless && hooks.empty() != file.given("hooks");
}

void read_receivers(const ObjectReader& file, const fs::path& base, std::vector<ReceiverSettings>& receivers) {
  std::map<std::string, std::size_t> seen;
  for (const auto* node : file.list("receivers")) {
    receivers.push_back(parse_receiver(file.report(), *node, base));
    check_unique(file.report(), seen, receivers.back().name, *node, "receiver");
  }
  if (receivers.size() > most_receivers)
    file.error("receivers",
               fmt::format("`receivers` has {} entries; at most {} can be told", receivers.size(), most_receivers));
}

// Why the text cannot be sent as a bearer token (RFC 6750, 2.1), or nothing; never says what it is.
std::string token_problem(const std::string& text) {
  if (text.size() < shortest_token)
    return fmt::format("holds fewer than {} characters; make a longer token, for example with `openssl rand -hex 32`",
                       shortest_token);
  if (std::ranges::any_of(text, [](char c) { return c <= 0x20 || c >= 0x7F; }))
    return "holds characters that a bearer token cannot have; use letters and digits";
  return {};
}

// What the file under `key` holds, as far as it may be used; `problem_of` says why it may not. Both are reported.
Secret read_secret_file(const ObjectReader& object, std::string_view key, const fs::path& base,
                        std::string (*problem_of)(const std::string&)) {
  const auto path = read_path(object, key, base);
  if (!path) return {};
  if (const auto problem = exposure(*path); !problem.empty()) object.error(key, fmt::format("`{}`: {}", key, problem));
  const auto secret = read_secret(*path);
  if (!secret) {
    object.error(key, fmt::format("`{}`: {}", key, secret.error().message));
    return {};
  }
  if (const auto problem = problem_of(secret->reveal()); !problem.empty())
    object.error(key, fmt::format("`{}`: {} {}", key, path->string(), problem));
  return *secret;
}

TokenSettings read_token(const ObjectReader& object, const fs::path& base) {
  TokenSettings token;
  token.name = object.text_or_default("name");
  token.role = object.choice<Role>("role").value_or(Role::read);
  token.token = read_secret_file(object, "token_file", base, token_problem);
  token.on_behalf_of = read_on_behalf_of(object);
  return token;
}

// Why the text does not prove who signs with it, or nothing; never says what it is.
std::string webhook_secret_problem(const std::string& text) {
  if (text.size() >= shortest_token) return {};
  return fmt::format("holds fewer than {} characters; make a longer secret, for example with `openssl rand -hex 32`",
                     shortest_token);
}

EventSettings read_events(const ObjectReader& object, const fs::path& base) {
  EventSettings events;
  events.services = object.texts_by_name("services");
  events.environments = object.texts_by_name("environments");
  const auto* node = object.find("github");
  if (node == nullptr) return events;
  const ObjectReader github(object.report(), *node, objects::github_events);
  if (node->kind != NodeKind::map) return events;
  events.github.emplace();
  events.github->secret = read_secret_file(github, "secret_file", base, webhook_secret_problem);
  events.github->version = github.choice<GitHubVersion>("version").value_or(GitHubVersion::ref);
  return events;
}

void read_tokens(const ObjectReader& file, const fs::path& base, std::vector<TokenSettings>& tokens) {
  std::map<std::string, std::size_t> seen;
  for (const auto* node : file.list("tokens")) {
    const ObjectReader object(file.report(), *node, objects::token);
    if (node->kind != NodeKind::map) continue;
    auto token = read_token(object, base);
    check_unique(file.report(), seen, token.name, *node, "token");
    const auto same = std::ranges::find_if(tokens, [&](const TokenSettings& other) {
      return !token.token.empty() && other.token.equals(token.token.reveal());
    });
    if (same != tokens.end())
      object.error("token_file",
                   fmt::format("this token is the same as that of \"{}\"; give each its own", same->name));
    tokens.push_back(std::move(token));
  }
}

WebLinks read_web_links(const ObjectReader& web) {
  WebLinks links;
  links.external_url = read_external_url(web);
  if (const auto* node = web.find("dashboard_url"))
    links.dashboard_url = read_url(web.report(), *node, "`dashboard_url`", Query::allowed);
  if (const auto* node = web.find("runbook_url"))
    links.runbook_url = read_url(web.report(), *node, "`runbook_url`", Query::refused);
  return links;
}

std::optional<WebTls> read_web_tls(const ObjectReader& web, const fs::path& base) {
  const auto* node = web.find("tls_server_config");
  if (node == nullptr) return std::nullopt;
  const ObjectReader object(web.report(), *node, objects::web_tls);
  WebTls tls;
  tls.cert_file = read_readable_file(object, "cert_file", base).value_or(fs::path());
  tls.key_file = read_readable_file(object, "key_file", base).value_or(fs::path());
  tls.client_ca_file = read_readable_file(object, "client_ca_file", base);
  tls.clients = read_clients(object);
  return tls;
}

void read_breaker(const ObjectReader& object, Brakes& brakes) {
  brakes.breaker_services = object.integer_or_default("services", 0, most_breaker_services);
  brakes.breaker_within = object.positive_duration_or_default("within");
  if (brakes.breaker_services == 1)
    object.error("services",
                 "`services` must be 2 or more, or 0 for no breaker; with 1 nothing would ever be rolled back");
}

Brakes read_brakes(const Report& report, const Node* node, const fs::path& base) {
  static const Node nothing = [] {
    Node empty;
    empty.kind = NodeKind::map;
    return empty;
  }();
  Brakes brakes;
  const ObjectReader object(report, node == nullptr ? nothing : *node, objects::brakes);
  const auto* breaker = object.find("breaker");
  read_breaker(ObjectReader(report, breaker == nullptr ? nothing : *breaker, objects::breaker), brakes);
  brakes.kill_switch_file = read_path(object, "kill_switch_file", base);
  std::error_code error;
  if (brakes.kill_switch_file && !fs::is_directory(brakes.kill_switch_file->parent_path(), error))
    report.remark(object.offset_of("kill_switch_file"),
                  {model::Finding::no_kill_switch_folder,
                   fmt::format("`kill_switch_file`: {} does not exist, so nobody can put the file there in a hurry",
                               brakes.kill_switch_file->parent_path().string())});
  return brakes;
}

std::optional<WallTime> read_time(const ObjectReader& object, std::string_view key) {
  const auto text = object.text(key);
  if (!text) return std::nullopt;
  const auto time = parse_time(*text);
  if (time) return *time;
  object.error(key, fmt::format("`{}`: {}", key, time.error().message));
  return std::nullopt;
}

model::Span read_span(const ObjectReader& object) {
  for (const auto* key : {"from", "until"}) object.missing(key);
  const auto from = read_time(object, "from");
  const auto until = read_time(object, "until");
  if (from && until && *until <= *from) object.error("until", "`until` must be later than `from`");
  return {from.value_or(WallTime{}), until.value_or(WallTime{})};
}

// What `read` makes of the text under `key`; what is wrong is reported and reads as nothing.
template <class T>
std::optional<T> read_as(const ObjectReader& object, std::string_view key, Result<T> (*read)(const std::string&)) {
  const auto text = object.text(key);
  if (!text) return std::nullopt;
  auto value = read(*text);
  if (value) return std::move(*value);
  object.error(key, fmt::format("`{}`: {}", key, value.error().message));
  return std::nullopt;
}

std::optional<Weekly> read_weekly(const ObjectReader& object) {
  for (const auto* key : {"from", "until"})
    if (object.given(key))
      object.error(key,
                   fmt::format("a freeze has `from` and `until`, or `weekly` with `time_zone`; leave `{}` out", key));
  for (const auto* key : {"weekly", "time_zone"}) object.missing(key);
  auto part = read_as<model::WeekPart>(object, "weekly", [](const auto& text) { return model::parse_week_part(text); });
  auto zone = read_as<TimeZone>(object, "time_zone", TimeZone::load);
  if (!part || !zone) return std::nullopt;
  return Weekly{*part, std::move(*zone)};
}

FreezeSettings read_freeze(const ObjectReader& object) {
  FreezeSettings freeze;
  freeze.match = read_matchers(object, "match");
  if (!object.given("weekly") && !object.given("time_zone"))
    freeze.when = read_span(object);
  else if (auto weekly = read_weekly(object))
    freeze.when = std::move(*weekly);
  freeze.reason = object.text_or_default("reason");
  freeze.allow = object.given("allow") ? object.choices<model::ReleaseKind>("allow") : model::allowed_in_freezes;
  return freeze;
}

}  // namespace

ParsedSettings parse_settings(const Source& source, const fs::path& base, Diagnostics& diagnostics) {
  ParsedSettings out;
  auto& settings = out.settings;
  const Report report(source, diagnostics);
  const auto root = read_yaml(report);
  if (!root) return out;
  const ObjectReader file(report, *root, objects::settings);
  settings.shown = shown_text(*root, objects::settings);
  out.prometheus_given = file.given("prometheus");
  if (const auto* node = file.find("prometheus"))
    settings.prometheus = read_prometheus(ObjectReader(report, *node, objects::prometheus), base);
  if (const auto* node = file.find("alertmanager"))
    settings.alertmanager = read_alertmanager(ObjectReader(report, *node, objects::alertmanager), base);
  for (const auto* node : file.list("rule_files"))
    if (auto pattern = read_text(report, *node, "an entry of `rule_files`"))
      out.rule_globs.push_back({std::move(*pattern), node->offset});
  read_hooks(file, base, out);
  read_receivers(file, base, settings.receivers);
  read_tokens(file, base, settings.tokens);
  settings.stay_signed_in = default_duration(objects::web, "stay_signed_in");
  if (const auto* node = file.find("web")) {
    const ObjectReader web(report, *node, objects::web);
    settings.web_tls = read_web_tls(web, base);
    settings.web_users = read_users(web);
    settings.web_links = read_web_links(web);
    settings.stay_signed_in = web.duration_or_default("stay_signed_in");
  }
  settings.brakes = read_brakes(report, file.find("brakes"), base);
  for (const auto* node : file.list("freezes"))
    settings.freezes.push_back(read_freeze(ObjectReader(report, *node, objects::freeze)));
  if (const auto* node = file.find("events"))
    settings.events = read_events(ObjectReader(report, *node, objects::events), base);
  return out;
}

PrometheusSettings prometheus_at(const Report& url) {
  Node node;
  node.kind = NodeKind::scalar;
  node.text = url.source().text();
  PrometheusSettings prometheus;
  prometheus.place = url.at(0);
  prometheus.http.url = read_url(url, node, "`--prometheus.url`", Query::refused);
  prometheus.timeout = default_duration(objects::prometheus, "timeout");
  return prometheus;
}

}  // namespace guard::config
