// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/history.hpp"

#include "guard/cli/options.hpp"
#include "guard/config/load.hpp"
#include "guard/replay/succession.hpp"

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

}  // namespace guard::cli
