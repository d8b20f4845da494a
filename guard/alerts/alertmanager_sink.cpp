// SPDX-License-Identifier: Apache-2.0
#include "guard/alerts/alertmanager_sink.hpp"

#include "guard/base/text.hpp"

#include <fmt/format.h>

namespace guard::alerts {

Result<void> AlertmanagerSink::post(const std::string& body) {
  http::Request request;
  request.method = "POST";
  request.path = "/api/v2/alerts";
  request.content_type = "application/json";
  request.body = body;
  request.deadline = deadline_;
  const auto response = server_.send(request);
  if (!response) return std::unexpected(response.error());
  if (response->status >= 200 && response->status < 300) return {};
  return fail(ErrorCode::broken, fmt::format("{}: Alertmanager answered HTTP {}: {}", name(), response->status,
                                             shorten(trim(response->body), 300)));
}

}  // namespace guard::alerts
