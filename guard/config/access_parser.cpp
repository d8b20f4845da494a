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

void check_names(const ObjectReader& tls, const std::vector<ClientName>& clients) {
  for (auto client = clients.begin(); client != clients.end(); ++client)
    if (std::find_if(clients.begin(), client, [&](const auto& other) { return other.name == client->name; }) != client)
      tls.error("clients", fmt::format("two of `clients` have the name \"{}\"; which role has it?", client->name));
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
  std::vector<ClientName> clients;
  if (!tls.given("clients")) return clients;
  if (!tls.given("client_ca_file"))
    tls.error("clients", "`clients` are known by their certificates; give `client_ca_file`, which says whose count");
  for (const auto* node : tls.list("clients")) {
    const ObjectReader object(tls.report(), *node, objects::web_client);
    if (node->kind != NodeKind::map) continue;
    clients.push_back({object.text_or_default("name"), object.choice<Role>("role").value_or(Role::read)});
  }
  check_names(tls, clients);
  return clients;
}

}  // namespace guard::config
