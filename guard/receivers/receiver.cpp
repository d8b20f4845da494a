// SPDX-License-Identifier: Apache-2.0
#include "guard/receivers/receiver.hpp"

#include "guard/http/client.hpp"
#include "guard/http/url.hpp"
#include "guard/receivers/formats.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace guard::receivers {
namespace {

// Far more than the reason of a refusal.
constexpr std::size_t most_answer = std::size_t{64} << 10U;
// Shorter words of an address are no secrets, and stand in messages by themselves.
constexpr std::size_t shortest_secret = 8;

bool is_of_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// Whether the text holds a part of the address behind its host, be it with or without percent-encoding.
bool echoes(std::string_view text, const std::string& address) {
  const auto url = http::parse_url(address);
  if (!url) return true;
  std::string_view rest = url->path;
  while (!rest.empty()) {
    const std::string_view word(rest.begin(), std::ranges::find_if_not(rest, is_of_word));
    if (word.size() >= shortest_secret && text.find(word) != std::string_view::npos) return true;
    const bool encoded = rest.substr(word.size()).starts_with('%');
    rest.remove_prefix(std::min(rest.size(), word.size() + (encoded ? 3 : 1)));
  }
  return false;
}

class HttpReceiver final : public Receiver {
 public:
  HttpReceiver(config::ReceiverSettings settings, http::Client client, Sender sender, const Clock& clock)
      : settings_(std::move(settings)), client_(std::move(client)), sender_(std::move(sender)), clock_(clock) {}

  const config::ReceiverSettings& settings() const override { return settings_; }

  std::optional<Failure> deliver(const Message& message) override {
    http::Request request;
    request.method = "POST";
    request.content_type = "application/json";
    request.body = body_of(settings_.kind, message, sender_);
    request.deadline = settings_.timeout;
    request.fresh_connection = true;
    request.success_needs_no_body = true;
    request.max_response = most_answer;
    if (!message.key.empty()) request.headers.emplace("Idempotency-Key", "\"" + message.key + "\"");
    auto response = client_.send(request);
    if (!response) return failure_of(response.error());
    if (settings_.http.url_is_secret && echoes(response->body, settings_.http.url)) response->body.clear();
    return failure_of(*response, clock_.now().wall);
  }

 private:
  config::ReceiverSettings settings_;
  http::Client client_;
  Sender sender_;
  const Clock& clock_;
};

}  // namespace

Result<ReceiverPtr> make_receiver(const config::ReceiverSettings& settings, const std::string& external_url,
                                  const Clock& clock) {
  auto client = http::Client::make(settings.http, clock);
  if (!client) return fail(client.error().code, fmt::format("receiver {}: {}", settings.name, client.error().message));
  return std::make_shared<HttpReceiver>(settings, std::move(*client), Sender{settings.name, external_url}, clock);
}

}  // namespace guard::receivers
