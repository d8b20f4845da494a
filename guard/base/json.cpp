// SPDX-License-Identifier: Apache-2.0
#include "guard/base/json.hpp"

#include "guard/base/text.hpp"

#include <set>
#include <vector>

#include <fmt/format.h>

namespace guard {
namespace {

// Past the string that begins at `begin` of valid JSON.
std::size_t end_of_string(std::string_view text, std::size_t begin) {
  auto end = begin + 1;
  while (text[end] != '"') end += text[end] == '\\' ? std::size_t{2} : std::size_t{1};
  return end + 1;
}

std::string unescaped(std::string_view quoted) {
  if (quoted.find('\\') == std::string_view::npos) return std::string(quoted.substr(1, quoted.size() - 2));
  return std::string(json::parse(quoted).get_string());
}

// A key that an object of this valid JSON has twice. Only a key is a string with a colon after it.
std::optional<std::string> repeated_key(std::string_view text) {
  std::vector<std::set<std::string>> seen;  // the keys of each open object
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{') seen.emplace_back();
    if (text[i] == '}') seen.pop_back();
    if (text[i] != '"') continue;
    const auto end = end_of_string(text, i);
    const auto next = text.find_first_not_of(" \t\r\n", end);
    if (next != std::string_view::npos && text[next] == ':') {
      auto key = unescaped(text.substr(i, end - i));
      if (!seen.back().insert(key).second) return key;
    }
    i = end - 1;
  }
  return std::nullopt;
}

}  // namespace

Result<json::value> parse_json_request(std::string_view text) {
  auto value = parse_json(text);
  if (!value) return value;
  const auto twice = repeated_key(text);
  if (!twice) return value;
  return fail(ErrorCode::invalid, fmt::format("the key {} stands twice in one object; leave one of them out",
                                              json::serialize(json::string(shorten(*twice, 64)))));
}

Result<json::value> parse_json(std::string_view text, json::storage_ptr storage) {
  if (!is_utf8(text)) return fail(ErrorCode::invalid, "the body is not UTF-8");
  json::parse_options options;
  options.max_depth = 64;
  json::error_code error;
  json::stream_parser parser({}, options);
  parser.reset(std::move(storage));
  const auto used = parser.write_some(text.data(), text.size(), error);
  if (!error && used < text.size() && !trim(text.substr(used)).empty()) error = json::error::extra_data;
  if (!error) parser.finish(error);
  if (error) return fail(ErrorCode::invalid, fmt::format("not valid JSON at byte {}: {}", used, error.message()));
  return parser.release();
}

Result<JsonObject> JsonObject::of(const json::value& value, std::string path) {
  if (const auto* object = value.if_object()) return JsonObject(*object, std::move(path));
  return fail(ErrorCode::invalid, fmt::format("{} must be an object", path.empty() ? "the body" : path));
}

const json::value* JsonObject::find(std::string_view key) const {
  const auto* member = object_->if_contains(key);
  return member == nullptr || member->is_null() ? nullptr : member;
}

std::string JsonObject::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

std::unexpected<Error> JsonObject::wrong(std::string_view key, std::string_view wanted) const {
  return fail(ErrorCode::invalid, fmt::format("{} must be {}", path_of(key), wanted));
}

Result<std::string> JsonObject::string(std::string_view key) const {
  const auto* member = find(key);
  if (member == nullptr) return fail(ErrorCode::invalid, fmt::format("{} is missing", path_of(key)));
  return string_or(key, "");
}

Result<std::string> JsonObject::string_or(std::string_view key, std::string_view fallback) const {
  const auto* member = find(key);
  if (member == nullptr) return std::string(fallback);
  if (const auto* text = member->if_string()) return std::string(*text);
  return wrong(key, "a string");
}

Result<bool> JsonObject::boolean_or(std::string_view key, bool fallback) const {
  const auto* member = find(key);
  if (member == nullptr) return fallback;
  if (const auto* flag = member->if_bool()) return *flag;
  return wrong(key, "true or false");
}

Result<std::int64_t> JsonObject::integer_or(std::string_view key, std::int64_t fallback) const {
  const auto* member = find(key);
  if (member == nullptr) return fallback;
  if (const auto* number = member->if_int64()) return *number;
  return wrong(key, "a whole number");
}

Result<std::map<std::string, std::string>> JsonObject::string_map(std::string_view key) const {
  std::map<std::string, std::string> out;
  const auto* member = find(key);
  if (member == nullptr) return out;
  const auto* object = member->if_object();
  if (object == nullptr) return wrong(key, "an object of strings");
  for (const auto& entry : *object) {
    const auto* text = entry.value().if_string();
    if (text == nullptr) return wrong(fmt::format("{}.{}", key, std::string_view(entry.key())), "a string");
    out.emplace(entry.key(), *text);
  }
  return out;
}

}  // namespace guard
