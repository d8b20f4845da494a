// SPDX-License-Identifier: Apache-2.0
//
// The one way JSON comes in: strict syntax, UTF-8 only, bounded depth. A reader asks for a key with its type and gets
// an Error that names the path. Pure; safe from any thread.
#pragma once

#include "guard/base/error.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

namespace guard {

namespace json = boost::json;

// Parses `text`. Fails with ErrorCode::invalid on bad syntax, bad UTF-8, more than 64 levels or trailing text. Where
// the value is read and thrown away, a `storage` that gives its memory back all at once is much quicker than the usual
// one.
Result<json::value> parse_json(std::string_view text, json::storage_ptr storage = {});

// As parse_json, for what is asked of the guard: also fails with invalid where an object names a key twice, because
// nobody can say which of the two was meant.
Result<json::value> parse_json_request(std::string_view text);

// The members of one JSON object, read by name and type. `path` is how messages name the object ("alerts[3]").
class JsonObject {
 public:
  // Fails with ErrorCode::invalid if `value` is no object.
  static Result<JsonObject> of(const json::value& value, std::string path);

  // A required string. Fails with ErrorCode::invalid if it is absent or of another type.
  Result<std::string> string(std::string_view key) const;
  // `fallback` if the key is absent or null; fails if it is of another type.
  Result<std::string> string_or(std::string_view key, std::string_view fallback) const;
  Result<bool> boolean_or(std::string_view key, bool fallback) const;
  Result<std::int64_t> integer_or(std::string_view key, std::int64_t fallback) const;
  // An object of strings; an absent key is an empty map.
  Result<std::map<std::string, std::string>> string_map(std::string_view key) const;
  // The raw member, or nullptr if it is absent or null.
  const json::value* find(std::string_view key) const;
  // The path of a member, for messages of the caller's own.
  std::string path_of(std::string_view key) const;
  const json::object& raw() const { return *object_; }

 private:
  JsonObject(const json::object& object, std::string path) : object_(&object), path_(std::move(path)) {}
  std::unexpected<Error> wrong(std::string_view key, std::string_view wanted) const;

  const json::object* object_;
  std::string path_;
};

}  // namespace guard
