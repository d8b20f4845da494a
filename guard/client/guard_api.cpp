// SPDX-License-Identifier: Apache-2.0
#include "guard/client/guard_api.hpp"

#include "guard/base/file.hpp"
#include "guard/base/text.hpp"
#include "guard/http/url.hpp"

#include <chrono>

#include <fmt/format.h>

namespace guard::client {
namespace {

// Longer than the guard takes to answer with 503: what it says is worth more than that it is slow.
constexpr Duration call_deadline = std::chrono::seconds(20);
constexpr std::size_t largest_answer = std::size_t{16} << 20U;

ErrorCode code_of(int status) {
  switch (status) {
    case 400:
    case 422:
      return ErrorCode::invalid;
    case 401:
      return ErrorCode::unauthorized;
    case 403:
      return ErrorCode::forbidden;
    case 404:
      return ErrorCode::not_found;
    case 409:
      return ErrorCode::conflict;
    case 413:
      return ErrorCode::too_large;
    case 423:
      return ErrorCode::locked;
    case 503:
      return ErrorCode::unavailable;
    default:
      return ErrorCode::broken;
  }
}

// What the guard said, if it was the guard that answered.
std::optional<std::string> message_in(const std::string& body) {
  const auto value = parse_json(body);
  if (!value) return std::nullopt;
  const auto object = JsonObject::of(*value, "");
  if (!object) return std::nullopt;
  auto message = object->string("error");
  return message ? std::optional(std::move(*message)) : std::nullopt;
}

// A file that cannot be read is told as what it is, before the address is blamed for it.
Result<void> check_files(const Connection& connection) {
  if (connection.token_file)
    if (const auto token = read_secret(*connection.token_file); !token)
      return fail(ErrorCode::invalid,
                  fmt::format("--token-file or RELEASE_GUARD_TOKEN_FILE: {}", token.error().message));
  if (connection.ca_file)
    if (const auto ca = read_file(*connection.ca_file); !ca)
      return fail(ErrorCode::invalid, fmt::format("--ca-file: {}", ca.error().message));
  if (connection.cert_file)
    for (const auto& [option, path] :
         {std::pair{"--cert-file", *connection.cert_file}, {"--key-file", *connection.key_file}})
      if (const auto file = read_file(path); !file)
        return fail(ErrorCode::invalid, fmt::format("{}: {}", option, file.error().message));
  return {};
}

}  // namespace

Result<GuardApi> GuardApi::connect(const Connection& connection, const Connect& connect) {
  const auto server = connection.server.value_or(default_server);
  if (const auto url = http::parse_url(server); !url)
    return fail(ErrorCode::invalid,
                fmt::format("--server: {}; write for example {}", url.error().message, default_server));
  if (auto readable = check_files(connection); !readable) return std::unexpected(readable.error());
  auto send = connect(connection);
  if (!send) return fail(send.error().code, fmt::format("--server: {}", send.error().message));
  return GuardApi(server, connection.token_file ? "" : connection.not_shown, std::move(*send));
}

Result<std::string> GuardApi::get(const std::string& path) const {
  Request request;
  request.path = path;
  return call(std::move(request));
}

Result<std::string> GuardApi::post(const std::string& path, const json::object& body) const {
  Request request;
  request.method = "POST";
  request.path = path;
  request.body = json::serialize(body);
  return call(std::move(request));
}

Result<std::string> GuardApi::call(Request request) const {
  request.deadline = call_deadline;
  request.largest_answer = largest_answer;
  auto response = send_(request);
  if (!response) return std::unexpected(unreachable(response.error()));
  if (response->status < 200 || response->status > 299) return std::unexpected(refused(*response));
  return std::move(response->body);
}

Error GuardApi::unreachable(const Error& error) const {
  if (error.code == ErrorCode::unavailable)
    return {error.code, fmt::format("no guard answers at {}: is it running? give --server or RELEASE_GUARD_SERVER ({})",
                                    server_, error.message)};
  if (error.code == ErrorCode::invalid) return error;
  if (error.code == ErrorCode::timeout)
    return {error.code, fmt::format("the guard at {} did not answer within {}s; look at its log and at what lies "
                                    "between",
                                    server_, std::chrono::duration_cast<std::chrono::seconds>(call_deadline).count())};
  return {error.code, fmt::format("{}: {}", server_, error.message)};
}

Error GuardApi::refused(const Response& response) const {
  const auto code = code_of(response.status);
  if (const auto said = message_in(response.body)) return {code, fmt::format("{}{}", *said, advice(code))};
  return {code, fmt::format("{} answered HTTP {} and not as a guard does; is --server right, is a proxy in between?",
                            server_, response.status)};
}

std::string GuardApi::advice(ErrorCode code) const {
  if (code == ErrorCode::unauthorized)
    return fmt::format("; give a token with --token-file or RELEASE_GUARD_TOKEN_FILE{}",
                       not_shown_.empty() ? "" : fmt::format(" ({})", not_shown_));
  if (code == ErrorCode::forbidden) return "; give the token of another role with --token-file";
  return "";
}

std::string releases_path(const Query& query) {
  return "/api/v1/releases" + (query.empty() ? "" : "?" + http::form_encode(query));
}

std::string gate_path(const Query& query) {
  return "/api/v1/gate?" + http::form_encode(query);
}

std::string figures_path(const Query& query) {
  return "/api/v1/figures?" + http::form_encode(query);
}

std::string report_path(const Query& query) {
  return "/api/v1/report?" + http::form_encode(query);
}

std::string freeze_end_path(std::string_view id) {
  return fmt::format("{}/{}/end", freezes_path, http::percent_encode(id));
}

std::string release_path(std::string_view id, std::string_view rest) {
  return fmt::format("/api/v1/releases/{}{}", http::percent_encode(id), rest);
}

}  // namespace guard::client
