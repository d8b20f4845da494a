// SPDX-License-Identifier: Apache-2.0
#include "guard/importing/material.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/text.hpp"
#include "guard/config/load.hpp"
#include "guard/importing/writer.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::importing {
namespace {

const config::Node nothing;

}  // namespace

void Collection::keep(Draft draft) {
  const auto parsed = config::parse_rules(rule_file_of(draft), "");
  const auto wrong =
      std::ranges::find(parsed.diagnostics.items, config::Severity::error, &config::Diagnostic::severity);
  if (wrong != parsed.diagnostics.items.end())
    return leave(draft.origin, draft.name, fmt::format("the rule that it would become is refused: {}", wrong->message));
  drafts_.push_back(std::move(draft));
}

bool Collection::watches(const std::vector<std::string>& alerts) const {
  return std::ranges::find(drafts_, alerts, &Draft::alerts) != drafts_.end();
}

void Collection::leave(const Origin& origin, const std::string& name, std::string_view why) {
  config::Diagnostics unused;
  auto at = config::Report(*origin.source, unused).about(shorten(shown(name), 80), origin.offset).at(origin.offset);
  at.severity = config::Severity::warning;
  at.message = shown(why);
  left_.items.push_back(std::move(at));
}

Fields::Fields(const Document& document, const config::Node* node, std::string owner, Collection& out)
    : document_(document),
      node_(node != nullptr && node->kind == config::NodeKind::map ? node : &nothing),
      owner_(std::move(owner)),
      out_(&out) {}

const config::Node* Fields::find(std::string_view key) {
  known_.emplace_back(key);
  return node_->find(key);
}

std::string Fields::text(std::string_view key) {
  const auto* node = find(key);
  return node == nullptr ? std::string() : std::string(trim(node->text));
}

std::string Fields::words(std::string_view key) {
  auto out = text(key);
  if (!out.contains("{{")) return out;
  leave(key, fmt::format("`{}`: its {{{{ }}}} has no counterpart", key));
  return {};
}

std::optional<double> Fields::number(std::string_view key) {
  const auto written = text(key);
  if (written.empty()) return std::nullopt;
  const auto value = to_number(written);
  if (!value) leave(key, fmt::format("`{}: {}` is no number", key, written));
  return value;
}

std::optional<Duration> Fields::duration(std::string_view key) {
  const auto written = text(key);
  if (written.empty()) return std::nullopt;
  const auto value = parse_duration(written);
  if (value) return *value;
  leave(key, fmt::format("`{}`: {}", key, value.error().message));
  return std::nullopt;
}

std::vector<const config::Node*> Fields::list(std::string_view key) {
  std::vector<const config::Node*> out;
  if (const auto* node = find(key); node != nullptr && node->kind == config::NodeKind::list)
    for (const auto& child : node->children) out.push_back(&child);
  return out;
}

Fields Fields::object(std::string_view key) {
  return {document_, find(key), owner_, *out_};
}

void Fields::pass(std::initializer_list<std::string_view> keys) {
  known_.insert(known_.end(), keys.begin(), keys.end());
}

void Fields::leave_rest() {
  for (const auto& child : node_->children)
    if (std::ranges::find(known_, child.key) == known_.end())
      leave(child.key, fmt::format("`{}` has no counterpart in a rule file", child.key));
}

void Fields::leave(std::string_view key, std::string_view why) {
  out_->leave(origin_of(key), owner_, why);
}

Origin Fields::origin_of(std::string_view key) const {
  const auto* node = node_->find(key);
  return {document_.source, node == nullptr ? node_->offset : node->key_offset};
}

std::string text_at(const config::Node& node, std::initializer_list<std::string_view> path) {
  const auto* at = &node;
  for (const auto key : path)
    if (at = at->find(key); at == nullptr) return {};
  return std::string(trim(at->text));
}

namespace {

// A password may stand before the host.
std::string without_user(const std::string& address) {
  const auto scheme = address.find("://");
  const auto host = scheme == std::string::npos ? 0 : scheme + 3;
  const auto at = address.substr(0, address.find('/', host)).rfind('@');
  return at == std::string::npos || at < host ? address : address.substr(0, host) + address.substr(at + 1);
}

}  // namespace

void Addresses::leave(Fields& provider, const Values& values) {
  const auto written = provider.text("address");
  const auto address = without_user(filled(written, values).value_or(written));
  if (address.empty() || std::ranges::find(said_, address) != said_.end()) return;
  said_.push_back(address);
  provider.leave("address", fmt::format("`address: {}`: the guard asks the Prometheus of its configuration", address));
}

}  // namespace guard::importing
