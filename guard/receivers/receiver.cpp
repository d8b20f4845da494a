// SPDX-License-Identifier: Apache-2.0
#include "guard/receivers/receiver.hpp"

#include "guard/http/client.hpp"
#include "guard/receivers/formats.hpp"

#include <utility>

#include <fmt/format.h>

namespace guard::receivers {
namespace {

class HttpReceiver final : public Receiver {
 public:
  HttpReceiver(config::ReceiverSettings settings, http::Client client, Sender sender, const Clock& clock)
      : settings_(std::move(settings)), client_(std::move(client)), sender_(std::move(sender)), clock_(clock) {}

  const config::ReceiverSettings& settings() const override { return settings_; }

  std::optional<Failure> tell(const Message& message) override {
    http::Request request;
    request.method = "POST";
    request.content_type = "application/json";
    request.body = body_of(settings_.kind, message, sender_);
    request.deadline = settings_.timeout;
    request.fresh_connection = true;
    if (!message.key.empty()) request.headers.emplace("Idempotency-Key", "\"" + message.key + "\"");
    const auto response = client_.send(request);
    if (!response) return failure_of(response.error());
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
