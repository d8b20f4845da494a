// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/listed.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/time_text.hpp"

#include <fmt/format.h>

namespace guard::replay {
namespace {

Result<std::optional<WallTime>> time_of(const JsonObject& object, std::string_view key) {
  const auto text = object.string_or(key, "");
  if (!text) return std::unexpected(text.error());
  if (text->empty()) return std::nullopt;
  const auto time = parse_time(*text);
  if (!time) return fail(ErrorCode::invalid, fmt::format("{}: {}", object.path_of(key), time.error().message));
  return std::optional(*time);
}

Result<model::Signal> signal_of(const json::value& value, const std::string& path) {
  const auto object = JsonObject::of(value, path);
  if (!object) return std::unexpected(object.error());
  const auto status = object->string("status");
  if (!status) return std::unexpected(status.error());
  const auto at = time_of(*object, "at");
  if (!at) return std::unexpected(at.error());
  if (!*at) return fail(ErrorCode::invalid, fmt::format("{} is missing", object->path_of("at")));
  return model::Signal{*status == "succeeded", object->string_or("detail", "").value_or(""), **at};
}

Result<std::map<std::string, model::Signal>> signals_of(const JsonObject& object) {
  std::map<std::string, model::Signal> out;
  const auto* member = object.find("signals");
  if (member == nullptr) return out;
  const auto signals = JsonObject::of(*member, object.path_of("signals"));
  if (!signals) return std::unexpected(signals.error());
  for (const auto& [name, value] : signals->raw()) {
    auto signal = signal_of(value, signals->path_of(name));
    if (!signal) return std::unexpected(signal.error());
    out.emplace(name, std::move(*signal));
  }
  return out;
}

Result<model::ReleaseSpec> spec_of(const JsonObject& object) {
  model::ReleaseSpec spec;
  const std::pair<std::string_view, std::string*> needed[] = {
      {"service", &spec.service}, {"environment", &spec.environment}, {"version", &spec.version}};
  for (const auto& [key, member] : needed) {
    auto text = object.string(key);
    if (!text) return std::unexpected(text.error());
    *member = std::move(*text);
  }
  auto previous = object.string_or("previous_version", "");
  if (!previous) return std::unexpected(previous.error());
  spec.previous_version = std::move(*previous);
  auto labels = object.string_map("labels");
  if (!labels) return std::unexpected(labels.error());
  spec.labels = std::move(*labels);
  const auto kind = object.string_or("kind", "feature");
  if (!kind) return std::unexpected(kind.error());
  spec.kind = from_string<model::ReleaseKind>(*kind).value_or(model::ReleaseKind::feature);
  spec.id = object.string_or("id", "").value_or("");
  return spec;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    if (text.substr(0, end).find_first_not_of(" \t\r") != std::string_view::npos) out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// The whole is one value, or each line is.
Result<json::array> values_of(std::string_view text, const std::string& source) {
  if (auto whole = parse_json(text)) {
    if (whole->is_array()) return std::move(whole->as_array());
    auto* list = whole->is_object() ? whole->as_object().if_contains("releases") : nullptr;
    if (list != nullptr && list->is_array()) return std::move(list->as_array());
    return json::array{std::move(*whole)};
  }
  json::array out;
  std::size_t number = 0;
  for (const auto line : lines_of(text)) {
    ++number;
    auto value = parse_json(line);
    if (!value) return fail(ErrorCode::invalid, fmt::format("{}:{}: {}", source, number, value.error().message));
    out.push_back(std::move(*value));
  }
  return out;
}

}  // namespace

Result<Release> listed_one(const json::value& value, const std::string& path) {
  const auto object = JsonObject::of(value, path);
  if (!object) return std::unexpected(object.error());
  auto spec = spec_of(*object);
  if (!spec) return std::unexpected(spec.error());
  auto live_at = time_of(*object, "live_at");
  if (!live_at) return std::unexpected(live_at.error());
  auto signals = signals_of(*object);
  if (!signals) return std::unexpected(signals.error());
  Release release;
  release.spec = std::move(*spec);
  release.spec.live_at = *live_at;
  if (release.spec.id.empty() && *live_at)
    release.spec.id = fmt::format("{}-{}", release.spec.version, time_text(**live_at));
  release.signals = std::move(*signals);
  release.found_by = "listed";
  return release;
}

Result<std::vector<Release>> listed(std::string_view text, const std::string& source) {
  const auto values = values_of(text, source);
  if (!values) return std::unexpected(values.error());
  std::vector<Release> out;
  for (std::size_t i = 0; i < values->size(); ++i) {
    auto release = listed_one((*values)[i], fmt::format("{}: release {}", source, i + 1));
    if (!release) return std::unexpected(release.error());
    if (release->spec.live_at) out.push_back(std::move(*release));
  }
  return out;
}

}  // namespace guard::replay
