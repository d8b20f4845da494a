// SPDX-License-Identifier: Apache-2.0
#include "guard/api/sign_in.hpp"

#include "guard/base/digest.hpp"
#include "guard/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace guard::api {
namespace {

constexpr std::size_t longest_path = 200;

std::int64_t unix_seconds(WallTime at) {
  return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

std::string cookie_name(std::string_view host) {
  return "release_guard_" + digest(host).substr(0, 8);
}

// What the token's holder alone can make; the name is in it by the token.
std::string proof(const config::TokenSettings& token, std::string_view until) {
  return keyed_digest(token.token, fmt::format("signed in to the page until {}", until));
}

struct Parts {
  std::string_view until;
  std::string_view proof;
};

std::optional<Parts> parts_of(std::string_view value) {
  const auto dot = value.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  return Parts{value.substr(0, dot), value.substr(dot + 1)};
}

std::optional<std::int64_t> until_of(const Parts& parts) {
  std::int64_t until = 0;
  const auto* end = parts.until.data() + parts.until.size();
  const auto read = std::from_chars(parts.until.data(), end, until);
  return read.ec == std::errc() && read.ptr == end ? std::optional(until) : std::nullopt;
}

}  // namespace

std::vector<std::string> sign_ins_of(std::string_view cookie_header, std::string_view host) {
  const auto name = cookie_name(host) + "=";
  std::vector<std::string> out;
  while (!cookie_header.empty()) {
    const auto end = std::min(cookie_header.find(';'), cookie_header.size());
    const auto pair = trim(cookie_header.substr(0, end));
    cookie_header.remove_prefix(std::min(end + 1, cookie_header.size()));
    if (pair.starts_with(name)) out.emplace_back(pair.substr(name.size()));
  }
  return out;
}

std::string set_cookie(const SignIn& sign_in, std::string_view host, WallTime now) {
  const auto until = fmt::to_string(unix_seconds(sign_in.until));
  const auto lasts = unix_seconds(sign_in.until) - unix_seconds(now);
  return fmt::format("{}={}.{}; Path={}; Max-Age={}; HttpOnly; SameSite=Strict{}", cookie_name(host), until,
                     proof(sign_in.token, until), sign_in.path, lasts, sign_in.secure ? "; Secure" : "");
}

std::string forget_cookie(const std::string& path, std::string_view host) {
  return fmt::format("{}=; Path={}; Max-Age=0; HttpOnly; SameSite=Strict", cookie_name(host), path);
}

const config::TokenSettings* signed_in(const std::vector<config::TokenSettings>& tokens, std::string_view value,
                                       WallTime now, Duration longest) {
  const auto parts = parts_of(value);
  const auto until = parts ? until_of(*parts) : std::nullopt;
  if (!until || *until <= unix_seconds(now) || *until > unix_seconds(now + longest)) return nullptr;
  const config::TokenSettings* found = nullptr;
  // Every token is compared, so that the time taken does not tell which one fitted.
  for (const auto& token : tokens)
    if (Secret(proof(token, parts->until)).equals(parts->proof)) found = &token;
  return found;
}

bool is_over(std::string_view value, WallTime now) {
  const auto parts = parts_of(value);
  const auto until = parts ? until_of(*parts) : std::nullopt;
  return !until || *until <= unix_seconds(now);
}

bool is_cookie_path(std::string_view path) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '-' ||
           c == '_' || c == '.' || c == '~';
  };
  return path.starts_with('/') && path.size() <= longest_path && std::ranges::all_of(path, fits);
}

}  // namespace guard::api
