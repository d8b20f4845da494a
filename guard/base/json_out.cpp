// SPDX-License-Identifier: Apache-2.0
#include "guard/base/json_out.hpp"

#include "guard/base/duration.hpp"

#include <cmath>

#include <fmt/format.h>

namespace guard {
namespace {

constexpr std::size_t line_width = 118;

}  // namespace

json::value json_time(std::optional<WallTime> at) {
  return at && *at != WallTime{} ? json::value(format_time(*at)) : json::value(nullptr);
}

json::value json_number(std::optional<double> value) {
  if (!value) return nullptr;
  if (std::isnan(*value)) return "NaN";
  if (std::isinf(*value)) return *value > 0 ? "+Inf" : "-Inf";
  return *value;
}

double json_seconds(Duration duration) {
  return static_cast<double>(duration.count()) / 1000;
}

json::object json_map(const std::map<std::string, std::string>& entries) {
  json::object out;
  for (const auto& [name, value] : entries) out[name] = value;
  return out;
}

json::array json_list(const std::vector<std::string>& texts) {
  json::array out;
  for (const auto& text : texts) out.emplace_back(text);
  return out;
}

json::value json_text(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

std::string indented_json(const json::value& value, std::size_t indent) {
  auto line = json::serialize(value);
  if (indent + line.size() <= line_width || !value.is_structured()) return line;
  std::string out;
  const auto add = [&](const std::string& begin, const json::value& part) {
    out += fmt::format("{}\n{:{}}{}", out.empty() ? "" : ",", "", indent + 2, begin) + indented_json(part, indent + 2);
  };
  if (const auto* members = value.if_object())
    for (const auto& [name, member] : *members) add(json::serialize(json::string(name)) + ": ", member);
  else
    for (const auto& entry : value.get_array()) add("", entry);
  return fmt::format("{}{}\n{:{}}{}", line.front(), out, "", indent, line.back());
}

}  // namespace guard
