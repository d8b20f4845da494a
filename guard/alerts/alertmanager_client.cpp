// SPDX-License-Identifier: Apache-2.0
#include "guard/alerts/alertmanager_client.hpp"

#include "guard/alerts/own_alert.hpp"
#include "guard/base/duration.hpp"
#include "guard/base/json.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

namespace guard::alerts {
namespace {

using model::FiringAlert;
using model::SourceError;

constexpr const char* status_path = "/api/v2/status";
// What is muted is asked for too: people are told of it, and see keep_firing().
constexpr const char* firing_path = "/api/v2/alerts?active=true&silenced=true&inhibited=true";

struct Listed {
  FiringAlert alert;
  std::vector<std::string> silenced_by;   // ids of silences
  std::vector<std::string> inhibited_by;  // fingerprints
};

std::unexpected<SourceError> bad(std::string message, bool transient) {
  return std::unexpected(SourceError{model::Reason::query_failed, std::move(message), transient});
}

Result<std::vector<std::string>> decode_ids(const JsonObject& status, std::string_view key) {
  std::vector<std::string> out;
  const auto* list = status.find(key);
  if (list == nullptr) return out;
  const auto wrong = fail(ErrorCode::invalid, status.path_of(key) + " must be a list of texts");
  if (!list->is_array()) return wrong;
  for (const auto& entry : list->get_array()) {
    if (!entry.is_string()) return wrong;
    out.emplace_back(entry.get_string());
  }
  return out;
}

// Why Alertmanager sends no message of it.
Result<void> decode_mutes(const JsonObject& alert, Listed& into) {
  const auto* status = alert.find("status");
  if (status == nullptr) return {};
  const auto object = JsonObject::of(*status, alert.path_of("status"));
  if (!object) return std::unexpected(object.error());
  auto silenced = decode_ids(*object, "silencedBy");
  auto inhibited = decode_ids(*object, "inhibitedBy");
  if (!silenced) return std::unexpected(silenced.error());
  if (!inhibited) return std::unexpected(inhibited.error());
  into.silenced_by = std::move(*silenced);
  into.inhibited_by = std::move(*inhibited);
  return {};
}

Result<Listed> decode_alert(const json::value& value, const std::string& path) {
  const auto object = JsonObject::of(value, path);
  if (!object) return std::unexpected(object.error());
  auto fingerprint = object->string("fingerprint");
  auto labels = object->string_map("labels");
  const auto starts = object->string("startsAt");
  if (!fingerprint) return std::unexpected(fingerprint.error());
  if (!labels) return std::unexpected(labels.error());
  if (!starts) return std::unexpected(starts.error());
  const auto starts_at = parse_time(*starts);
  if (!starts_at) return std::unexpected(starts_at.error());
  Listed listed{{std::move(*fingerprint), std::move(*labels), *starts_at}, {}, {}};
  if (object->find("generatorURL") != nullptr)
    if (auto url = object->string("generatorURL")) listed.alert.generator_url = std::move(*url);
  if (auto mutes = decode_mutes(*object, listed); !mutes) return std::unexpected(mutes.error());
  return listed;
}

std::expected<json::value, SourceError> decode_json(int status, std::string_view body) {
  if (status != 200) return bad(fmt::format("Alertmanager answered HTTP {}", status), status == 429 || status >= 500);
  auto parsed = parse_json(body);
  if (!parsed) return bad("Alertmanager's answer is " + parsed.error().message, false);
  return std::move(*parsed);
}

// Asks one server after the other, and compares their clocks with the guard's.
class Asker {
 public:
  explicit Asker(const Clock& clock) : clock_(clock) {}

  // What `decode` makes of the answer to a GET. What a server of another time says began before the release may have
  // begun after it.
  template <class Decode>
  auto ask(const http::Client& server, const char* path, Duration deadline, Decode decode)
      -> decltype(decode(0, std::string_view())) {
    http::Request request;
    request.path = path;
    request.deadline = deadline;
    request.max_response = std::size_t{8} << 20U;
    const auto sent = clock_.now().wall;
    const auto response = server.send(request);
    if (!response) return bad(response.error().message, true);
    const auto note = [this](Duration skew) { note_skew(skew); };
    if (auto wrong = http::compare_clocks(*response, {sent, clock_.now().wall}, note))
      return std::unexpected(SourceError{model::Reason::wrong_type, "Alertmanager: " + *wrong, true});
    return decode(response->status, response->body);
  }

  // The greatest difference met, either way.
  std::optional<Duration> skew() const { return skew_; }

 private:
  void note_skew(Duration skew) {
    if (!skew_ || std::chrono::abs(skew) > std::chrono::abs(*skew_)) skew_ = skew;
  }

