// SPDX-License-Identifier: Apache-2.0
#include "guard/http/url.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include <fmt/format.h>

namespace guard::http {
namespace {

std::unexpected<Error> bad(std::string_view text, std::string_view why) {
  return fail(ErrorCode::invalid, fmt::format("\"{}\" is not a usable URL: {}", text, why));
}

// An IPv6 literal, as far as its characters tell.
bool is_literal(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos &&
         text.find(':') != std::string_view::npos;
}

// Splits "host:port" and "[::1]:port"; false if the brackets or the port are wrong.
bool split_authority(std::string_view authority, Url& url) {
  std::string_view port;
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    if (close == std::string_view::npos) return false;
    url.host = authority.substr(1, close - 1);
    port = authority.substr(close + 1);
    if (!is_literal(url.host) || (!port.empty() && port[0] != ':')) return false;
  } else {
    const auto colon = authority.find(':');
    url.host = authority.substr(0, colon);
    if (url.host.find_first_of("[]") != std::string::npos) return false;
    port = colon == std::string_view::npos ? std::string_view{} : authority.substr(colon);
  }
  if (port.empty()) return true;
  const auto [end, error] = std::from_chars(port.data() + 1, port.data() + port.size(), url.port);
  return error == std::errc{} && end == port.data() + port.size() && url.port > 0 && url.port < 65536;
}

bool unreserved(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("-._~").find(c) != std::string_view::npos;
}

}  // namespace

std::string Url::origin() const {
  const auto shown = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return fmt::format("{}://{}:{}", tls ? "https" : "http", shown, port);
}

std::string Url::target(const std::string& below) const {
  if (below.empty()) return path.empty() ? "/" : path;
  return path.substr(0, path.find_last_not_of('/') + 1) + below;
}

Result<Url> parse_url(std::string_view text) {
  Url url;
  if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7F; }))
    return bad("…", "it holds white space or control characters");
  auto rest = text;
  url.tls = rest.starts_with("https://");
  if (!url.tls && !rest.starts_with("http://")) return bad(text, "it begins with neither http:// nor https://");
  rest.remove_prefix(url.tls ? 8 : 7);
  const auto slash = rest.find_first_of("/?");
  const auto authority = rest.substr(0, slash);
  if (authority.find('@') != std::string_view::npos) return bad("…", "it holds a user name; use basic_auth");
  if (text.find('#') != std::string_view::npos) return bad(text, "it holds a fragment");
  url.port = url.tls ? 443 : 80;
  if (!split_authority(authority, url)) return bad(text, "its port or its brackets are wrong");
  if (url.host.empty()) return bad(text, "it names no host");
  if (slash != std::string_view::npos) url.path = rest.substr(slash);
  if (url.path.starts_with('?')) url.path.insert(0, 1, '/');
  return url;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += unreserved(c) ? std::string(1, c)
                         : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  return out;
}

std::string form_encode(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string out;
  for (const auto& [name, value] : fields)
    out += fmt::format("{}{}={}", out.empty() ? "" : "&", percent_encode(name), percent_encode(value));
  return out;
}

std::string origin_of(std::string_view url) {
  const auto parsed = parse_url(url);
  return parsed ? parsed->origin() : "";
}

}  // namespace guard::http
