// SPDX-License-Identifier: Apache-2.0
//
// The archive that reads views from a guard's JSON, by the lists of guard/story/view_fields.hpp. Texts are made safe
// for a terminal; a member that is absent or null keeps its default, and members that a newer guard adds are ignored.
// It keeps the first thing that is wrong. Pure.
#pragma once

#include "guard/base/json.hpp"
#include "guard/story/view_fields.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace guard::client {

class ViewReader {
 public:
  // `path` is how messages name the object.
  ViewReader(const json::value& value, std::string path);

  template <class T>
  void operator()(std::string_view name, T&& out) {
    const auto* member = object_ && !error_ ? object_->find(name) : nullptr;
    if (member != nullptr) read(*member, object_->path_of(name), out);
  }

  const std::optional<Error>& error() const { return error_; }

 private:
  void stop(std::string message);
  // Whether it is one; else that is what is wrong.
  bool is_text(const json::value& value, const std::string& path);
  const json::array* list(const json::value& value, const std::string& path);

  void read(const json::value& value, const std::string& path, bool& out);
  void read(const json::value& value, const std::string& path, std::int64_t& out);
  void read(const json::value& value, const std::string& path, int& out);
  void read(const json::value& value, const std::string& path, double& out);
  void read(const json::value& value, const std::string& path, std::string& out);
  void read(const json::value& value, const std::string& path, WallTime& out);
  void read(const json::value& value, const std::string& path, Duration& out);
  void read(const json::value& value, const std::string& path, story::ManyLines<std::string>& out);
  void read(const json::value& value, const std::string& path, story::Succeeded<bool>& out);

  void read(const json::value& value, const std::string& path, story::OrEmpty<std::optional<std::string>>& out) {
    read(value, path, out.text.emplace());
    if (out.text->empty()) out.text.reset();
  }
  template <class T>
  void read(const json::value& value, const std::string& path, std::optional<T>& out) {
    read(value, path, out.emplace());
  }
  template <class T>
  void read(const json::value& value, const std::string& path, std::vector<T>& out) {
    const auto* items = list(value, path);
    if (items == nullptr) return;
    for (const auto& item : *items) {
      const auto place = path + "[" + std::to_string(out.size()) + "]";
      read(item, place, out.emplace_back());
    }
  }
  template <class T>
  void read(const json::value& value, const std::string& path, std::map<std::string, T>& out) {
    const auto object = JsonObject::of(value, path);
    if (!object) return stop(object.error().message);
    for (const auto& [name, member] : object->raw()) read(member, object->path_of(name), out[name]);
  }
  template <class T>
  void read(const json::value& value, const std::string& path, T& out) {
    using story::fields;
    ViewReader members(value, path);
    fields(members, out);
    if (members.error_) stop(members.error_->message);
  }

  std::optional<JsonObject> object_;
  std::optional<Error> error_;
};

}  // namespace guard::client
