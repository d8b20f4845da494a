// SPDX-License-Identifier: Apache-2.0
//
// Alertmanager's webhook, version 4 (alertmanager notify/webhook, template/template.go): what reads Alertmanager's
// reads this. Each alert is a group of its own.
#include "guard/base/duration.hpp"
#include "guard/receivers/formats.hpp"

#include <cstdint>

#include <fmt/format.h>

namespace guard::receivers {
namespace {

constexpr const char* no_end = "0001-01-01T00:00:00Z";  // Go's zero time

// FNV-1a over the sorted labels, as Prometheus has it (common model/signature.go).
class Fingerprint {
 public:
  void add(std::string_view text) {
    for (const char c : text) add(static_cast<unsigned char>(c));
    add(separator);
  }
  std::string text() const { return fmt::format("{:016x}", sum_); }

 private:
  static constexpr unsigned char separator = 0xFF;
  void add(unsigned char byte) {
    sum_ ^= byte;
    sum_ *= 1099511628211U;
  }

  std::uint64_t sum_ = 14695981039346656037U;
};

std::string fingerprint_of(const model::Labels& labels) {
  Fingerprint out;
  for (const auto& [name, value] : labels) {
    out.add(name);
    out.add(value);
  }
  return out.text();
}

json::object texts(const model::Labels& labels) {
  json::object out;
  for (const auto& [name, value] : labels) out[name] = value;
  return out;
}

std::string group_key(const model::Labels& labels) {
  std::string out = "{}:{";
  for (const auto& [name, value] : labels) {
    if (!out.ends_with('{')) out += ", ";
    out += name + "=" + json::serialize(json::value(value));
  }
  return out + "}";
}

}  // namespace

json::object webhook_body(const Message& message, const Sender& sender) {
  const auto& alert = message.alert;
  const auto* status = message.over ? "resolved" : "firing";
  const json::object entry{{"status", status},
                           {"labels", texts(alert.labels)},
                           {"annotations", texts(alert.annotations)},
                           {"startsAt", format_time(alert.starts_at)},
                           {"endsAt", message.over ? format_time(message.at) : no_end},
                           {"generatorURL", alert.generator_url},
                           {"fingerprint", fingerprint_of(alert.labels)}};
  return {{"version", "4"},
          {"groupKey", group_key(alert.labels)},
          {"truncatedAlerts", 0},
          {"status", status},
          {"receiver", sender.receiver},
          {"groupLabels", texts(alert.labels)},
          {"commonLabels", texts(alert.labels)},
          {"commonAnnotations", texts(alert.annotations)},
          {"externalURL", sender.external_url},
          {"alerts", json::array{entry}}};
}

}  // namespace guard::receivers
