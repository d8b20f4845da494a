// SPDX-License-Identifier: Apache-2.0
#include "guard/api/release_requests.hpp"

#include "guard/api/target.hpp"
#include "guard/base/duration.hpp"
#include "guard/base/json.hpp"
#include "guard/base/printable.hpp"
#include "guard/base/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>
#include <span>

#include <fmt/format.h>

namespace guard::api {
namespace {

constexpr std::size_t longest_id = 128;
constexpr std::size_t longest_text = 256;
constexpr std::size_t longest_words = 4096;
constexpr std::size_t longest_message = 512;
constexpr std::size_t most_labels = 64;

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= longest_id && text != "." && text != ".." &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '.' || c == '_' || c == ':' || c == '-';
         });
}

bool is_label_name(std::string_view name) {
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

// One body; reading goes on after a problem, and the first one is kept.
class Body {
 public:
  using Keys = std::span<const std::string_view>;

  static Result<Body> of(const json::value& value, Keys known) {
    auto object = JsonObject::of(value, "");
    if (!object) return std::unexpected(object.error());
    Body body(*object);
    body.refuse_unknown(known);
    return body;
  }

  std::string name(std::string_view key) {
    auto text = short_text(key, take(object_.string(key)));
    if (text.empty()) refuse(fmt::format("{} must not be empty", key));
    return text;
  }
  std::string name_or_empty(std::string_view key) { return short_text(key, take(object_.string_or(key, ""))); }
  std::string words(std::string_view key) {
    auto text = take(object_.string_or(key, ""));
    if (text.size() > longest_words) refuse(fmt::format("{} is longer than {} bytes", key, longest_words));
    if (!is_printable(text, Lines::many)) refuse(fmt::format("{} holds a character that is not shown", key));
    return text;
  }
  // Written in a rule file, and read by its parser; empty where it is absent.
  std::optional<std::string> written(std::string_view key) {
    if (!has(key)) return std::nullopt;
    return short_text(key, take(object_.string(key)));
  }
  // As it is: who reads it says what is wrong with it.
  std::string text(std::string_view key) { return take(object_.string(key)); }
  int whole_number(std::string_view key, int fallback) {
    const auto number = object_.integer_or(key, fallback);
    if (!number) refuse(number.error().message);
    return static_cast<int>(std::clamp<std::int64_t>(number.value_or(fallback), 0, std::numeric_limits<int>::max()));
  }
  std::optional<WallTime> time(std::string_view key) {
    if (!has(key)) return std::nullopt;
    const auto text = take(object_.string(key));
    const auto time = parse_time(text);
    if (!time) refuse(fmt::format("{}: {}", key, time.error().message));
    return time ? std::optional(*time) : std::nullopt;
  }
  std::map<std::string, std::string> labels(std::string_view key) {
    auto labels = object_.string_map(key);
    if (!labels) refuse(labels.error().message);
    if (!labels) return {};
    if (labels->size() > most_labels) refuse(fmt::format("{} has more than {} entries", key, most_labels));
    for (const auto& [name, value] : *labels) {
      if (!is_label_name(name) || name.size() > longest_text)
        refuse(fmt::format("{}: \"{}\" is not a label name: letters, digits and _, no digit first", key,
                           shorten(name, 64)));
      short_text(fmt::format("{}.{}", key, shorten(name, 64)), value);
    }
    return *labels;
  }
  bool has(std::string_view key) const { return object_.find(key) != nullptr; }
  // The message may repeat a key, which may be any text of any length.
  void refuse(std::string_view message) {
    if (!problem_) problem_ = Error{ErrorCode::invalid, shorten(printable(message), longest_message)};
  }
  const std::optional<Error>& problem() const { return problem_; }

 private:
  explicit Body(const JsonObject& object) : object_(object) {}

  void refuse_unknown(Keys known) {
    for (const auto& member : object_.raw()) {
      const std::string_view key = member.key();
      if (std::find(known.begin(), known.end(), key) != known.end()) continue;
      const auto near = nearest_name(key, known);
      refuse(fmt::format("unknown key \"{}\"{}", shorten(key, 64),
                         near ? fmt::format(", did you mean \"{}\"?", *near) : ""));
    }
  }
  std::string take(Result<std::string> value) {
    if (value) return std::move(*value);
    refuse(value.error().message);
    return "";
  }
  std::string short_text(std::string_view key, std::string text) {
    if (text.size() > longest_text) refuse(fmt::format("{} is longer than {} bytes", key, longest_text));
    if (!is_printable(text)) refuse(fmt::format("{} holds a character that is not shown", key));
    return text;
  }

  JsonObject object_;
  std::optional<Error> problem_;
};

// What `read` makes of the body, or the first problem. An empty body is an empty object.
template <class T, class Read>
Result<T> parse_body(const Request& request, Body::Keys known, Read read) {
  const auto value = parse_json_request(request.body.empty() ? "{}" : std::string_view(request.body));
  if (!value) return std::unexpected(value.error());
  auto body = Body::of(*value, known);
  if (!body) return std::unexpected(body.error());
  T out = read(*body);
  if (body->problem()) return std::unexpected(*body->problem());
  return out;
}

model::ReleaseKind read_kind(Body& body) {
  const auto name = body.name_or_empty("kind");
  const auto kind = from_string<model::ReleaseKind>(name.empty() ? "feature" : name);
  if (!kind) body.refuse(fmt::format("kind \"{}\" is none of feature, hotfix, rollback", name));
  return kind.value_or(model::ReleaseKind::feature);
}

bool read_deploying(Body& body) {
  const auto phase = body.name_or_empty("phase");
  if (!phase.empty() && phase != "deploying")
    body.refuse("phase may only be \"deploying\"; leave it out for a release that is live");
  return phase == "deploying";
}

// Without `id` the Idempotency-Key is the id, so that a client which sends a request again announces one release.
std::string read_id(Body& body, const Request& request, Random& random) {
  constexpr auto what_fits = "1 to 128 of the characters A-Z a-z 0-9 . _ : -";
  auto id = body.name_or_empty("id");
  if (!id.empty() && !is_id(id)) body.refuse(fmt::format("id must be {}", what_fits));
  if (!id.empty()) return id;
  // A quoted string by draft-ietf-httpapi-idempotency-key-header; many clients send it bare.
  auto key = request.header("idempotency-key");
  if (key.empty()) return random.id();
  if (key.size() >= 2 && key.front() == '"' && key.back() == '"') key = key.substr(1, key.size() - 2);
  if (!is_id(key)) body.refuse(fmt::format("Idempotency-Key becomes the release's id, so it must be {}", what_fits));
  return key;
}

model::ReleaseSpec read_spec(Body& body) {
  model::ReleaseSpec spec;
  spec.service = body.name("service");
  spec.environment = body.name("environment");
  spec.version = body.name("version");
  spec.previous_version = body.name_or_empty("previous_version");
  if (!body.has("previous_version"))
    body.refuse("previous_version is missing; where there is none give \"\", and nothing is rolled back automatically");
  spec.kind = read_kind(body);
  spec.live_at = body.time("live_at");
  spec.labels = body.labels("labels");
  spec.deploying = read_deploying(body);
  if (spec.deploying && spec.live_at) body.refuse("a release that is deploying has no live_at yet; say it with /live");
  return spec;
}

}  // namespace

