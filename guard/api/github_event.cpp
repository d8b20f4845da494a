// SPDX-License-Identifier: Apache-2.0
#include "guard/api/deployment_events.hpp"
#include "guard/base/digest.hpp"
#include "guard/base/duration.hpp"
#include "guard/base/printable.hpp"
#include "guard/base/text.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include <fmt/format.h>

namespace guard::api {
namespace {

using engine::DeploymentState;

constexpr std::size_t longest_name = 64;

// The parts of the webhook that count; they live as long as its body.
struct Parts {
  JsonObject status;
  JsonObject deployment;
  JsonObject repository;
};

Result<Parts> parts_of(const json::value& body) {
  const auto root = JsonObject::of(body, "");
  if (!root) return std::unexpected(root.error());
  const auto part = [&](std::string_view key) -> Result<JsonObject> {
    const auto* value = root->find(key);
    if (value == nullptr) return fail(ErrorCode::invalid, fmt::format("{} is missing", key));
    return JsonObject::of(*value, std::string(key));
  };
  const auto status = part("deployment_status");
  if (!status) return std::unexpected(status.error());
  const auto deployment = part("deployment");
  if (!deployment) return std::unexpected(deployment.error());
  const auto repository = part("repository");
  if (!repository) return std::unexpected(repository.error());
  return Parts{*status, *deployment, *repository};
}

// Nothing for what says no more than that the deployment waits, or that another one has replaced it.
std::optional<DeploymentState> state_of(std::string_view state) {
  if (state == "in_progress") return DeploymentState::begun;
  if (state == "success") return DeploymentState::live;
  if (state == "failure" || state == "error") return DeploymentState::failed;
  return std::nullopt;
}

// What of a name may stand in the id of a release.
std::string safe(std::string name) {
  constexpr std::string_view also = "._-";
  std::ranges::replace_if(
      name, [&](unsigned char c) { return std::isalnum(c) == 0 && also.find(static_cast<char>(c)) == also.npos; }, '-');
  name.resize(std::min(name.size(), longest_name));
  return name;
}

// Texts that GitHub may leave out, or leave empty.
std::string text_of(const JsonObject& object, std::string_view key) {
  return object.string_or(key, "").value_or("");
}

// The payload of the deployment is what who made it gave: an object, or a text that may hold one.
json::value payload_of(const JsonObject& deployment) {
  const auto* payload = deployment.find("payload");
  if (payload == nullptr) return nullptr;
  if (!payload->is_string()) return *payload;
  return parse_json(payload->get_string()).value_or(nullptr);
}

Result<std::string> version_of(const Parts& parts, config::GitHubVersion which) {
  if (which == config::GitHubVersion::sha) return parts.deployment.string("sha");
  constexpr std::string_view tags = "refs/tags/";
  auto ref = parts.deployment.string("ref");
  if (!ref) return ref;
  if (ref->starts_with(tags)) return ref->substr(tags.size());
  if (*ref == text_of(parts.repository, "default_branch") || ref->starts_with("refs/heads/"))
    return fail(ErrorCode::invalid,
                fmt::format("the deployment is of the branch {}, which tells no version from the next: deploy tags, or "
                            "set `events.github.version: sha`, or give the deployment's payload a version: "
                            "{{\"release_guard\": {{\"version\": \"…\"}}}}",
                            shorten(printable(*ref), longest_name)));
  return ref;
}

bool says_version(const json::value* said) {
  return said != nullptr && said->is_object() && said->get_object().contains("version");
}

Result<model::ReleaseSpec> read_spec(const Parts& parts, const config::EventSettings& settings) {
  const auto& [status, deployment, repository] = parts;
  const auto id = deployment.integer_or("id", 0);
  if (!id) return std::unexpected(id.error());
  const auto name = repository.string("name");
  if (!name) return std::unexpected(name.error());
  const auto payload = payload_of(deployment);
  const auto* object = payload.if_object();
  const auto* said = object == nullptr ? nullptr : object->if_contains("release_guard");
  std::string version;
  if (!says_version(said)) {
    auto read = version_of(parts, settings.github->version);
    if (!read) return std::unexpected(read.error());
    version = std::move(*read);
  }
  auto environment = text_of(status, "environment");
  if (environment.empty()) environment = text_of(deployment, "environment");
  json::object labels;
  for (const auto* link : {"log_url", "target_url"})
    if (const auto url = text_of(status, link); url.starts_with("http") && url.size() <= 256)
      labels.emplace("run", url);
  if (const auto sha = text_of(deployment, "sha"); !sha.empty()) labels["sha"] = shorten(sha, longest_name);
  auto spec = spec_of_event({{"service", named(settings.services, text_of(repository, "full_name"), *name)},
                             {"environment", named(settings.environments, environment, environment)},
                             {"version", version},
                             {"labels", std::move(labels)}},
                            said);
  if (spec) spec->id = fmt::format("github:{}:{}", safe(*name), *id);
  return spec;
}

std::string actor_of(const JsonObject& status) {
  const auto* creator = status.find("creator");
  const auto* object = creator == nullptr ? nullptr : creator->if_object();
  const auto* login = object == nullptr ? nullptr : object->if_contains("login");
  if (login == nullptr || !login->is_string()) return "GitHub";
  return fmt::format("GitHub for {}", shorten(printable(std::string_view(login->get_string())), longest_name));
}

Result<Told> read_status(const json::value& body, const config::EventSettings& settings) {
  const auto parts = parts_of(body);
  if (!parts) return std::unexpected(parts.error());
  const auto told = parts->status.string("state");
  if (!told) return std::unexpected(told.error());
  const auto state = state_of(*told);
  if (!state)
    return Ignored{fmt::format("a deployment that is {} changes nothing; in_progress, success, failure and error do",
                               shorten(printable(*told), longest_name))};
  auto spec = read_spec(*parts, settings);
  if (!spec) return std::unexpected(spec.error());
  const auto at = parse_time(text_of(parts->status, "created_at"));
  if (!at) return fail(ErrorCode::invalid, "deployment_status.created_at: " + at.error().message);
  engine::DeploymentEvent news;
  news.spec = std::move(*spec);
  news.actor = {actor_of(parts->status)};
  news.state = *state;
  news.at = *at;
  news.words = fmt::format("GitHub says {} {}", *told, printable(text_of(parts->status, "description")));
  while (news.words.ends_with(' ')) news.words.pop_back();
  return news;
}

}  // namespace

bool is_of_github(const Request& request) {
  return request.headers.contains("x-github-event");
}

Result<void> prove_github(const Request& request, const config::EventSettings& settings) {
  if (!settings.github)
    return fail(ErrorCode::unauthorized,
                "events of GitHub are taken once `events: { github: { secret_file: … } }` is configured");
  const Secret wanted("sha256=" + keyed_digest(settings.github->secret, request.body));
  if (wanted.equals(request.header("x-hub-signature-256"))) return {};
  return fail(ErrorCode::unauthorized,
              "X-Hub-Signature-256 does not prove who sent this: the webhook needs the secret of `events.github`");
}

Result<Told> read_github_event(const Request& request, const config::EventSettings& settings) {
  const auto type = request.header("x-github-event");
  if (type == "ping") return Ignored{"GitHub reaches this guard; let the webhook send deployment statuses"};
  if (type != "deployment_status")
    return Ignored{
        fmt::format("events of type {} are not read; deployment_status is", shorten(printable(type), longest_name))};
  const auto body = parse_json(request.body);
  if (!body) return std::unexpected(body.error());
  return read_status(*body, settings);
}

}  // namespace guard::api
