// SPDX-License-Identifier: Apache-2.0
#include "guard/alerts/webhook.hpp"

#include "guard/base/digest.hpp"
#include "guard/base/duration.hpp"
#include "guard/base/json.hpp"
#include "guard/base/text.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace guard::alerts {
namespace {

// Fields are read one after the other; the first problem stays.
class Reader {
 public:
  explicit Reader(const JsonObject& object) : object_(object) {}

  std::string text(std::string_view key) { return take(object_.string(key), std::string{}); }
  std::string text_or_empty(std::string_view key) { return take(object_.string_or(key, ""), std::string{}); }
  model::Labels labels(std::string_view key) { return take(object_.string_map(key), model::Labels{}); }

  // Go's zero time (year 1) marks "no end yet".
  WallTime time(std::string_view key) {
    const auto value = text(key);
    if (problem_ || value.starts_with("0001-01-01T00:00:00")) return {};
    const auto time = parse_time(value);
    if (!time) refuse(fmt::format("{}: {}", object_.path_of(key), time.error().message));
    return time.value_or(WallTime{});
  }

  void refuse(std::string message) {
    if (!problem_) problem_ = Error{ErrorCode::invalid, std::move(message)};
  }
  const std::optional<Error>& problem() const { return problem_; }

 private:
  template <class T>
  T take(Result<T> value, T fallback) {
    if (value) return std::move(*value);
    refuse(value.error().message);
    return fallback;
  }

  const JsonObject& object_;
  std::optional<Error> problem_;
};

bool is_fingerprint(std::string_view text) {
  return text.size() == 16 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

Result<Alert> parse_alert(const json::value& value, const std::string& path) {
  const auto object = JsonObject::of(value, path);
  if (!object) return std::unexpected(object.error());
  Reader reader(*object);
  Alert alert;
  const auto status = from_string<AlertStatus>(reader.text("status"));
  if (!status) reader.refuse(object->path_of("status") + " must be firing or resolved");
  alert.status = status.value_or(AlertStatus::firing);
  alert.fingerprint = reader.text("fingerprint");
  if (!is_fingerprint(alert.fingerprint))
    reader.refuse(object->path_of("fingerprint") + " must be 16 hexadecimal digits");
  alert.labels = reader.labels("labels");
  if (alert.labels.empty()) reader.refuse(object->path_of("labels") + " must not be empty");
  alert.annotations = reader.labels("annotations");
  alert.starts_at = reader.time("startsAt");
  alert.ends_at = object->find("endsAt") == nullptr ? WallTime{} : reader.time("endsAt");
  alert.generator_url = reader.text_or_empty("generatorURL");
  if (reader.problem()) return std::unexpected(*reader.problem());
  return alert;
}

std::string version_of(const JsonObject& body) {
  const auto* version = body.find("version");
  if (version == nullptr) return "missing";
  return shorten(json::serialize(*version), 40);
}

Result<void> is_known_version(const JsonObject& body) {
  const auto version = version_of(body);
  if (version == R"("4")" || version == R"("1")") return {};
  return fail(
      ErrorCode::invalid,
      fmt::format("version is {}: the guard reads Alertmanager's webhook, which is of version \"4\", and that of "
                  "Grafana's alerting, \"1\"; a receiver with a custom `payload` cannot be read, send the "
                  "default one",
                  version));
}

constexpr std::string_view name_prefix = "sha256:";
constexpr std::size_t name_length = name_prefix.size() + 32;

}  // namespace

std::string group_name(std::string_view group_key) {
  if (group_key.starts_with(name_prefix) && group_key.size() == name_length) return std::string(group_key);
  return std::string(name_prefix) + digest(group_key);
}

Result<Notification> parse_notification(std::string_view text) {
  const auto body = parse_json_request(text);
  if (!body) return std::unexpected(body.error());
  const auto object = JsonObject::of(*body, "");
  if (!object) return std::unexpected(object.error());
  if (auto version = is_known_version(*object); !version) return std::unexpected(version.error());
  Reader reader(*object);
  Notification notification;
  notification.group_key = group_name(reader.text("groupKey"));
  notification.receiver = reader.text("receiver");
  notification.external_url = reader.text_or_empty("externalURL");
  const auto truncated = object->integer_or("truncatedAlerts", 0);
  if (!truncated || *truncated < 0) reader.refuse("truncatedAlerts must be a whole number, 0 or more");
  notification.truncated_alerts = truncated ? static_cast<std::uint64_t>(std::max<std::int64_t>(0, *truncated)) : 0;
  if (reader.problem()) return std::unexpected(*reader.problem());
  const auto* alerts = object->find("alerts");
  if (alerts == nullptr || !alerts->is_array()) return fail(ErrorCode::invalid, "alerts must be an array");
  for (std::size_t i = 0; const auto& value : alerts->get_array()) {
    auto alert = parse_alert(value, fmt::format("alerts[{}]", i++));
    if (!alert) return std::unexpected(alert.error());
    notification.alerts.push_back(std::move(*alert));
  }
  return notification;
}

}  // namespace guard::alerts
