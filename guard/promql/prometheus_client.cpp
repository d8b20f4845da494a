// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/prometheus_client.hpp"

#include "guard/base/clock_tolerance.hpp"
#include "guard/base/duration.hpp"
#include "guard/base/json.hpp"
#include "guard/promql/answer_decoder.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::promql {
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

core::SourceError not_answered(const Error& error) {
  const bool permanent =
      error.code == ErrorCode::invalid || error.code == ErrorCode::unauthorized || error.code == ErrorCode::too_large;
  return {core::Reason::query_failed, error.message, !permanent};
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
std::optional<core::SourceError> of_another_time(const std::vector<core::Sample>& samples, WallTime asked) {
  for (const auto& sample : samples)
    if (sample.at < asked - clock_tolerance || sample.at > asked + clock_tolerance)
      return core::SourceError{core::Reason::wrong_type,
                               fmt::format("the answer is of {}, though {} was asked for: compare the clocks, and look "
                                           "for a cache before prometheus.url",
                                           format_time(sample.at), format_time(asked)),
                               false};
  return std::nullopt;
}

// The server's words, if it says that it cannot parse the query. Others than Prometheus answer 400 to a path that they
// do not know, too.
std::optional<std::string> syntax_error(const http::Response& response) {
  const auto body = response.status == 400 ? parse_json(response.body) : fail(ErrorCode::invalid, "");
  if (!body) return std::nullopt;
  const auto envelope = JsonObject::of(*body, "");
  if (!envelope || envelope->string_or("errorType", "") != "bad_data") return std::nullopt;
  return envelope->string_or("error", "no message").value_or("no message");
}

}  // namespace

PrometheusClient::PrometheusClient(http::Client client, Options options, const Clock& clock)
    : client_(std::move(client)), options_(std::move(options)), clock_(clock) {}

core::Samples PrometheusClient::ask(const std::string& path, Fields fields, Duration deadline) const {
  fields.emplace_back("timeout", in_milliseconds(deadline));
  fields.insert(fields.end(), options_.params.begin(), options_.params.end());
  const auto sent = clock_.now().wall;
  const auto response = client_.send(form(path, fields, deadline));
  if (!response) return std::unexpected(not_answered(response.error()));
  if (auto problem = http::compare_clocks(*response, {sent, clock_.now().wall}, options_.skew))
    return std::unexpected(core::SourceError{core::Reason::wrong_type, std::move(*problem), true});
  return decode_answer({response->status, response->body, options_.accept_partial});
}

core::Samples PrometheusClient::query(const InstantQuery& query) {
  auto samples = ask("/api/v1/query", {{"query", query.expr}, {"time", unix_time(query.at)}}, query.deadline);
  if (samples)
    if (auto problem = of_another_time(*samples, query.at)) return std::unexpected(std::move(*problem));
  return samples;
}

core::Samples PrometheusClient::query_range(const RangeQuery& query) {
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
  if (auto said = syntax_error(*response)) return fail(ErrorCode::invalid, std::move(*said));
  const auto status = response->status;
  if (status == 200 || status == 400 || status == 404 || status == 405) return {};
  const auto answer = decode_answer({status, response->body, false});
  return fail(ErrorCode::unavailable, answer ? fmt::format("HTTP {}", status) : answer.error().message);
}

}  // namespace guard::promql
