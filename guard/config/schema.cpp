// SPDX-License-Identifier: Apache-2.0
#include "guard/config/schema.hpp"

#include "guard/config/schema_types.hpp"

#include <optional>

#include <fmt/format.h>

namespace guard::config {
namespace {

json::object list_of_these(const json::object& item) {
  return {{"type", "array"}, {"minItems", 1}, {"items", item}};
}

json::object in_form(ValueType::Form form, json::object one) {
  switch (form) {
    case ValueType::Form::one:
      return one;
    case ValueType::Form::list:
      return list_of_these(one);
    case ValueType::Form::one_or_list:
      return {{"anyOf", json::array{one, list_of_these(one)}}};
  }
  return one;
}

json::object value_schema(const ValueType& type) {
  if (type.object != nullptr) return in_form(type.form, object_schema(*type.object));
  if (const auto* known = find_type(type.name)) return *known;
  return in_form(type.form, {{"type", "string"}, {"enum", json::array(type.words.begin(), type.words.end())}});
}

// The default as a value, unless it depends on something or is several.
std::optional<json::value> default_of(const KeyInfo& key) {
  if (key.fallback.empty() || key.fallback.find(' ') != std::string_view::npos) return std::nullopt;
  if (key.type.form == ValueType::Form::list) return json::array{key.fallback};
  const bool plain = key.type.name == "number" || key.type.name == "true or false";
  return plain ? parse_json(key.fallback).value() : json::value(key.fallback);
}

std::string description_of(const KeyInfo& key) {
  std::string out(key.meaning);
  if (!key.only_for.empty()) out += fmt::format(" (for {})", key.only_for);
  if (key.need == Need::inherited) out += "; required, here or in `defaults`";
  if (!key.fallback.empty() && !default_of(key)) out += fmt::format("; by default {}", key.fallback);
  return out;
}

json::object key_schema(const KeyInfo& key) {
  json::object out{{"description", description_of(key)}};
  if (auto value = default_of(key)) out["default"] = std::move(*value);
  for (const auto& member : value_schema(key.type)) out.insert(member);
  return out;
}

json::object kind_schema(const KindInfo& kind) {
  json::array keys{kind.key};
  if (!kind.other.empty()) keys.emplace_back(kind.other);
  return {{"required", std::move(keys)}};
}

// What else an object must have for the key to apply to it.
json::object kinds_with(const ObjectInfo& info, const KeyInfo& key) {
  json::array some;
  for (const auto& kind : info.kinds)
    if (key.only_for.find(kind.name) != std::string_view::npos) some.push_back(kind_schema(kind));
  return {{"anyOf", std::move(some)}};
}

void add_kinds(json::object& out, const ObjectInfo& info) {
  json::array all;
  for (const auto& kind : info.kinds) all.push_back(kind_schema(kind));
  out["oneOf"] = std::move(all);
  json::object dependencies;
  for (const auto& key : info.keys)
    if (!key.only_for.empty()) dependencies[key.name] = kinds_with(info, key);
  if (!dependencies.empty()) out["dependencies"] = std::move(dependencies);
}

json::object file_schema(std::string_view title, std::string_view command, const ObjectInfo& info) {
  json::object out{{"$schema", "http://json-schema.org/draft-07/schema#"},
                   {"$comment", fmt::format("Made by `release-guard schema {}`.", command)},
                   {"title", title}};
  for (const auto& member : object_schema(info)) out.insert(member);
  return out;
}

}  // namespace

json::object object_schema(const ObjectInfo& info) {
  json::object properties;
  json::array required;
  for (const auto& key : info.keys) {
    properties[key.name] = key_schema(key);
    if (key.need == Need::required) required.emplace_back(key.name);
  }
  json::object out{{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) out["required"] = std::move(required);
  if (!info.kinds.empty()) add_kinds(out, info);
  return out;
}

json::object rules_schema() {
  return file_schema("Release Guard: a rule file", "rules", objects::rule_file);
}

json::object settings_schema() {
  return file_schema("Release Guard: the configuration file", "config", objects::settings);
}

json::object tests_schema() {
  return file_schema("Release Guard: a test file of rules", "tests", objects::test_file);
}

json::object client_file_schema() {
  return file_schema("Release Guard: the client file", "client", objects::client_file);
}

json::object web_file_schema() {
  return file_schema("Release Guard: the web configuration file", "web", objects::web_file);
}

}  // namespace guard::config
