// SPDX-License-Identifier: Apache-2.0
#include "guard/store/stored_json.hpp"

#include <array>
#include <charconv>
#include <limits>

#include <fmt/format.h>

namespace guard::store {

Result<json::value> parse_stored(std::string_view text) {
  json::parse_options options;
  options.allow_invalid_utf8 = true;
  json::error_code error;
  auto value = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
  if (error) return fail(ErrorCode::invalid, "it is not JSON: " + error.message());
  return value;
}
namespace {

using promql::TemplateKind;

constexpr std::array template_kinds{
    EnumName<TemplateKind>{TemplateKind::promql, "promql"}, EnumName<TemplateKind>{TemplateKind::matcher, "matcher"},
    EnumName<TemplateKind>{TemplateKind::argument, "argument"}, EnumName<TemplateKind>{TemplateKind::text, "text"}};

struct StoredMatcher {
  std::string name;
  model::MatchOp op = model::MatchOp::equal;
  std::string value;
};

template <class Archive, Is<StoredMatcher> T>
void fields(Archive& archive, T& matcher) {
  archive("name", matcher.name);
  archive("op", matcher.op);
  archive("value", matcher.value);
}

}  // namespace

json::value JsonWriter::write(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return json::string(std::string_view(text.data(), static_cast<std::size_t>(end - text.data())));
}

json::value JsonWriter::write(const promql::TextTemplate& value) {
  for (const auto& [kind, name] : template_kinds)
    if (kind == value.kind()) return json::object{{name, value.source()}};
  return nullptr;
}

json::value JsonWriter::write(const model::Matcher& value) {
  return write(StoredMatcher{value.name(), value.op(), value.value()});
}

json::value JsonWriter::write(const std::deque<bool>& value) {
  json::string out;
  for (const bool bit : value) out += bit ? '1' : '0';
  return out;
}

bool JsonReader::wrong(std::string_view what) {
  if (error_.empty()) error_ = fmt::format("{} {}", path_.empty() ? "it" : path_.substr(1), what);
  return false;
}

void JsonReader::check_no_other(const json::object& object, std::size_t known) {
  if (object.size() > known)
    wrong(fmt::format("has {} members, but {} are known; was it written by a newer version?", object.size(), known));
}

std::optional<std::int64_t> JsonReader::integer(const json::value& value) {
  if (const auto* number = value.if_int64()) return *number;
  wrong("must be a whole number");
  return std::nullopt;
}

std::optional<promql::TextTemplate> JsonReader::make_template(const json::value& value) {
  const auto* object = value.if_object();
  if (object != nullptr && object->size() == 1 && object->begin()->value().is_string()) {
    for (const auto& [kind, name] : template_kinds) {
      if (object->begin()->key() != name) continue;
      auto parsed = promql::TextTemplate::parse(object->begin()->value().get_string(), kind);
      if (parsed) return std::move(*parsed);
      wrong("holds a template that cannot be read: " + parsed.error().message);
      return std::nullopt;
    }
  }
  wrong("must be an object with one template");
  return std::nullopt;
}

std::optional<model::Matcher> JsonReader::make_matcher(const json::value& value) {
  StoredMatcher stored;
  if (!read(value, stored)) return std::nullopt;
  auto matcher = model::Matcher::make(std::move(stored.name), stored.op, std::move(stored.value));
  if (matcher) return std::move(*matcher);
  wrong("holds a matcher that cannot be read: " + matcher.error().message);
  return std::nullopt;
}

bool JsonReader::read(const json::value& value, bool& out) {
  if (!value.is_bool()) return wrong("must be true or false");
  out = value.get_bool();
  return true;
}

bool JsonReader::read(const json::value& value, int& out) {
  const auto number = integer(value);
  if (!number) return false;
  if (*number < std::numeric_limits<int>::min() || *number > std::numeric_limits<int>::max())
    return wrong("is out of range");
  out = static_cast<int>(*number);
  return true;
}

bool JsonReader::read(const json::value& value, double& out) {
  std::string text;
  if (!read(value, text)) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size()) return wrong("must be a number written as text");
  return true;
}

bool JsonReader::read(const json::value& value, std::string& out) {
  if (!value.is_string()) return wrong("must be a text");
  out = value.get_string();
  return true;
}

bool JsonReader::read(const json::value& value, Duration& out) {
  const auto number = integer(value);
  if (number) out = Duration(*number);
  return number.has_value();
}

bool JsonReader::read(const json::value& value, WallTime& out) {
  const auto number = integer(value);
  if (number) out = WallTime(Duration(*number));
  return number.has_value();
}

bool JsonReader::read(const json::value& value, MonoTime& out) {
  const auto number = integer(value);
  if (number) out = MonoTime(Duration(*number));
  return number.has_value();
}

bool JsonReader::read(const json::value& value, std::deque<bool>& out) {
  std::string text;
  if (!read(value, text)) return false;
  for (const char c : text) {
    if (c != '0' && c != '1') return wrong("must be made of 0 and 1");
    out.push_back(c == '1');
  }
  return true;
}

}  // namespace guard::store
