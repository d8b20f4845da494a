// SPDX-License-Identifier: Apache-2.0
//
// The archive that writes views as JSON, by the lists of view_fields.hpp. Pure.
#pragma once

#include "guard/base/enum_names.hpp"
#include "guard/base/json_out.hpp"
#include "guard/story/view_fields.hpp"

namespace guard::story {

class ViewWriter {
 public:
  template <class T>
  void operator()(std::string_view name, const T& member) {
    object_[name] = write(member);
  }

  json::object take() { return std::move(object_); }

  // A whole value, by its list.
  template <class T>
  static json::object object(const T& value) {
    ViewWriter members;
    fields(members, value);
    return members.take();
  }

 private:
  static json::value write(bool value) { return value; }
  static json::value write(int value) { return value; }
  static json::value write(std::int64_t value) { return value; }
  static json::value write(double value) { return json_number(value); }
  static json::value write(const std::string& value) { return json::string(value); }
  static json::value write(WallTime value) { return json_time(value); }
  static json::value write(Duration value) { return json_seconds(value); }
  static json::value write(OrEmpty<const std::optional<std::string>> value) {
    return json::string(value.text.value_or(""));
  }
  static json::value write(ManyLines<const std::string> value) { return json::string(value.text); }
  static json::value write(Succeeded<const bool> value) { return value.flag ? "succeeded" : "failed"; }
  template <class T>
    requires std::is_enum_v<T>
  static json::value write(T value) {
    return json::string(to_string(value));
  }
  template <class T>
  static json::value write(const std::optional<T>& value) {
    return value ? write(*value) : json::value(nullptr);
  }
  template <class T>
  static json::value write(const std::vector<T>& values) {
    json::array out;
    for (const auto& value : values) out.push_back(write(value));
    return out;
  }
  template <class T>
  static json::value write(const std::map<std::string, T>& values) {
    json::object out;
    for (const auto& [name, value] : values) out[name] = write(value);
    return out;
  }
  template <class T>
    requires std::is_class_v<T>
  static json::value write(const T& value) {
    return object(value);
  }

  json::object object_;
};

}  // namespace guard::story
