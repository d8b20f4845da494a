// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/history.hpp"

#include "guard/base/file.hpp"
#include "guard/cli/client_options.hpp"
#include "guard/cli/options.hpp"
#include "guard/cli/progress.hpp"
#include "guard/config/load.hpp"
#include "guard/replay/assigned.hpp"
#include "guard/replay/listed.hpp"
#include "guard/replay/succession.hpp"

#include <algorithm>
#include <iostream>
#include <iterator>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace guard::cli {
namespace {

constexpr Duration usual_deadline = std::chrono::seconds(30);

Result<std::shared_ptr<const config::Settings>> settings_of(const std::filesystem::path& file) {
  auto loaded = config::load_settings(file);
  if (!loaded.value) return fail(ErrorCode::invalid, config::format(loaded.diagnostics));
  if (!loaded.value->prometheus)
    return fail(ErrorCode::invalid, fmt::format("{} names no prometheus.url to ask", file.string()));
  return std::make_shared<const config::Settings>(std::move(*loaded.value));
}

config::PrometheusSettings plain_server(const std::string& url) {
  config::PrometheusSettings settings;
  settings.http.url = url;
  return settings;
}

Result<std::vector<replay::Release>> read_releases(const std::filesystem::path& file) {
  if (file == "-") {
    const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
    return replay::listed(text, "standard input");
  }
  const auto text = read_file(file);
  if (!text) return std::unexpected(text.error());
  return replay::listed(*text, file.string());
}

// The guard's list has no signals; each release by itself has them.
Result<std::vector<replay::Release>> ask_guard(const client::Connection& connection, const CommandContext& context) {
  const auto api = connect_to_guard(connection, context);
  if (!api) return std::unexpected(api.error());
  const auto list = api->get(client::releases_path({}));
  if (!list) return std::unexpected(list.error());
  const auto short_ones = replay::listed(*list, api->server());
  if (!short_ones) return short_ones;
  std::vector<replay::Release> out;
  for (const auto& known : *short_ones) {
    const auto body = api->get(client::release_path(known.spec.id));
    if (!body) return std::unexpected(body.error());
    auto whole = replay::listed(*body, api->server());
    if (!whole) return whole;
    out.insert(out.end(), whole->begin(), whole->end());
  }
  return out;
}

Result<std::vector<replay::Release>> find_releases(const std::string& marker, const OpenHistory& history,
                                                   const Groups& groups) {
  auto deploys = replay::find_deploys(*history.metrics, {history.from, history.to, marker, history.deadline});
  if (!deploys) return std::unexpected(deploys.error());
  return replay::assigned(*deploys, groups);
}

bool has_signals(const replay::Plan& plan) {
  return std::ranges::any_of(plan.releases, [](const auto& release) { return !release.signals.empty(); });
}

Groups without_signals(const Groups& groups) {
  Groups out;
  for (const auto& group : groups) {
    auto copy = std::make_shared<model::RuleGroup>(*group);
    std::erase_if(copy->rules, [](const auto& rule) { return rule.kind == model::RuleKind::signal; });
    out.push_back(std::move(copy));
  }
  return out;
}

bool has_kind(const replay::Plan& plan, model::RuleKind kind) {
  return std::ranges::any_of(plan.groups, [&](const auto& group) {
    return std::ranges::any_of(group->rules, [&](const auto& rule) { return rule.kind == kind; });
  });
}

}  // namespace

void add_history_options(CLI::App& command, HistoryOptions& options) {
  auto* url =
      command.add_option("--prometheus.url", options.prometheus_url, "The Prometheus to ask.")->type_name("URL");
  command
      .add_option("--config.file", options.config_file,
                  "Instead: the configuration file whose `prometheus` is asked, and whose rule files are judged.")
      ->type_name("FILE")
      ->excludes(url);
  add_time(command, "--from", options.from)->description("Releases that went live since then.");
  add_time(command, "--to", options.to)->description("Releases that went live before; now, if not given.");
  add_duration(command, "--last", options.last)->description("Instead of --from: as far back.")->default_str("30d");
  command.add_option("--service", options.service, "Only releases of this service.");
  command.add_option("--environment", options.environment, "Only releases in this environment.");
}

