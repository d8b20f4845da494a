// SPDX-License-Identifier: Apache-2.0
#include "guard/metrics/prometheus_client.hpp"

#include "guard/base/clock_tolerance.hpp"
#include "guard/base/json.hpp"
#include "guard/base/time_text.hpp"
#include "guard/http/url.hpp"
#include "guard/metrics/answer_decoder.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::metrics {
namespace {

constexpr const char* form_type = "application/x-www-form-urlencoded";

// Seconds with milliseconds, which every server reads.
std::string unix_time(WallTime at) {
  const auto ms = at.time_since_epoch().count();
  return fmt::format("{}.{:03}", ms / 1000, ms % 1000);
}

// Prometheus refuses units below a millisecond and a timeout of zero.
std::string in_milliseconds(Duration duration) {
  return fmt::format("{}ms", std::max<Duration::rep>(1, duration.count()));
}

model::SourceError not_answered(const Error& error) {
  const bool permanent =
      error.code == ErrorCode::invalid || error.code == ErrorCode::unauthorized || error.code == ErrorCode::too_large;
  return {model::Reason::query_failed, error.message, !permanent};
}

http::Request form(std::string path, const std::vector<std::pair<std::string, std::string>>& fields,
                   Duration deadline) {
  http::Request request;
  request.method = "POST";
  request.path = std::move(path);
  request.content_type = form_type;
  request.body = http::form_encode(fields);
  request.deadline = deadline;
  return request;
}

// An answer about another time than was asked for: a cache between, or a server that did not read `time`.
std::optional<model::SourceError> of_another_time(const std::vector<model::Sample>& samples, WallTime asked) {
  for (const auto& sample : samples)
    if (sample.at < asked - clock_tolerance || sample.at > asked + clock_tolerance)
      return model::SourceError{
          model::Reason::wrong_type,
          fmt::format("the answer is of {}, though {} was asked for: compare the clocks, and look "
                      "for a cache before prometheus.url",
                      time_text(sample.at), time_text(asked)),
          false};
  return std::nullopt;
}

// The server's words, if it refuses the query in the way of Prometheus. Others than Prometheus answer 400 to a path
// that they do not know, too, and 422 to what they cannot parse (VictoriaMetrics).
struct Refusal {
  std::string type;
  std::string message;
};

std::optional<Refusal> refusal(const http::Response& response) {
  const bool refused = response.status == 400 || response.status == 422;
  const auto body = refused ? parse_json(response.body) : fail(ErrorCode::invalid, "");
  if (!body) return std::nullopt;
  const auto envelope = JsonObject::of(*body, "");
  if (!envelope || envelope->string_or("status", "") != "error") return std::nullopt;
  return Refusal{envelope->string_or("errorType", "").value_or(""),
                 envelope->string_or("error", "no message").value_or("no message")};
}

// A second of 1970, of which no server has data.
constexpr WallTime long_ago{std::chrono::seconds(1)};

}  // namespace

PrometheusClient::PrometheusClient(http::Client client, Options options, const Clock& clock)
    : client_(std::move(client)), options_(std::move(options)), clock_(clock) {}

model::Samples PrometheusClient::ask(const std::string& path, Fields fields, Duration deadline, Take take) const {
  fields.emplace_back("timeout", in_milliseconds(deadline));
  fields.insert(fields.end(), options_.params.begin(), options_.params.end());
  const auto sent = clock_.now().wall;
  const auto response = client_.send(form(path, fields, deadline));
  if (!response) return std::unexpected(not_answered(response.error()));
  if (auto problem = http::compare_clocks(*response, {sent, clock_.now().wall}, options_.skew))
    return std::unexpected(model::SourceError{model::Reason::wrong_type, std::move(*problem), true});
  return judge(*response, take);
}

model::Samples PrometheusClient::judge(const http::Response& response, Take take) const {
  const RawAnswer answer{response.status, response.body, options_.accept_partial, take == Take::all};
  auto samples = decode_answer(answer);
  // What says nothing about it changes nothing.
  if (samples || !samples.error().transient) foreign_ = !samples && metrics::is_foreign(answer);
  return samples;
}

