// SPDX-License-Identifier: Apache-2.0
#include "guard/api/body.hpp"
#include "guard/api/deployment_events.hpp"
#include "guard/api/release_requests.hpp"
#include "guard/api/target.hpp"
#include "guard/base/digest.hpp"
#include "guard/base/printable.hpp"
#include "guard/base/text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace guard::api {
namespace {

constexpr std::array<std::string_view, 2> told_of{"dev.cdevents.service.deployed", "dev.cdevents.service.upgraded"};

// Each type ends with its own version: ….deployed.0.2.0.
bool tells_of_deployment(std::string_view type) {
  return std::ranges::any_of(told_of, [&](std::string_view wanted) {
    return type == wanted || (type.starts_with(wanted) && type.substr(wanted.size()).starts_with('.'));
  });
}

Result<JsonObject> member(const JsonObject& object, std::string_view key) {
  const auto* value = object.find(key);
  if (value == nullptr) return fail(ErrorCode::invalid, fmt::format("{} is missing", object.path_of(key)));
  return JsonObject::of(*value, object.path_of(key));
}

// "service/shop" is the shop.
std::string last_part(const std::string& id) {
  return id.substr(id.rfind('/') + 1);
}

// The tag that the package URL names, and without one its version: a tag says more to people, and to a hook, than a
// digest. What is no package URL is the version itself.
std::string version_of(std::string_view artifact) {
  if (!artifact.starts_with("pkg:")) return std::string(artifact);
  artifact = artifact.substr(0, artifact.find('#'));
  const auto mark = std::min(artifact.find('?'), artifact.size());
  const auto path = artifact.substr(0, mark);
  const auto at = path.rfind('@');
  auto version = at == std::string_view::npos ? std::string_view() : path.substr(at + 1);
  for (auto rest = artifact.substr(mark); !rest.empty();) {
    rest.remove_prefix(1);
    const auto end = std::min(rest.find('&'), rest.size());
    if (rest.starts_with("tag=") && end > 4) version = rest.substr(4, end - 4);
    rest.remove_prefix(end);
  }
  return percent_decoded(version).value_or("");
}

// `release_guard` of customData, which may be any JSON.
const json::value* said_beside(const JsonObject& cdevent) {
  const auto* custom = cdevent.find("customData");
  const auto* object = custom == nullptr ? nullptr : custom->if_object();
  return object == nullptr ? nullptr : object->if_contains("release_guard");
}

Result<model::ReleaseSpec> read_subject(const JsonObject& cdevent, const config::EventSettings& settings) {
  const auto subject = member(cdevent, "subject");
  if (!subject) return std::unexpected(subject.error());
  const auto id = subject->string("id");
  if (!id) return std::unexpected(id.error());
  const auto content = member(*subject, "content");
  if (!content) return std::unexpected(content.error());
  const auto environment = member(*content, "environment");
  if (!environment) return std::unexpected(environment.error());
  const auto where = environment->string("id");
  if (!where) return std::unexpected(where.error());
  const auto artifact = content->string_or("artifactId", "");
  if (!artifact) return std::unexpected(artifact.error());
  json::object labels;
  if (!artifact->empty()) labels["artifact"] = shorten(*artifact, 250);
  return spec_of_event({{"service", named(settings.services, *id, last_part(*id))},
                        {"environment", named(settings.environments, *where, last_part(*where))},
                        {"version", version_of(*artifact)},
                        {"labels", std::move(labels)}},
                       said_beside(cdevent));
}

}  // namespace

std::string named(const std::map<std::string, std::string>& names, const std::string& theirs,
                  const std::string& otherwise) {
  const auto known = names.find(theirs);
  return known == names.end() ? otherwise : known->second;
}

Result<model::ReleaseSpec> spec_of_event(json::object fields, const json::value* said) {
  const auto* object = said == nullptr ? nullptr : said->if_object();
  if (said != nullptr && object == nullptr) return fail(ErrorCode::invalid, "release_guard must be an object");
  if (object != nullptr)
    for (const auto& [key, value] : *object) fields[key] = value;
  return parse_spec(fields);
}

Result<Told> read_cdevent(const CloudEvent& event, const config::EventSettings& settings, WallTime now) {
  if (!tells_of_deployment(event.type))
    return Ignored{fmt::format("events of type {} are not read; {} and {} are", shorten(printable(event.type), 100),
                               told_of[0], told_of[1])};
  const auto cdevent = JsonObject::of(event.data, "data");
  if (!cdevent) return std::unexpected(cdevent.error());
  auto spec = read_subject(*cdevent, settings);
  if (!spec) return std::unexpected(spec.error());
  engine::DeploymentEvent news;
  news.spec = std::move(*spec);
  // An event is known by its source and id; what they may hold an id of a release may not.
  news.spec.id = "cdevents:" + digest(event.source + "\n" + event.id);
  news.state = engine::DeploymentState::live;
  news.at = event.time.value_or(now);
  return news;
}

}  // namespace guard::api