Result<OpenHistory> open_history(const HistoryOptions& options, const CommandContext& context) {
  OpenHistory out;
  auto server = plain_server(options.prometheus_url);
  if (!options.config_file.empty()) {
    auto settings = settings_of(options.config_file);
    if (!settings) return std::unexpected(settings.error());
    out.settings = *settings;
    server = *out.settings->prometheus;
  } else if (options.prometheus_url.empty()) {
    return fail(ErrorCode::invalid, "say which Prometheus to ask: --prometheus.url or --config.file");
  }
  auto metrics = context.metrics(server);
  if (!metrics) return std::unexpected(metrics.error());
  out.metrics = *metrics;
  out.server = server.http.url;
  out.to = options.to.value_or(context.clock->now().wall);
  out.from = options.from.value_or(out.to - options.last);
  if (out.from >= out.to) return fail(ErrorCode::invalid, "--from lies behind --to");
  out.deadline = std::max(usual_deadline, server.timeout);
  const auto answer = out.metrics->query({"vector(1)", out.to, out.deadline});
  if (!answer) return fail(ErrorCode::unavailable, fmt::format("{}: {}", out.server, answer.error().message));
  return out;
}

void add_release_source(CLI::App& command, ReleaseSource& source) {
  auto* file = command.add_option("--releases", source.file,
                                  "Releases as JSON: announcements, one a line, or a list; - is standard input.");
  file->type_name("FILE");
  auto* deploys =
      command.add_option("--deploys", source.marker,
                         "PromQL that marks deployments: its label `version` changes with them, or its value.");
  deploys->type_name("EXPR")->excludes(file);
  command.add_flag("--from-guard", source.from_guard, "The releases that a running guard knows, with their signals.")
      ->excludes(file)
      ->excludes(deploys);
  add_connection_options(command, source.connection);
}

Result<std::vector<replay::Release>> releases_of(const ReleaseSource& source, const OpenHistory& history,
                                                 const Groups& groups, const CommandContext& context) {
  if (!source.file.empty()) return read_releases(source.file);
  if (source.from_guard) return ask_guard(source.connection, context);
  return find_releases(source.marker, history, groups);
}

std::vector<replay::Release> chosen(std::vector<replay::Release> releases, const HistoryOptions& options,
                                    const OpenHistory& history) {
  auto all = replay::in_succession(std::move(releases));
  std::erase_if(all, [&](const replay::Release& release) {
    const auto& spec = release.spec;
    return (!options.service.empty() && spec.service != options.service) ||
           (!options.environment.empty() && spec.environment != options.environment) || *spec.live_at < history.from ||
           *spec.live_at > history.to;
  });
  return all;
}

Result<Groups> read_rules(const std::vector<std::filesystem::path>& files) {
  const auto loaded = config::load_rule_files(files);
  if (!loaded.value) return fail(ErrorCode::invalid, config::format(loaded.diagnostics));
  return loaded.value->groups;
}

std::string names_of(const std::vector<std::filesystem::path>& files) {
  std::string out;
  for (const auto& file : files) out += (out.empty() ? "" : ", ") + file.string();
  return out;
}

report::Side judge(const std::string& name, const replay::Plan& plan, const OpenHistory& history,
                   CommandContext& context) {
  Progress progress(context);
  auto judged = plan;
  if (!has_signals(plan)) judged.groups = without_signals(plan.groups);
  const replay::History past{*history.metrics, context.clock->now().wall, history.deadline};
  return {name, replay::backtest(judged, past, [&](std::size_t index) {
            progress.show_done(index, plan.releases.size(), name);
            return true;
          })};
}

std::vector<std::string> what_is_not_known(const replay::Plan& plan) {
  std::vector<std::string> out;
  if (has_kind(plan, model::RuleKind::alerts))
    out.emplace_back(
        "Rules on alerts are judged by the series ALERTS: what was silenced counts, and labels that Prometheus adds on "
        "the way to Alertmanager (external_labels) are not there.");
  if (has_kind(plan, model::RuleKind::signal) && !has_signals(plan))
    out.emplace_back("Rules on signals are left out: no signal of these releases is known.");
  return out;
}

}  // namespace guard::cli
