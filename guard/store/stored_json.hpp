// SPDX-License-Identifier: Apache-2.0
//
// The guard's own values as JSON and back, without loss: a struct lists its members once, in a function `fields`, and
// the same list writes and reads. Reading is strict: a member that is absent, of another type, unknown, or an enum
// name that is unknown is an error with its path, never a default. Pure.
//
// Times are int64 milliseconds; a double is text (shortest form that reads back the same, and inf and nan have one).
#pragma once

#include "guard/base/enum_names.hpp"
#include "guard/base/json.hpp"
#include "guard/base/time.hpp"
#include "guard/model/matcher.hpp"
#include "guard/promql/text_template.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace guard::store {

// Text that was stored, whatever bytes its strings hold: a hook's output that is no UTF-8 must not make the journal
// unreadable. So this is apart from parse_json, which is for what comes from outside. Fails with ErrorCode::invalid.
Result<json::value> parse_stored(std::string_view text);

template <class T>
concept NamedEnum = std::is_enum_v<T> && requires { EnumNames<T>::table; };

// For `fields`: the same function takes a value to read into and a const one to write.
template <class T, class U>
concept Is = std::same_as<std::remove_const_t<T>, U>;

// A text that may be absent, which is stored as an empty one.
template <class T>
struct OrEmpty {
  T& text;
};

class JsonWriter {
 public:
  template <class T>
  void operator()(std::string_view name, const T& value) {
    object_[name] = write(value);
  }

  static json::value write(bool value) { return value; }
  static json::value write(int value) { return value; }
  static json::value write(double value);
  static json::value write(const std::string& value) { return json::string(value); }
  static json::value write(OrEmpty<const std::optional<std::string>> value) {
    return json::string(value.text.value_or(""));
  }
  static json::value write(Duration value) { return value.count(); }
  static json::value write(WallTime value) { return value.time_since_epoch().count(); }
  static json::value write(MonoTime value) { return value.time_since_epoch().count(); }
  static json::value write(const promql::TextTemplate& value);
  static json::value write(const model::Matcher& value);
  static json::value write(const std::deque<bool>& value);
  template <NamedEnum T>
  static json::value write(T value) {
    return json::string(to_string(value));
  }
  template <class T>
  static json::value write(const std::optional<T>& value) {
    return value ? write(*value) : json::value(nullptr);
  }
  template <class T>
  static json::value write(const std::shared_ptr<const T>& value) {
    return value ? write(*value) : json::value(nullptr);
  }
  template <class T>
  static json::value write(const std::vector<T>& values) {
    json::array out;
    for (const auto& value : values) out.push_back(write(value));
    return out;
  }
  template <class T, std::size_t N>
  static json::value write(const std::array<T, N>& values) {
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
    JsonWriter members;
    fields(members, value);
    return std::move(members.object_);
  }

 private:
  json::object object_;
};

class JsonReader {
 public:
  // Reads a whole T. Fails with ErrorCode::invalid and the path of what is wrong.
  template <class T>
  static Result<T> read_whole(const json::value& value) {
    JsonReader reader;
    auto out = reader.make<T>(value);
    if (!out) return fail(ErrorCode::invalid, reader.error_);
    return std::move(*out);
  }

  // One member of the object being read.
  template <class T>
  void operator()(std::string_view name, T&& out) {
    if (!error_.empty()) return;
    ++members_;
    const Step step(*this, "." + std::string(name));
    const auto* member = object_->if_contains(name);
    if (member == nullptr)
      wrong("is missing");
    else
      read(*member, out);
  }

 private:
  // One step down the path, for as long as it lives.
  struct Step {
    Step(JsonReader& reader, const std::string& name) : reader_(reader), length_(reader.path_.size()) {
      reader.path_ += name;
    }
    ~Step() { reader_.path_.resize(length_); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    JsonReader& reader_;
    std::size_t length_;
  };

  bool wrong(std::string_view what);
  std::optional<std::int64_t> integer(const json::value& value);
  void check_no_other(const json::object& object, std::size_t known);

  std::optional<promql::TextTemplate> make_template(const json::value& value);
  std::optional<model::Matcher> make_matcher(const json::value& value);
  template <class T>
  std::optional<T> make(const json::value& value) {
    if constexpr (std::same_as<T, promql::TextTemplate>) {
      return make_template(value);
    } else if constexpr (std::same_as<T, model::Matcher>) {
      return make_matcher(value);
    } else {
      T out{};
      read(value, out);
      return error_.empty() ? std::optional<T>(std::move(out)) : std::nullopt;
    }
  }

  bool read(const json::value& value, bool& out);
  bool read(const json::value& value, int& out);
  bool read(const json::value& value, double& out);
  bool read(const json::value& value, std::string& out);
  bool read(const json::value& value, OrEmpty<std::optional<std::string>>& out) {
    if (!read(value, out.text.emplace())) return false;
    if (out.text->empty()) out.text.reset();
    return true;
  }
  bool read(const json::value& value, Duration& out);
  bool read(const json::value& value, WallTime& out);
  bool read(const json::value& value, MonoTime& out);
  bool read(const json::value& value, std::deque<bool>& out);
  template <NamedEnum T>
  bool read(const json::value& value, T& out) {
    std::string name;
    if (!read(value, name)) return false;
    const auto known = from_string<T>(name);
    if (!known) return wrong("is \"" + name + "\", which has no meaning here");
    out = *known;
    return true;
  }
  template <class T>
  bool read(const json::value& value, std::optional<T>& out) {
    out.reset();
    if (value.is_null()) return true;
    auto made = make<T>(value);
    if (!made) return false;
    out.emplace(std::move(*made));
    return true;
  }
  template <class T>
  bool read(const json::value& value, std::shared_ptr<const T>& out) {
    auto made = make<T>(value);
    if (made) out = std::make_shared<const T>(std::move(*made));
    return made.has_value();
  }
  template <class T>
  bool read(const json::value& value, std::vector<T>& out) {
    const auto* array = value.if_array();
    if (array == nullptr) return wrong("must be a list");
    for (std::size_t i = 0; i < array->size(); ++i) {
      const Step step(*this, "[" + std::to_string(i) + "]");
      auto made = make<T>((*array)[i]);
      if (!made) return false;
      out.push_back(std::move(*made));
    }
    return true;
  }
  template <class T, std::size_t N>
  bool read(const json::value& value, std::array<T, N>& out) {
    std::vector<T> all;
    if (!read(value, all)) return false;
    if (all.size() != N) return wrong("must have " + std::to_string(N) + " entries");
    std::ranges::copy(all, out.begin());
    return true;
  }
  template <class T>
  bool read(const json::value& value, std::map<std::string, T>& out) {
    const auto* object = value.if_object();
    if (object == nullptr) return wrong("must be an object");
    for (const auto& [name, member] : *object) {
      const Step step(*this, "." + std::string(name));
      auto made = make<T>(member);
      if (!made) return false;
      out.emplace(name, std::move(*made));
    }
    return true;
  }
  template <class T>
    requires std::is_class_v<T>
  bool read(const json::value& value, T& out) {
    const auto* object = value.if_object();
    if (object == nullptr) return wrong("must be an object");
    const auto* outer = std::exchange(object_, object);
    const auto outer_members = std::exchange(members_, 0);
    fields(*this, out);
    if (error_.empty()) check_no_other(*object, members_);
    object_ = outer;
    members_ = outer_members;
    return error_.empty();
  }

  const json::object* object_ = nullptr;
  std::size_t members_ = 0;
  std::string path_;
  std::string error_;
};

}  // namespace guard::store
