// SPDX-License-Identifier: Apache-2.0
#include "guard/config/http_parser.hpp"

#include "guard/base/file.hpp"
#include "guard/base/text.hpp"
#include "guard/config/trusted_file.hpp"
#include "guard/http/url.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace guard::config {
namespace {

constexpr std::size_t largest_file = std::size_t{4} << 20U;

bool is_header_name(std::string_view name) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";  // RFC 9110, 5.6.2
  return !name.empty() && std::ranges::all_of(name, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != std::string_view::npos;
  });
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

// Why the header cannot be set, or nothing.
std::string header_problem(std::string_view name, std::string_view value) {
  constexpr std::array<std::string_view, 6> own{"host",       "content-length",  "content-type",
                                                "connection", "accept-encoding", "transfer-encoding"};
  const auto lowered = lower(name);
  if (!is_header_name(name)) return fmt::format("\"{}\" is no header name", shorten(name, 60));
  if (lowered == "authorization" || lowered == "proxy-authorization")
    return "credentials belong into a file; use `authorization` or `basic_auth`";
  if (std::ranges::find(own, lowered) != own.end()) return fmt::format("the guard sets {} itself", name);
  if (std::ranges::any_of(value, [](char c) { return c == '\n' || c == '\r'; })) return "a header's value is one line";
  return {};
}

std::map<std::string, std::string> read_headers(const ObjectReader& object) {
  auto headers = object.texts_by_name("headers");
  for (const auto& [name, value] : headers) {
    const auto& node = *object.find("headers")->find(name);
    if (auto problem = header_problem(name, value); !problem.empty())
      object.report().error(node.key_offset, fmt::format("`headers`: {}", problem));
  }
  return headers;
}

// A file with something in it, as every secret must be.
std::optional<std::filesystem::path> read_secret_path(const ObjectReader& object, std::string_view key,
                                                      const std::filesystem::path& base) {
  auto path = read_path(object, key, base);
  if (!path) return path;
  if (const auto secret = read_secret(*path); !secret)
    object.error(key, fmt::format("`{}`: {}", key, secret.error().message));
  if (const auto problem = exposure(*path); !problem.empty()) object.error(key, fmt::format("`{}`: {}", key, problem));
  return path;
}

http::TlsSettings read_tls(const ObjectReader& object, const std::filesystem::path& base) {
  http::TlsSettings tls;
  tls.ca_file = read_readable_file(object, "ca_file", base);
  tls.cert_file = read_readable_file(object, "cert_file", base);
  tls.key_file = read_readable_file(object, "key_file", base);
  tls.server_name = object.text_or_default("server_name");
  tls.insecure_skip_verify = object.boolean_or_default("insecure_skip_verify");
  if ((object.node().find("cert_file") == nullptr) != (object.node().find("key_file") == nullptr))
    object.report().error(object.node().offset, "`cert_file` and `key_file` belong together; give both or none");
  return tls;
}

}  // namespace

std::optional<std::filesystem::path> read_path(const ObjectReader& object, std::string_view key,
                                               const std::filesystem::path& base) {
  const auto text = object.text(key);
  if (!text) return std::nullopt;
  return (base / *text).lexically_normal();
}

std::optional<std::filesystem::path> read_readable_file(const ObjectReader& object, std::string_view key,
                                                        const std::filesystem::path& base) {
  auto path = read_path(object, key, base);
  if (!path) return path;
  if (const auto text = read_file(*path, largest_file); !text)
    object.error(key, fmt::format("`{}`: {}", key, text.error().message));
  if (const auto problem = exposure(*path); !problem.empty()) object.error(key, fmt::format("`{}`: {}", key, problem));
  return path;
}

std::string read_url(const Report& report, const Node& node, std::string_view what, Query query) {
  const auto text = read_text(report, node, what);
  if (!text) return {};
  const auto url = http::parse_url(*text);
  if (!url) {
    report.error(node.offset,
                 fmt::format("{}: {}; write for example http://host.example:8080/path", what, url.error().message));
  } else if (query == Query::refused && url->path.find('?') != std::string::npos) {
    report.error(node.offset, fmt::format("{} cannot have a query: paths are appended to it", what));
  } else {
    return *text;
  }
  return {};
}

http::ClientSettings read_http(const ObjectReader& object, const std::filesystem::path& base) {
  http::ClientSettings http;
  if (const auto* node = object.find("basic_auth")) {
    const ObjectReader auth(object.report(), *node, objects::basic_auth);
    http.basic_auth.emplace();
    http.basic_auth->username = auth.text_or_default("username");
    http.basic_auth->password_file = read_secret_path(auth, "password_file", base);
  }
  if (const auto* node = object.find("authorization")) {
    const ObjectReader auth(object.report(), *node, objects::authorization);
    http.authorization.emplace();
    http.authorization->type = auth.text_or_default("type");
    http.authorization->credentials_file = read_secret_path(auth, "credentials_file", base);
    if (http.basic_auth)
      object.report().error(node->key_offset, "`authorization` and `basic_auth` exclude each other; keep one of them");
    if (!is_header_name(http.authorization->type) || lower(http.authorization->type) == "basic")
      auth.error("type", "`type` must be one word, and not Basic; use `basic_auth` for that");
  }
  if (const auto* node = object.find("tls_config"))
    http.tls = read_tls(ObjectReader(object.report(), *node, objects::tls), base);
  http.headers = read_headers(object);
  return http;
}

}  // namespace guard::config