Result<void> PrometheusClient::probe(Duration deadline) const {
  const auto response =
      client_.send(form("/api/v1/query", {{"query", "vector(1)"}, {"time", unix_time(clock_.now().wall)}}, deadline));
  if (!response) return fail(ErrorCode::unavailable, response.error().message);
  const auto samples = judge(*response, Take::numbers);
  if (!samples)
    return fail(samples.error().transient ? ErrorCode::unavailable : ErrorCode::invalid, samples.error().message);
  if (samples->size() == 1 && samples->front().value == 1) return {};
  foreign_ = true;
  return fail(ErrorCode::invalid, "the answer to vector(1) is not 1; is prometheus.url that of another server?");
}

model::Samples PrometheusClient::query(const InstantQuery& query) {
  auto samples = ask("/api/v1/query", {{"query", query.expr}, {"time", unix_time(query.at)}}, query.deadline);
  if (samples)
    if (auto problem = of_another_time(*samples, query.at)) return std::unexpected(std::move(*problem));
  return samples;
}

// A matrix: a vector here means that the selector had no range, and its samples are taken for what they are.
model::Samples PrometheusClient::query_raw(const InstantQuery& query) {
  return ask("/api/v1/query", {{"query", query.expr}, {"time", unix_time(query.at)}}, query.deadline, Take::all);
}

model::Samples PrometheusClient::query_range(const RangeQuery& query) {
  return ask("/api/v1/query_range",
             {{"query", query.expr},
              {"start", unix_time(query.from)},
              {"end", unix_time(query.to)},
              {"step", in_milliseconds(query.step)}},
             query.deadline);
}

Result<void> PrometheusClient::check_syntax(const std::string& expr, Duration deadline) const {
  const auto response = client_.send(form("/api/v1/format_query", {{"query", expr}}, deadline));
  if (!response) return fail(ErrorCode::unavailable, response.error().message);
  if (auto said = refusal(*response); said && said->type == "bad_data")
    return fail(ErrorCode::invalid, std::move(said->message));
  const auto status = response->status;
  if (status == 400 || status == 404 || status == 405) return evaluate_long_ago(expr, deadline);
  const RawAnswer answer{status, response->body, true};
  if (status == 200 && !metrics::is_foreign(answer)) return {};
  const auto decoded = decode_answer(answer);
  return fail(ErrorCode::unavailable, decoded ? fmt::format("HTTP {}", status) : decoded.error().message);
}

Result<void> PrometheusClient::evaluate_long_ago(const std::string& expr, Duration deadline) const {
  const auto response = client_.send(form("/api/v1/query", {{"query", expr}, {"time", unix_time(long_ago)}}, deadline));
  if (!response) return fail(ErrorCode::unavailable, response.error().message);
  if (auto said = refusal(*response)) return fail(ErrorCode::invalid, std::move(said->message));
  const auto samples = decode_answer({response->status, response->body, true});
  if (!samples && samples.error().reason == model::Reason::query_failed)
    return fail(ErrorCode::unavailable, samples.error().message);
  if (!samples && metrics::is_foreign({response->status, response->body, true}))
    return fail(ErrorCode::unavailable, samples.error().message);
  return {};
}

Result<std::vector<std::string>> PrometheusClient::alertmanagers(Duration deadline) const {
  http::Request request;
  request.path = "/api/v1/alertmanagers";
  request.deadline = deadline;
  const auto response = client_.send(request);
  if (!response) return fail(ErrorCode::unavailable, response.error().message);
  if (response->status >= 500) return fail(ErrorCode::unavailable, fmt::format("HTTP {}", response->status));
  const auto silent = fail(ErrorCode::not_found, "it does not tell where it sends its alerts");
  const auto body = parse_json(response->body);
  const auto answer = body ? JsonObject::of(*body, "") : std::unexpected(body.error());
  const auto* data = answer ? answer->find("data") : nullptr;
  const auto* active = data && data->is_object() ? data->get_object().if_contains("activeAlertmanagers") : nullptr;
  if (active == nullptr || !active->is_array()) return silent;
  std::vector<std::string> out;
  for (const auto& one : active->get_array()) {
    const auto* url = one.is_object() ? one.get_object().if_contains("url") : nullptr;
    if (url == nullptr || !url->is_string()) return silent;
    out.emplace_back(url->get_string());
  }
  return out;
}

}  // namespace guard::metrics
