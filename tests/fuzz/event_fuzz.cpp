// SPDX-License-Identifier: Apache-2.0
//
// Any body of an event: what is read from it can be shown, logged and made a path of, and what is refused is refused
// with text.
#include "guard/api/deployment_events.hpp"
#include "guard/base/text.hpp"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace guard;

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_clean(std::string_view text) {
  return is_utf8(text) && std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

void require_clean(const Result<api::Told>& told) {
  if (!told) return require(told.error().code == ErrorCode::invalid && is_clean(told.error().message));
  if (const auto* other = std::get_if<api::Ignored>(&*told)) return require(is_clean(other->reason));
  const auto& news = std::get<engine::DeploymentEvent>(*told);
  for (const auto& text : {news.spec.service, news.spec.environment, news.spec.version})
    require(!text.empty() && is_clean(text));
  for (const auto& [name, value] : news.spec.labels) require(is_clean(value));
  require(is_clean(news.actor.name) && is_clean(news.words));
  require(news.spec.id.size() <= 128 && news.spec.id.find_first_of("/?#% ") == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  config::EventSettings settings;
  settings.github.emplace();
  api::Request request;
  request.body.assign(reinterpret_cast<const char*>(data), size);
  request.headers["x-github-event"] = "deployment_status";
  require_clean(api::read_github_event(request, settings));
  request.headers["content-type"] = api::structured_media;
  if (const auto event = api::read_cloud_event(request)) require_clean(api::read_cdevent(*event, settings, WallTime{}));
  request.headers = {
      {"ce-specversion", "1.0"}, {"ce-id", "1"}, {"ce-source", "/s"}, {"ce-type", "dev.cdevents.service.deployed"}};
  if (const auto event = api::read_cloud_event(request)) require_clean(api::read_cdevent(*event, settings, WallTime{}));
  return 0;
}
