// SPDX-License-Identifier: Apache-2.0
//
// What the tables of keys (keys.hpp) say of a value. Constants and pure functions; safe from any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace guard::config {

struct ObjectInfo;

// A type that schema_types.cpp describes, one of some words, or an object.
struct ValueType {
  enum class Form { one, list, one_or_list };

  std::string_view name = {};  // as the reference says it; empty: the words say it themselves
  std::span<const std::string_view> words = {};
  const ObjectInfo* object = nullptr;
  Form form = Form::one;

  constexpr ValueType() = default;
  constexpr ValueType(const char* type) : name(type) {}
  constexpr ValueType(std::string_view shown, std::span<const std::string_view> choice, Form how)
      : name(shown), words(choice), form(how) {}
  constexpr ValueType(std::string_view shown, const ObjectInfo& of, Form how) : name(shown), object(&of), form(how) {}
};

constexpr ValueType one_of(std::span<const std::string_view> words) {
  return {"", words, ValueType::Form::one};
}
constexpr ValueType one(const ObjectInfo& object) {
  return {"object", object, ValueType::Form::one};
}
constexpr ValueType list_of(std::string_view name, std::span<const std::string_view> words) {
  return {name, words, ValueType::Form::list};
}
constexpr ValueType list_of(std::string_view name, const ObjectInfo& object) {
  return {name, object, ValueType::Form::list};
}
constexpr ValueType one_or_list_of(std::string_view name, const ObjectInfo& object) {
  return {name, object, ValueType::Form::one_or_list};
}

// "a, b or c", where `last` is " or ".
std::string joined(std::span<const std::string_view> words, std::string_view last);

// As the reference says it: "duration", "hold or ignore".
std::string text_of(const ValueType& type);

}  // namespace guard::config
