// SPDX-License-Identifier: Apache-2.0
//
// Reads the JSON body of a request, strictly: an unknown key is an error with the nearest name. Pure.
#pragma once

#include "guard/api/message.hpp"
#include "guard/base/random.hpp"
#include "guard/model/matcher.hpp"
#include "guard/model/release.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guard::api {

// One body; reading goes on after a problem, and the first one is kept.
class Body {
 public:
  using Keys = std::span<const std::string_view>;

  static Result<Body> of(const json::value& value, Keys known);

  // A line of text that is not empty.
  std::string name(std::string_view key);
  std::string name_or_empty(std::string_view key);
  // Any text of some lines.
  std::string words(std::string_view key);
  // Written in a rule file, and read by its parser; empty where it is absent.
  std::optional<std::string> written(std::string_view key);
  // As it is: who reads it says what is wrong with it.
  std::string text(std::string_view key);
  // `fallback` where it is not given; below 0 it is 0.
  int whole_number(std::string_view key, int fallback);
  std::optional<WallTime> time(std::string_view key);
  std::map<std::string, std::string> labels(std::string_view key);
  // At least one: an empty list never means everything.
  std::vector<model::Matcher> matchers(std::string_view key);
  std::vector<model::ReleaseKind> kinds(std::string_view key);
  // Without `id` the Idempotency-Key is the id, so that a client which sends a request again does one thing once; and
  // without that a new one.
  std::string id(const Request& request, Random& random);

  // False where it is not given.
  bool flag(std::string_view key);

  bool has(std::string_view key) const { return object_.find(key) != nullptr; }
  // The message may repeat a key, which may be any text of any length.
  void refuse(std::string_view message);
  const std::optional<Error>& problem() const { return problem_; }

 private:
  explicit Body(const JsonObject& object) : object_(object) {}

  void refuse_unknown(Keys known);
  std::string take(Result<std::string> value);
  std::string short_text(std::string_view key, std::string text);
  std::vector<std::string> texts(std::string_view key);

  JsonObject object_;
  std::optional<Error> problem_;
};

// What `read` makes of an object, or the first problem.
template <class T, class Read>
Result<T> parse_object(const json::value& value, Body::Keys known, Read read) {
  auto body = Body::of(value, known);
  if (!body) return std::unexpected(body.error());
  T out = read(*body);
  if (body->problem()) return std::unexpected(*body->problem());
  return out;
}

// The same of the body of a request. An empty body is an empty object.
template <class T, class Read>
Result<T> parse_body(const Request& request, Body::Keys known, Read read) {
  const auto value = parse_json_request(request.body.empty() ? "{}" : std::string_view(request.body));
  if (!value) return std::unexpected(value.error());
  return parse_object<T>(*value, known, read);
}

}  // namespace guard::api
