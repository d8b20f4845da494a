// SPDX-License-Identifier: Apache-2.0
#include "guard/api/body.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/printable.hpp"
#include "guard/base/text.hpp"

#include <algorithm>
#include <cctype>
#include <limits>

#include <fmt/format.h>

namespace guard::api {
namespace {

constexpr std::size_t longest_id = 128;
constexpr std::size_t longest_text = 256;
constexpr std::size_t longest_words = 4096;
constexpr std::size_t longest_message = 512;
constexpr std::size_t most_labels = 64;

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= longest_id && text != "." && text != ".." &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '.' || c == '_' || c == ':' || c == '-';
         });
}

bool is_label_name(std::string_view name) {
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

}  // namespace

Result<Body> Body::of(const json::value& value, Keys known) {
  auto object = JsonObject::of(value, "");
  if (!object) return std::unexpected(object.error());
  Body body(*object);
  body.refuse_unknown(known);
  return body;
}

std::string Body::name(std::string_view key) {
  auto text = short_text(key, take(object_.string(key)));
  if (text.empty()) refuse(fmt::format("{} must not be empty", key));
  return text;
}

std::string Body::name_or_empty(std::string_view key) {
  return short_text(key, take(object_.string_or(key, "")));
}

std::string Body::words(std::string_view key) {
  auto text = take(object_.string_or(key, ""));
  if (text.size() > longest_words) refuse(fmt::format("{} is longer than {} bytes", key, longest_words));
  if (!is_printable(text, Lines::many)) refuse(fmt::format("{} holds a character that is not shown", key));
  return text;
}

std::optional<std::string> Body::written(std::string_view key) {
  if (!has(key)) return std::nullopt;
  return short_text(key, take(object_.string(key)));
}

std::string Body::text(std::string_view key) {
  return take(object_.string(key));
}

int Body::whole_number(std::string_view key, int fallback) {
  const auto number = object_.integer_or(key, fallback);
  if (!number) refuse(number.error().message);
  return static_cast<int>(std::clamp<std::int64_t>(number.value_or(fallback), 0, std::numeric_limits<int>::max()));
}

bool Body::flag(std::string_view key) {
  const auto value = object_.boolean_or(key, false);
  if (!value) refuse(value.error().message);
  return value.value_or(false);
}

std::optional<WallTime> Body::time(std::string_view key) {
  if (!has(key)) return std::nullopt;
  const auto text = take(object_.string(key));
  const auto time = parse_time(text);
  if (!time) refuse(fmt::format("{}: {}", key, time.error().message));
  return time ? std::optional(*time) : std::nullopt;
}

std::map<std::string, std::string> Body::labels(std::string_view key) {
  auto labels = object_.string_map(key);
  if (!labels) refuse(labels.error().message);
  if (!labels) return {};
  if (labels->size() > most_labels) refuse(fmt::format("{} has more than {} entries", key, most_labels));
  for (const auto& [name, value] : *labels) {
    if (!is_label_name(name) || name.size() > longest_text)
      refuse(
          fmt::format("{}: \"{}\" is not a label name: letters, digits and _, no digit first", key, shorten(name, 64)));
    short_text(fmt::format("{}.{}", key, shorten(name, 64)), value);
  }
  return *labels;
}

std::vector<model::Matcher> Body::matchers(std::string_view key) {
  std::vector<model::Matcher> out;
  for (const auto& text : texts(key)) {
    auto matcher = model::Matcher::parse(text);
    if (matcher)
      out.push_back(std::move(*matcher));
    else
      refuse(fmt::format("{}: {}", key, matcher.error().message));
  }
  if (out.empty())
    refuse(fmt::format("{} is empty; name what is meant, for example [\"environment=\\\"production\\\"\"]", key));
  return out;
}

std::vector<model::ReleaseKind> Body::kinds(std::string_view key) {
  std::vector<model::ReleaseKind> out;
  for (const auto& text : texts(key)) {
    const auto kind = from_string<model::ReleaseKind>(text);
    if (kind)
      out.push_back(*kind);
    else
      refuse(fmt::format("{}: \"{}\" is none of feature, hotfix, rollback", key, shorten(text, 64)));
  }
  return out;
}

std::string Body::id(const Request& request, Random& random) {
  constexpr auto what_fits = "1 to 128 of the characters A-Z a-z 0-9 . _ : -";
  auto id = name_or_empty("id");
  if (!id.empty() && !is_id(id)) refuse(fmt::format("id must be {}", what_fits));
  if (!id.empty()) return id;
  // A quoted string by draft-ietf-httpapi-idempotency-key-header; many clients send it bare.
  auto key = request.header("idempotency-key");
  if (key.empty()) return random.id();
  if (key.size() >= 2 && key.front() == '"' && key.back() == '"') key = key.substr(1, key.size() - 2);
  if (!is_id(key)) refuse(fmt::format("Idempotency-Key becomes the id, so it must be {}", what_fits));
  return key;
}

void Body::refuse(std::string_view message) {
  if (!problem_) problem_ = Error{ErrorCode::invalid, shorten(printable(message), longest_message)};
}

void Body::refuse_unknown(Keys known) {
  for (const auto& member : object_.raw()) {
    const std::string_view key = member.key();
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const auto near = nearest_name(key, known);
    refuse(fmt::format("unknown key \"{}\"{}", shorten(key, 64),
                       near ? fmt::format(", did you mean \"{}\"?", *near) : ""));
  }
}

std::string Body::take(Result<std::string> value) {
  if (value) return std::move(*value);
  refuse(value.error().message);
  return "";
}

std::string Body::short_text(std::string_view key, std::string text) {
  if (text.size() > longest_text) refuse(fmt::format("{} is longer than {} bytes", key, longest_text));
  if (!is_printable(text)) refuse(fmt::format("{} holds a character that is not shown", key));
  return text;
}

std::vector<std::string> Body::texts(std::string_view key) {
  std::vector<std::string> out;
  if (!has(key)) return out;
  const auto* items = object_.find(key)->if_array();
  if (items == nullptr) refuse(fmt::format("{} must be a list of texts", key));
  if (items == nullptr) return out;
  if (items->size() > most_labels) refuse(fmt::format("{} has more than {} entries", key, most_labels));
  for (const auto& item : *items) {
    if (!item.is_string()) refuse(fmt::format("{} must be a list of texts", key));
    if (item.is_string()) out.push_back(short_text(key, std::string(item.as_string())));
  }
  return out;
}

}  // namespace guard::api