Result<model::ReleaseSpec> parse_announcement(const Request& request, Random& random) {
  static constexpr std::array<std::string_view, 9> keys{
      "service", "environment", "version", "previous_version", "kind", "id", "live_at", "labels", "phase"};
  return parse_body<model::ReleaseSpec>(request, keys, [&](Body& body) {
    auto spec = read_spec(body);
    spec.id = read_id(body, request, random);
    return spec;
  });
}

Result<engine::Order> parse_order(const Request& request, model::Verb verb) {
  static constexpr std::array<std::string_view, 1> live_keys{"live_at"};
  static constexpr std::array<std::string_view, 1> order_keys{"reason"};
  const bool live = verb == model::Verb::live;
  return parse_body<engine::Order>(request, live ? live_keys : order_keys, [&](Body& body) {
    engine::Order order{verb, request.parameters.at(0), {request.actor}, "", std::nullopt};
    if (live)
      order.live_at = body.time("live_at");
    else
      order.reason = body.words("reason");
    return order;
  });
}

Result<engine::WhatIfQuery> parse_what_if(const Request& request) {
  static constexpr std::array<std::string_view, 4> keys{"slo", "objective", "for", "confidence"};
  return parse_body<engine::WhatIfQuery>(request, keys, [&](Body& body) {
    engine::WhatIfQuery query;
    query.release = request.parameters.at(0);
    query.slo = body.name("slo");
    query.change = {body.written("objective"), body.written("for"), body.written("confidence")};
    if (!query.change.objective && !query.change.sustained && !query.change.confidence)
      body.refuse("say what is to be tried: objective, for or confidence, as a rule file writes it");
    return query;
  });
}

Result<RuleTextRequest> parse_rule_text(const Request& request) {
  static constexpr std::array<std::string_view, 3> keys{"text", "file", "line"};
  return parse_body<RuleTextRequest>(request, keys, [&](Body& body) {
    RuleTextRequest out;
    out.text.text = body.text("text");
    out.text.file = body.name_or_empty("file");
    if (out.text.file.empty()) out.text.file = "rules.yml";
    out.line = body.whole_number("line", out.line);
    return out;
  });
}

Result<engine::SignalPost> parse_signal(const Request& request, WallTime now) {
  static constexpr std::array<std::string_view, 3> keys{"name", "status", "detail"};
  return parse_body<engine::SignalPost>(request, keys, [&](Body& body) {
    engine::SignalPost post;
    post.release = request.parameters.at(0);
    post.actor = {request.actor};
    post.name = body.name("name");
    const auto status = body.name("status");
    if (status != "succeeded" && status != "failed") body.refuse("status must be succeeded or failed");
    post.signal = {status == "succeeded", body.words("detail"), now};
    return post;
  });
}

Result<report::Format> report_format(const Request& request) {
  static constexpr std::array<std::string_view, 1> known{"format"};
  if (auto read = only_parameters(request, known); !read) return std::unexpected(read.error());
  if (const auto it = request.query.find("format"); it != request.query.end()) {
    if (const auto format = from_string<report::Format>(it->second)) return *format;
    return fail(ErrorCode::invalid, "format must be json, md or html");
  }
  const auto accept = request.header("accept");
  if (accept.find("text/html") != std::string::npos) return report::Format::html;
  if (accept.find("application/json") != std::string::npos) return report::Format::json;
  return report::Format::md;
}

}  // namespace guard::api
