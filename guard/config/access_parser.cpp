// SPDX-License-Identifier: Apache-2.0
#include "guard/config/access_parser.hpp"

#include "guard/base/text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace guard::config {
namespace {

// A token of RFC 9110, 5.6.2, as far as names of headers use it.
bool is_header_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

// What browsers, or whoever passes a request on, put there themselves.
bool is_no_person(std::string_view lower_case_name) {
  constexpr std::array<std::string_view, 7> others{"authorization", "cookie",          "host",        "origin",
                                                   "user-agent",    "x-forwarded-for", "content-type"};
  return std::ranges::find(others, lower_case_name) != others.end() || lower_case_name.starts_with("sec-");
}

// The list under `key`, whose entries are such objects.
std::vector<ClientName> read_names(const ObjectReader& object, std::string_view key, const ObjectInfo& info) {
  std::vector<ClientName> names;
  for (const auto* node : object.list(key)) {
    const ObjectReader entry(object.report(), *node, info);
    if (node->kind != NodeKind::map) continue;
    names.push_back({entry.text_or_default("name"), entry.choice<Role>("role").value_or(Role::read)});
  }
  for (auto name = names.begin(); name != names.end(); ++name)
    if (std::find_if(names.begin(), name, [&](const auto& other) { return other.name == name->name; }) != name)
      object.error(key, fmt::format("two of `{}` have the name \"{}\"; which role has it?", key, name->name));
  return names;
}

std::string read_header(const ObjectReader& object) {
  const auto name = object.text_or_default("header");
  auto header = lower_case(name);
  if (!is_header_name(name) || is_no_person(header))
    object.error("header", fmt::format("`header` must be the name of a header that the proxy sets, for example "
                                       "X-Forwarded-User, not \"{}\"",
                                       shorten(name, 60)));
  return header;
}

}  // namespace

std::optional<OnBehalfOf> read_on_behalf_of(const ObjectReader& token) {
  const auto* node = token.find("on_behalf_of");
  if (node == nullptr) return std::nullopt;
  const ObjectReader object(token.report(), *node, objects::on_behalf_of);
  if (node->kind != NodeKind::map) return std::nullopt;
  OnBehalfOf out;
  out.header = read_header(object);
  for (const auto* entry : object.list("from")) {
    const auto text = read_text(object.report(), *entry, "an entry of `from`");
    if (!text) continue;
    auto range = AddressRange::parse(*text);
    if (range)
      out.from.push_back(*range);
    else
      object.report().error(entry->offset, range.error().message);
  }
  return out;
}

std::vector<ClientName> read_clients(const ObjectReader& tls) {
  if (!tls.given("clients")) return {};
  if (!tls.given("client_ca_file"))
    tls.error("clients", "`clients` are known by their certificates; give `client_ca_file`, which says whose count");
  return read_names(tls, "clients", objects::web_client);
}

std::vector<ClientName> read_users(const ObjectReader& web) {
  return web.given("users") ? read_names(web, "users", objects::web_user) : std::vector<ClientName>();
}

}  // namespace guard::config
