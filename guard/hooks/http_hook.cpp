// SPDX-License-Identifier: Apache-2.0
#include "guard/hooks/http_hook.hpp"

#include "guard/base/digest.hpp"
#include "guard/base/duration.hpp"
#include "guard/base/json.hpp"
#include "guard/hooks/accepted_operation.hpp"
#include "guard/hooks/attempt_folder.hpp"
#include "guard/hooks/http_answer.hpp"
#include "guard/hooks/signature.hpp"
#include "guard/http/client.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::hooks {
namespace {

constexpr Duration first_poll = std::chrono::seconds(1);
constexpr Duration slowest_poll = std::chrono::seconds(10);
constexpr Duration one_poll = std::chrono::seconds(10);
constexpr Duration longest_wait = std::chrono::hours(24);  // whatever the wall clock did since it was accepted
constexpr Duration last_poll = std::chrono::seconds(1);    // what the last look may take beyond the hook's time

// The key as a structured string (RFC 9651, 3.3.3), which knows printable ASCII only; all else is percent-encoded.
std::string structured(std::string_view key) {
  std::string out = "\"";
  for (const char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte > 0x7E || c == '"' || c == '\\' || c == '%')
      out += fmt::format("%{:02X}", static_cast<unsigned>(byte));
    else
      out += c;
  }
  return out + '"';
}

class HttpHookRunner final : public Hook {
 public:
  HttpHookRunner(const config::HookSettings& settings, http::Client client, http::Client poller,
                 HttpHookContext context)
      : name_(settings.name),
        retry_(settings.retry),
        client_(std::move(client)),
        poller_(std::move(poller)),
        context_(std::move(context)) {}

  void rehearse_by(http::Client client) { rehearsal_.emplace(std::move(client)); }
  void use(Secret key, const config::HttpHook& http) {
    key_ = std::move(key);
    timeout_ = http.timeout;
    conflict_is_done_ = http.conflict_is_done;
  }

  std::string_view name() const override { return name_; }
  std::string_view kind() const override { return "http"; }
  const model::RetryPolicy& retry() const override { return retry_; }
  Result<void> rehearse(const HookCall&) const override { return {}; }

  Result<std::string> try_out(const HookCall& call, Duration deadline) override {
    http::Request ask;
    if (rehearsal_) {
      ask = request(call);
    } else {
      ask.method = "OPTIONS";  // has no effect (RFC 9110, 9.2.1), and any answer shows that somebody is there
    }
    ask.deadline = std::min(timeout_, deadline);
    const auto response = (rehearsal_ ? *rehearsal_ : client_).send(ask);
    if (!response) return std::unexpected(response.error());
    const bool refused = rehearsal_ ? response->status / 100 != 2 : response->status >= 500;
    if (refused)
      return fail(ErrorCode::unavailable,
                  fmt::format("{} answers HTTP {}", (rehearsal_ ? *rehearsal_ : client_).url(), response->status));
    return rehearsal_ ? fmt::format("its rehearsal succeeded: HTTP {}", response->status)
                      : client_.url() + " answers; it declares no rehearsal";
  }

  HookResult call(const HookCall& call) override {
    const auto begin = context_.clock.now().mono;
    const auto response = client_.send(request(call));
    auto result = response ? understand(call, *response, begin + timeout_) : meaning_of(response.error());
    result.took = context_.clock.now().mono - begin;
    return result;
  }

  // A guard that died during the call cannot know what the other side did, but where it was told where to ask.
  std::optional<HookResult> recover(const HookCall& call) override {
    const auto accepted = AcceptedOperation::load(folder_of(call));
    if (!accepted)
      return HookResult{model::AttemptResult::unknown, "the guard was restarted during the call", "", {}, {}};
    const auto now = context_.clock.now();
    const auto left = std::clamp(accepted->until - now.wall, first_poll, longest_wait);
    return poll(accepted->path, now.mono + left);
  }

 private:
  http::Request request(const HookCall& call) const {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(context_.clock.now().wall).time_since_epoch().count();
    const auto timestamp = fmt::to_string(seconds);
    http::Request out;
    out.method = "POST";
    out.content_type = "application/json";
    out.body = http_body(call);
    out.deadline = timeout_;
    out.fresh_connection = true;
    // A key may hold dots, which part what is signed, and bytes that no header takes.
    const auto id = "rollback_" + digest(call.key);
    out.headers.emplace("Idempotency-Key", structured(call.key));
    out.headers.emplace("Release-Guard-Attempt", fmt::to_string(call.attempt));
    out.headers.emplace("webhook-id", id);
    out.headers.emplace("webhook-timestamp", timestamp);
    if (!key_.empty()) out.headers.emplace("webhook-signature", sign(key_, {id, timestamp, out.body}));
    return out;
  }

