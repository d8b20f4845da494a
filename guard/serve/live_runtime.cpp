// SPDX-License-Identifier: Apache-2.0
#include "guard/serve/live_runtime.hpp"

#include "guard/alerts/alertmanager_client.hpp"
#include "guard/alerts/alertmanager_sink.hpp"
#include "guard/api/tls.hpp"
#include "guard/base/system_clock.hpp"
#include "guard/config/source.hpp"
#include "guard/core/blindness.hpp"
#include "guard/core/within.hpp"
#include "guard/hooks/hook_table.hpp"
#include "guard/metrics/coalescing_source.hpp"
#include "guard/metrics/prometheus_client.hpp"
#include "guard/promql/metric_name.hpp"
#include "guard/serve/inspection.hpp"
#include "guard/serve/stand_in.hpp"

#include <optional>
#include <set>

#include <fmt/format.h>

namespace guard::serve {
namespace {

constexpr Duration one_rehearsal = std::chrono::seconds(2);

// The program that runs now, also after its file was replaced by an upgrade: a supervisor speaks this guard's version.
constexpr auto this_program = "/proc/self/exe";

http::SkewObserver observer(const RuntimeContext& context, std::string_view server) {
  return [tell = context.skew, server](Duration skew) { tell(server, skew); };
}

Result<std::shared_ptr<metrics::PrometheusClient>> prometheus_client(const config::PrometheusSettings& settings,
                                                                     const RuntimeContext& context) {
  auto client = http::Client::make(settings.http, context.clock);
  if (!client) return fail(client.error().code, "prometheus: " + client.error().message);
  return std::make_shared<metrics::PrometheusClient>(
      std::move(*client),
      metrics::PrometheusClient::Options{settings.params, settings.accept_partial, observer(context, "prometheus")},
      context.clock);
}

Result<std::vector<http::Client>> alertmanager_clients(const config::AlertmanagerSettings& settings,
                                                       const Clock& clock) {
  std::vector<http::Client> servers;
  for (const auto& server : settings.servers) {
    auto client = http::Client::make(server, clock);
    if (!client) return fail(client.error().code, "alertmanager: " + client.error().message);
    servers.push_back(std::move(*client));
  }
  return servers;
}

// Both ways to the Alertmanagers: what fires there, and what the guard has to say.
Result<void> join_alertmanagers(const config::AlertmanagerSettings& settings, const RuntimeContext& context,
                                engine::Runtime& runtime) {
  if (settings.servers.empty()) return {};
  auto readers = alertmanager_clients(settings, context.clock);
  if (!readers) return std::unexpected(readers.error());
  runtime.alertmanager = std::make_shared<alerts::AlertmanagerClient>(
      std::move(*readers), alerts::AlertmanagerClient::Options{settings.warm_up, observer(context, "alertmanager")},
      context.clock);
  runtime.alerts = runtime.alertmanager;
  if (!settings.push) return {};
  auto writers = alertmanager_clients(settings, context.clock);
  if (!writers) return std::unexpected(writers.error());
  for (auto& writer : *writers)
    runtime.alert_sinks.push_back(std::make_shared<alerts::AlertmanagerSink>(std::move(writer), settings.timeout));
  return {};
}

// What is asked at the start.
struct RehearsedSource {
  metrics::PrometheusClient& client;
  const QuestionTime& time;
  bool answers = true;  // one that once did not is not asked on: the start must not wait for it again and again
};

config::Diagnostic refusal(const config::Diagnostic& place, const std::string& why) {
  return config::diagnose(place, {model::Finding::refused, "Prometheus refuses the expression: " + why});
}

config::Diagnostic no_prometheus(const config::Diagnostic& place, const std::string& why) {
  return config::diagnose(place, {model::Finding::no_prometheus, "no Prometheus answers there: " + why});
}

std::vector<model::Sample> series_now(RehearsedSource& source, const std::string& expr) {
  if (!source.answers) return {};
  auto series = source.client.query({expr, source.time.now().wall, source.time.at_most(one_rehearsal)});
  source.answers = series.has_value();
  return series.value_or(std::vector<model::Sample>());
}

// Of `good`: where `total` has series and it has none, everything would be bad.
std::optional<model::Remark> finds_no_good(const model::Rule& rule, const config::Expression& expression,
                                           const promql::Subject& subject, RehearsedSource& source) {
  if (!rule.share || !rule.share->part_is_good || expression.text != *rule.share->part) return std::nullopt;
  const auto good = rule.share->part->render(subject);
  const auto total = rule.share->total->render(subject);
  if (!good || !total || !series_now(source, fmt::format("count({})", *good)).empty() ||
      series_now(source, fmt::format("count({})", *total)).empty())
    return std::nullopt;
  std::vector<std::string> bounds;
  const auto name = promql::metric_name(*good);
  for (const auto& sample : series_now(source, fmt::format("count by (le) ({})", name)))
    if (const auto le = sample.labels.find("le"); le != sample.labels.end()) bounds.push_back(le->second);
  return model::Remark{
      model::Finding::cannot_break, "`good` selects no series where `total` has some, so that all would be bad",
      fmt::format("compare its labels with the server's{}",
                  bounds.empty() ? "" : fmt::format(", which has an `le` of {}", fmt::join(bounds, ", ")))};
}

// Of a native histogram: where the server has a classic one in its place.
std::optional<model::Remark> is_classic(const model::Rule& rule, const config::Expression& expression,
                                        const promql::Subject& subject, RehearsedSource& source) {
  if (!rule.share || !rule.share->within || expression.text != *rule.share->total) return std::nullopt;
  const auto selector = rule.share->total->render(subject);
  if (!selector || !series_now(source, fmt::format("count({})", *selector)).empty()) return std::nullopt;
  return core::classic_instead(*selector, series_now(source, core::classic_bounds_query(*selector)));
}

std::optional<model::Remark> why_blind(const model::Rule& rule, const config::Expression& expression,
                                       const promql::Subject& subject, RehearsedSource& source) {
  if (auto why = is_classic(rule, expression, subject, source)) return why;
  if (auto why = finds_no_good(rule, expression, subject, source)) return why;
  if (!rule.expr || expression.text != *rule.expr) return std::nullopt;
  const auto expr = rule.expr->render(subject);
  std::vector<model::Sample> bounds;
  for (const auto& query : core::bounds_queries(rule, expr.value_or("")))
    std::ranges::copy(series_now(source, query), std::back_inserter(bounds));
  return core::blindness(rule, expr.value_or(""), bounds);
}

// Asks about each expression once, however many rules use it.
void rehearse_queries(const config::Settings& settings, RehearsedSource source, Rehearsal& rehearsal) {
  std::set<std::string> asked;
  for (const auto& expression : settings.expressions) {
    // What needs a label of the release cannot be filled in here; the first round will tell.
    const auto subject = stand_in(*settings.groups[expression.group], "value");
    const auto text = expression.text.render(subject);
    if (!text || !asked.insert(*text).second) continue;
    if (source.time.is_over()) {
      rehearsal.silence = out_of_time;
      break;
    }
    const auto checked = source.client.check_syntax(*text, source.time.at_most(one_rehearsal));
    const auto* rule = rule_of(settings, expression);
    if (auto why = checked && rule ? why_blind(*rule, expression, subject, source) : std::nullopt)
      rehearsal.blind.items.push_back(config::diagnose(expression.place, std::move(*why)));
    if (checked) continue;
    if (checked.error().code != ErrorCode::invalid) {
      rehearsal.silence = checked.error().message;
      break;
    }
    rehearsal.refused.items.push_back(refusal(expression.place, checked.error().message));
  }
  config::sort(rehearsal.refused);
  config::sort(rehearsal.blind);
}

}  // namespace

Result<engine::RuntimePtr> make_runtime(std::shared_ptr<const config::Settings> settings,
                                        const RuntimeContext& context) {
  auto runtime = std::make_shared<engine::Runtime>();
  runtime->settings = std::move(settings);
  const auto& from = *runtime->settings;
  if (from.prometheus) {
    auto client = prometheus_client(*from.prometheus, context);
    if (!client) return std::unexpected(client.error());
    runtime->prometheus = std::move(*client);
    runtime->metrics = std::make_shared<metrics::CoalescingSource>(runtime->prometheus);
  }
  if (auto joined = join_alertmanagers(from.alertmanager, context, *runtime); !joined)
    return std::unexpected(joined.error());
  if (from.web_tls)
    if (const auto usable = api::make_tls_context(*from.web_tls); !usable) return std::unexpected(usable.error());
  for (const auto& receiver : from.receivers) {
    auto made = receivers::make_receiver(receiver, from.web_links.external_url, context.clock);
    if (!made) return std::unexpected(made.error());
    runtime->receivers.push_back(std::move(*made));
  }
  const hooks::HookContext hook_context{{context.state, this_program, context.clock},
                                        {context.clock, let_pass, context.state}};
  for (const auto& hook : from.hooks) {
    auto made = hooks::make_hook(hook, hook_context);
    if (!made) return std::unexpected(made.error());
    runtime->hooks.emplace(hook.name, std::move(*made));
  }
  return runtime;
}

Result<std::shared_ptr<metrics::MetricsSource>> open_metrics(const config::PrometheusSettings& settings) {
  static const SystemClock clock;
  return prometheus_client(settings, {clock, {}});
}

Rehearsal rehearse(const engine::Runtime& runtime, const QuestionTime& time) {
  Rehearsal rehearsal;
  if (!runtime.prometheus) return rehearsal;
  const auto& settings = *runtime.settings;
  if (time.is_over())
    rehearsal.silence = out_of_time;
  else if (const auto there = runtime.prometheus->probe(time.at_most(one_rehearsal)); there)
    rehearse_queries(settings, RehearsedSource{*runtime.prometheus, time}, rehearsal);
  else if (there.error().code == ErrorCode::invalid)
    rehearsal.foreign = no_prometheus(settings.prometheus->place, there.error().message);
  else
    rehearsal.silence = there.error().message;
  return rehearsal;
}

Result<Rehearsal> try_out(const std::shared_ptr<const config::Settings>& settings) {
  const SystemClock clock;
  const auto runtime = make_runtime(settings, {clock, {}});
  if (!runtime) return std::unexpected(runtime.error());
  return look_at(**runtime, QuestionTime(clock));
}

Rehearsal look_at(const engine::Runtime& runtime, const QuestionTime& time) {
  auto rehearsal = rehearse(runtime, time);
  if (runtime.prometheus && rehearsal.silence.empty() && !rehearsal.foreign && !rehearsal.refused.has_errors())
    inspect(*runtime.settings, *runtime.prometheus, time, rehearsal);
  return rehearsal;
}

}  // namespace guard::serve
