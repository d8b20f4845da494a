// SPDX-License-Identifier: Apache-2.0
#include "guard/client/view_reader.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/printable.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

#include <fmt/format.h>

namespace guard::client {
namespace {

std::optional<double> number_in(const json::value& value) {
  if (value.is_number()) return value.to_number<double>();
  constexpr auto infinity = std::numeric_limits<double>::infinity();
  const std::map<std::string_view, double> named{
      {"NaN", std::numeric_limits<double>::quiet_NaN()}, {"+Inf", infinity}, {"-Inf", -infinity}};
  const auto* text = value.if_string();
  const auto found = text == nullptr ? named.end() : named.find(*text);
  return found == named.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

ViewReader::ViewReader(const json::value& value, std::string path) {
  auto object = JsonObject::of(value, std::move(path));
  if (object)
    object_ = *object;
  else
    stop(object.error().message);
}

void ViewReader::stop(std::string message) {
  if (!error_) error_ = Error{ErrorCode::broken, std::move(message)};
}

bool ViewReader::is_text(const json::value& value, const std::string& path) {
  if (!value.is_string()) stop(path + " must be a string");
  return value.is_string();
}

const json::array* ViewReader::list(const json::value& value, const std::string& path) {
  if (!value.is_array()) stop(path + " must be a list");
  return value.if_array();
}

void ViewReader::read(const json::value& value, const std::string& path, bool& out) {
  if (!value.is_bool()) return stop(path + " must be true or false");
  out = value.get_bool();
}

void ViewReader::read(const json::value& value, const std::string& path, std::int64_t& out) {
  if (!value.is_int64()) return stop(path + " must be a whole number");
  out = value.get_int64();
}

void ViewReader::read(const json::value& value, const std::string& path, int& out) {
  std::int64_t number = 0;
  read(value, path, number);
  if (!std::in_range<int>(number)) return stop(path + " is out of range");
  out = static_cast<int>(number);
}

void ViewReader::read(const json::value& value, const std::string& path, double& out) {
  const auto number = number_in(value);
  if (!number) return stop(path + " must be a number");
  out = *number;
}

void ViewReader::read(const json::value& value, const std::string& path, std::string& out) {
  story::ManyLines whole{out};
  read(value, path, whole);
  std::replace(out.begin(), out.end(), '\n', ' ');
}

void ViewReader::read(const json::value& value, const std::string& path, story::ManyLines<std::string>& out) {
  if (is_text(value, path)) out.text = printable(value.get_string(), Lines::many);
}

void ViewReader::read(const json::value& value, const std::string& path, WallTime& out) {
  if (!is_text(value, path)) return;
  const auto time = parse_time(value.get_string());
  if (!time) return stop(fmt::format("{}: {}", path, time.error().message));
  out = *time;
}

void ViewReader::read(const json::value& value, const std::string& path, Duration& out) {
  double seconds = 0;
  read(value, path, seconds);
  out = std::chrono::round<Duration>(std::chrono::duration<double>(seconds));
}

void ViewReader::read(const json::value& value, const std::string& path, story::Succeeded<bool>& out) {
  if (is_text(value, path)) out.flag = value.get_string() == "succeeded";
}

}  // namespace guard::client