  std::filesystem::path folder_of(const HookCall& call) const {
    return AttemptFolder::current(context_.state, call).path();
  }

  HookResult understand(const HookCall& call, const http::Response& response, MonoTime deadline) const {
    const auto location = response.header("location");
    if (response.status != 202 || !location)
      return meaning_of(response, conflict_is_done_ || call.may_have_acted, context_.clock.now().wall);
    const auto path = poll_path(client_.url(), *location);
    if (!path)
      return meaning_of(
          Error{ErrorCode::broken,
                "HTTP 202, but its Location is no absolute path or URL on the hook's own origin: " + *location});
    const auto now = context_.clock.now();
    // If it cannot be kept, only a guard that dies during the operation will miss it.
    static_cast<void>(AcceptedOperation{*path, now.wall + (deadline - now.mono)}.store(folder_of(call)).has_value());
    return poll(*path, deadline);
  }

  HookResult poll(const std::string& path, MonoTime deadline) const {
    for (auto pause = first_poll;; pause = std::min(slowest_poll, pause * 2)) {
      const auto left = deadline - context_.clock.now().mono;
      if (left <= Duration{0})
        return meaning_of(Error{ErrorCode::timeout,
                                fmt::format("accepted (HTTP 202), but not done within {}", format_duration(timeout_))});
      context_.wait(std::min(pause, left));
      http::Request ask;
      ask.path = path;
      ask.deadline = std::clamp(deadline - context_.clock.now().mono, last_poll, one_poll);
      const auto response = poller_.send(ask);
      if (!response) continue;  // the operation goes on whether or not it can be seen
      if (response->status >= 500 || response->status == 429) continue;
      if (auto end = meaning_of_poll(*response)) return *end;
    }
  }

  std::string name_;
  model::RetryPolicy retry_;
  http::Client client_;
  std::optional<http::Client> rehearsal_;
  http::Client poller_;  // at the origin's root: a Location is absolute
  HttpHookContext context_;
  Secret key_;
  Duration timeout_{0};
  bool conflict_is_done_ = false;
};

}  // namespace

std::string http_body(const HookCall& call) {
  json::object labels;
  for (const auto& [name, value] : call.subject.labels) labels[name] = value;
  const json::object body{{"type", fmt::format("release_guard.{}", to_string(call.purpose))},
                          {"key", call.key},
                          {"release", call.release},
                          {"service", call.subject.service},
                          {"environment", call.subject.environment},
                          {"version", call.subject.version},
                          {"previous_version", call.subject.previous_version},
                          {"expected_current", call.subject.version},
                          {"labels", labels},
                          {"decision", call.decision},
                          {"trigger", call.trigger},
                          {"slo", call.slo},
                          {"reason", call.reason},
                          {"decided_at", format_time(call.decided_at)},
                          {"fencing_epoch", call.fencing_epoch}};
  return json::serialize(body);
}

Result<HookPtr> make_http_hook(const config::HookSettings& settings, const config::HttpHook& http,
                               HttpHookContext context) {
  const auto& hook_clock = context.clock;
  auto client = http::Client::make(http.http, context.clock);
  if (!client) return std::unexpected(client.error());
  auto root = http.http;
  root.url = http::parse_url(http.http.url)->origin();
  auto poller = http::Client::make(root, context.clock);
  if (!poller) return std::unexpected(poller.error());
  Secret key;
  if (http.secret) {
    auto decoded = signing_key(*http.secret);
    if (!decoded) return std::unexpected(decoded.error());
    key = std::move(*decoded);
  }
  auto hook = std::make_shared<HttpHookRunner>(settings, std::move(*client), std::move(*poller), std::move(context));
  hook->use(std::move(key), http);
  if (!http.rehearse.empty()) {
    auto other = http.http;
    other.url = http.rehearse;
    auto rehearsal = http::Client::make(other, hook_clock);
    if (!rehearsal) return std::unexpected(rehearsal.error());
    hook->rehearse_by(std::move(*rehearsal));
  }
  return hook;
}

}  // namespace guard::hooks
