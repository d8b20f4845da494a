// SPDX-License-Identifier: Apache-2.0
#include "guard/hooks/accepted_operation.hpp"

#include "guard/base/durable_folder.hpp"
#include "guard/base/file.hpp"
#include "guard/base/json.hpp"

namespace guard::hooks {
namespace {

constexpr const char* file_name = "accepted.json";

}  // namespace

Result<void> AcceptedOperation::store(const std::filesystem::path& attempt) const {
  if (auto made = make_folder(attempt); !made) return made;
  const json::object body{{"path", path}, {"until_ms", until.time_since_epoch().count()}};
  return write_file_durably(attempt / file_name, json::serialize(body));
}

std::optional<AcceptedOperation> AcceptedOperation::load(const std::filesystem::path& attempt) {
  const auto text = read_file(attempt / file_name);
  if (!text) return std::nullopt;
  const auto value = parse_json(*text);
  if (!value) return std::nullopt;
  const auto object = JsonObject::of(*value, file_name);
  if (!object) return std::nullopt;
  const auto path = object->string("path");
  const auto until = object->integer_or("until_ms", 0);
  if (!path || !path->starts_with('/') || !until) return std::nullopt;
  return AcceptedOperation{*path, WallTime(Duration(*until))};
}

}  // namespace guard::hooks
