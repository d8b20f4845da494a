// SPDX-License-Identifier: Apache-2.0
#include "guard/api/target.hpp"

#include "guard/base/printable.hpp"
#include "guard/base/text.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <ranges>

#include <boost/beast/core/string.hpp>
#include <fmt/format.h>

namespace guard::api {
namespace {

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_clean(std::string_view text) {
  return is_printable(text) && is_utf8(text);
}

enum class Plus { itself, space };

std::optional<std::string> percent_decode(std::string_view text, Plus plus) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += plus == Plus::space && text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex(text[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return is_clean(out) ? std::optional(std::move(out)) : std::nullopt;
}

// `text` up to `mark`, and what follows it; all of it where there is none.
std::pair<std::string_view, std::string_view> split(std::string_view text, char mark) {
  const auto at = text.find(mark);
  if (at == std::string_view::npos) return {text, {}};
  return {text.substr(0, at), text.substr(at + 1)};
}

Result<void> parse_query(std::string_view text, Request& request) {
  while (!text.empty()) {
    const auto [pair, rest] = split(text, '&');
    const auto [raw_name, raw_value] = split(pair, '=');
    const auto name = percent_decode(raw_name, Plus::space);
    const auto value = percent_decode(raw_value, Plus::space);
    if (!name || !value) return fail(ErrorCode::invalid, "the query is not well-formed percent-encoded UTF-8");
    if (name->ends_with("[]"))
      request.lists[*name].push_back(*value);
    else if (!pair.empty() && !request.query.emplace(*name, *value).second)
      return fail(ErrorCode::invalid, fmt::format("the query gives {} twice", shorten(*name, 64)));
    text = rest;
  }
  return {};
}

// "http://host:port/path", as a client writes it to a proxy: a server must take it too, and its host counts (RFC 9112,
// 3.2.2).
std::string_view origin_form(std::string_view target, Request& request) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!boost::beast::iequals(target.substr(0, scheme.size()), scheme)) continue;
    const auto rest = target.substr(scheme.size());
    const auto end = std::min(rest.find_first_of("/?"), rest.size());
    request.headers["host"] = rest.substr(0, end);
    return rest.substr(end);
  }
  return target;
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text) {
  return percent_decode(text, Plus::itself);
}

Result<void> parse_target(std::string_view whole, Request& request) {
  const auto target = origin_form(whole, request);
  const auto [raw_path, raw_query] = split(target, '?');
  auto path = percent_decode(raw_path.empty() && target.size() < whole.size() ? "/" : raw_path, Plus::itself);
  if (!path || !path->starts_with('/'))
    return fail(ErrorCode::invalid, "the request target must be a path in percent-encoded UTF-8");
  request.path = std::move(*path);
  return parse_query(raw_query, request);
}

Result<void> only_parameters(const Request& request, std::span<const std::string_view> known) {
  std::vector<std::string> given;
  std::ranges::copy(std::views::keys(request.query), std::back_inserter(given));
  std::ranges::copy(std::views::keys(request.lists), std::back_inserter(given));
  for (const auto& name : given) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto near = nearest_name(name, known);
    return fail(ErrorCode::invalid, fmt::format("unknown query parameter \"{}\"{}", shorten(name, 64),
                                                near ? fmt::format(", did you mean \"{}\"?", *near) : ""));
  }
  return {};
}

}  // namespace guard::api
