// SPDX-License-Identifier: Apache-2.0
#include "guard/api/message.hpp"

#include "guard/base/json.hpp"
#include "guard/base/text.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace guard::api {
namespace {

struct Meaning {
  int status = 500;
  std::string_view name = "internal";
};

Meaning meaning_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid:
      return {400, "invalid"};
    case ErrorCode::unauthorized:
      return {401, "unauthorized"};
    case ErrorCode::forbidden:
      return {403, "forbidden"};
    case ErrorCode::not_found:
      return {404, "not_found"};
    case ErrorCode::conflict:
      return {409, "conflict"};
    case ErrorCode::locked:
      return {423, "locked"};
    case ErrorCode::too_large:
      return {413, "too_large"};
    case ErrorCode::timeout:
      return {503, "timeout"};
    case ErrorCode::unavailable:
      return {503, "unavailable"};
    case ErrorCode::broken:
      return {502, "broken"};
    case ErrorCode::internal:
      return {500, "internal"};
  }
  return {};
}

}  // namespace

std::string Request::header(const std::string& lower_case_name) const {
  const auto it = headers.find(lower_case_name);
  return it == headers.end() ? "" : it->second;
}

std::string Request::parameter(const std::string& name) const {
  const auto it = query.find(name);
  return it == query.end() ? "" : it->second;
}

std::vector<std::string> Request::list(const std::string& name) const {
  const auto it = lists.find(name);
  return it == lists.end() ? std::vector<std::string>() : it->second;
}

std::string media_type(const Request& request) {
  const auto type = request.header("content-type");
  return lower_case(trim(std::string_view(type).substr(0, type.find(';'))));
}

Response error_response(const Error& error) {
  return error_response(meaning_of(error.code).status, error);
}

Response error_response(int status, const Error& error) {
  Response response;
  response.status = status;
  response.body = json::serialize(json::object{{"error", error.message}, {"code", meaning_of(error.code).name}}) + "\n";
  if (status == 401) response.headers["WWW-Authenticate"] = "Bearer";
  if (status == 429 || status == 503) response.headers["Retry-After"] = "5";
  return response;
}

Response text_response(int status, std::string body, std::string content_type) {
  Response response;
  response.status = status;
  response.content_type = std::move(content_type);
  response.body = std::move(body);
  return response;
}

Response redirect_response(std::string to_page) {
  auto response = text_response(302, "the page is at " + to_page + "\n");
  response.headers["Location"] = std::move(to_page);
  return response;
}

Response json_response(int status, const json::value& value) {
  return text_response(status, json::serialize(value) + "\n", "application/json");
}

Response html_response(std::string body) {
  auto response = text_response(200, std::move(body), "text/html; charset=utf-8");
  response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'";
  return response;
}

}  // namespace guard::api