  const Clock& clock_;
  std::optional<Duration> skew_;
};

// The alerts that say something about a service. While a rollback runs, an alert of the guard's own inhibits the
// service's symptoms so that people have quiet; to the guard they are the truth it must verify the rollback by.
std::vector<FiringAlert> keep_firing(std::vector<Listed> listed) {
  std::set<std::string> own;
  for (const auto& entry : listed)
    if (is_own(entry.alert.labels)) own.insert(entry.alert.fingerprint);
  std::vector<FiringAlert> out;
  for (auto& [alert, silenced_by, inhibited_by] : listed) {
    if (own.contains(alert.fingerprint)) continue;
    const bool quiet_for_people_only =
        std::ranges::all_of(inhibited_by, [&](const auto& by) { return own.contains(by); });
    if (!quiet_for_people_only) alert.muted = model::Muted::inhibited;
    if (!silenced_by.empty()) alert.muted = model::Muted::silenced;
    out.push_back(std::move(alert));
  }
  return out;
}

// Why more may fire than this server knows of, asked after its alerts: one that restarts between the two questions is
// then found to be young.
std::optional<SourceError> doubt_of_age(const std::expected<WallTime, SourceError>& since, WallTime now,
                                        Duration warm_up) {
  if (!since)
    return SourceError{model::Reason::partial_result,
                       "it is not known for how long Alertmanager has been up: " + since.error().message, true};
  const auto up = std::max(Duration{0}, now - *since);
  if (up >= warm_up) return std::nullopt;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(up);
  return SourceError{model::Reason::partial_result,
                     fmt::format("Alertmanager has been up for {} only and may not have been told of all alerts yet",
                                 format_duration(seconds)),
                     true};
}

// An alert that one of them would send a message of is not muted.
void unite(std::map<std::string, FiringAlert>& united, std::vector<FiringAlert> alerts) {
  for (auto& alert : alerts) {
    const auto [it, fresh] = united.try_emplace(alert.fingerprint, alert);
    if (!fresh && alert.muted == model::Muted::no) it->second.muted = model::Muted::no;
  }
}

}  // namespace

std::expected<std::vector<FiringAlert>, SourceError> decode_alerts(int status, std::string_view body) {
  const auto parsed = decode_json(status, body);
  if (!parsed) return std::unexpected(parsed.error());
  const auto* list = parsed->if_array();
  if (list == nullptr) return bad("Alertmanager's answer is not a list of alerts", false);
  std::vector<Listed> listed;
  for (std::size_t i = 0; const auto& value : *list) {
    auto alert = decode_alert(value, fmt::format("[{}]", i++));
    if (!alert) return bad("Alertmanager's answer: " + alert.error().message, false);
    listed.push_back(std::move(*alert));
  }
  return keep_firing(std::move(listed));
}

std::expected<WallTime, SourceError> decode_up_since(int status, std::string_view body) {
  const auto parsed = decode_json(status, body);
  if (!parsed) return std::unexpected(parsed.error());
  const auto object = JsonObject::of(*parsed, "");
  const auto uptime = object ? object->string("uptime") : std::unexpected(object.error());
  const auto since = uptime ? parse_time(*uptime) : std::unexpected(uptime.error());
  if (!since) return bad("Alertmanager's answer: " + since.error().message, false);
  return *since;
}

std::expected<model::AlertList, SourceError> AlertmanagerClient::firing(WallTime now, Duration deadline) {
  if (servers_.empty()) return bad("no Alertmanager is configured", false);
  std::map<std::string, FiringAlert> united;
  SourceError problem;
  model::AlertList listing;
  Asker asker(clock_);
  bool answered = false;
  bool proven = options_.warm_up <= Duration{0};
  // Peers gossip, so any one's word counts; a share of the time each keeps a dead one from hiding the living.
  const auto questions = servers_.size() * (proven ? 1 : 2);
  const auto share = deadline / static_cast<Duration::rep>(questions);
  for (const auto& server : servers_) {
    auto alerts = asker.ask(server, firing_path, share, decode_alerts);
    if (!alerts) {
      problem = std::move(alerts.error());
      continue;
    }
    answered = true;
    unite(united, std::move(*alerts));
    if (!proven)
      listing.doubt = doubt_of_age(asker.ask(server, status_path, share, decode_up_since), now, options_.warm_up);
    proven = !listing.doubt;
  }
  if (options_.skew && asker.skew()) options_.skew(*asker.skew());
  if (!answered) return std::unexpected(std::move(problem));
  std::vector<FiringAlert> firing;
  for (auto& [fingerprint, alert] : united) firing.push_back(std::move(alert));
  listing.firing = std::move(firing);
  return listing;
}

std::vector<std::expected<void, SourceError>> AlertmanagerClient::probe(Duration deadline) const {
  std::vector<std::expected<void, SourceError>> out;
  Asker asker(clock_);
  const auto share = deadline / static_cast<Duration::rep>(std::max<std::size_t>(servers_.size(), 1));
  for (const auto& server : servers_) {
    const auto since = asker.ask(server, status_path, share, decode_up_since);
    out.push_back(since ? std::expected<void, SourceError>() : std::unexpected(since.error()));
  }
  return out;
}

}  // namespace guard::alerts
