// SPDX-License-Identifier: Apache-2.0
#include "guard/config/object_reader.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/text.hpp"

#include <algorithm>
#include <charconv>

namespace guard::config {
namespace {

std::string_view kind_name(NodeKind kind) {
  switch (kind) {
    case NodeKind::null:
    case NodeKind::refused:
      return "nothing";
    case NodeKind::scalar:
      return "text";
    case NodeKind::list:
      return "a list";
    case NodeKind::map:
      return "an object with keys";
  }
  return "nothing";
}

// True if the node is of `wanted` kind; otherwise it is reported, unless that has been done.
bool is(const Report& report, const Node& node, NodeKind wanted, std::string_view what) {
  if (node.kind == wanted) return true;
  if (node.kind == NodeKind::null)
    report.error(node.offset, fmt::format("{} has no value; give it one or delete the key", what));
  else if (node.kind != NodeKind::refused)
    report.error(node.offset, fmt::format("{} must be {}, not {}", what, kind_name(wanted), kind_name(node.kind)));
  return false;
}

std::optional<int> to_int(std::string_view text) {
  int value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

}  // namespace

std::string choice_problem(std::string_view key, std::string_view value, std::span<const std::string_view> names) {
  const auto near = nearest_name(value, names);
  return fmt::format("{} must be {}, not \"{}\"{}", key, joined(names, " or "), shorten(value, 60),
                     near ? fmt::format("; did you mean {}?", *near) : "");
}

std::optional<std::string> read_text(const Report& report, const Node& node, std::string_view what) {
  if (!is(report, node, NodeKind::scalar, what)) return std::nullopt;
  if (trim(node.text).empty()) {
    report.error(node.offset, fmt::format("{} is empty; give it a value or delete the key", what));
    return std::nullopt;
  }
  return node.text;
}

std::vector<const Node*> read_list(const Report& report, const Node& node, std::string_view what) {
  std::vector<const Node*> items;
  if (!is(report, node, NodeKind::list, what)) return items;
  if (node.children.empty()) report.error(node.offset, fmt::format("{} is an empty list; give it an entry", what));
  for (const auto& child : node.children) items.push_back(&child);
  return items;
}

ObjectReader::ObjectReader(const Report& report, const Node& node, const ObjectInfo& info)
    : report_(&report), node_(&node), info_(&info) {
  if (!is(report, node, NodeKind::map, info.name)) return;
  for (const auto& member : node.children) check_key(member);
  for (const auto& key : info.keys)
    if (key.need == Need::required) missing(key.name);
}

void ObjectReader::check_key(const Node& member) {
  if (info_->find(member.key) != nullptr) return;
  const auto shown = shorten(member.key, 60);
  if (const auto known = std::ranges::find(info_->refused, member.key, &RefusedKey::name);
      known != info_->refused.end()) {
    report_->error(member.key_offset,
                   fmt::format("`{}` is not supported in {}: {}", shown, info_->name, known->advice));
    return;
  }
  std::vector<std::string_view> names;
  for (const auto& key : info_->keys) names.push_back(key.name);
  const auto near = nearest_name(member.key, names);
  if (near) meant_.push_back(*near);
  report_->error(member.key_offset, fmt::format("{} has no `{}`; {}", info_->name, shown,
                                                near ? fmt::format("did you mean `{}`?", *near)
                                                     : fmt::format("its keys are {}", joined(names, " and "))));
}

void ObjectReader::missing(std::string_view key) const {
  if (given(key)) return;
  const auto* entry = info_->find(key);
  report_->error(node_->offset,
                 fmt::format("{} needs `{}`{}: {}", info_->name, key,
                             entry->need == Need::inherited ? ", here or in `defaults`" : "", entry->meaning));
}

bool ObjectReader::given(std::string_view key) const {
  return node_->find(key) != nullptr || std::ranges::find(meant_, key) != meant_.end();
}

const Node* ObjectReader::find(std::string_view key) const {
  const auto* member = node_->find(key);
  return member == nullptr || member->kind == NodeKind::refused ? nullptr : member;
}

std::size_t ObjectReader::offset_of(std::string_view key) const {
  const auto* member = node_->find(key);
  return member == nullptr ? node_->offset : member->offset;
}

std::optional<std::string> ObjectReader::text(std::string_view key) const {
  const auto* member = find(key);
  if (member == nullptr) return std::nullopt;
  return read_text(*report_, *member, fmt::format("`{}`", key));
}

std::optional<Duration> ObjectReader::duration(std::string_view key) const {
  const auto value = text(key);
  if (!value) return std::nullopt;
  auto parsed = parse_duration(*value);
  if (parsed) return *parsed;
  error(key, fmt::format("`{}`: {}", key, parsed.error().message));
  return std::nullopt;
}

std::optional<int> ObjectReader::integer(std::string_view key, int least, int most) const {
  const auto value = text(key);
  if (!value) return std::nullopt;
  const auto number = to_int(*value);
  if (number && *number >= least && *number <= most) return number;
  error(key,
        fmt::format("`{}` must be a whole number from {} to {}, not \"{}\"", key, least, most, shorten(*value, 60)));
  return std::nullopt;
}

std::optional<bool> ObjectReader::boolean(std::string_view key) const {
  const auto value = text(key);
  if (!value) return std::nullopt;
  if (*value == "true" || *value == "false") return *value == "true";
  error(key, fmt::format("`{}` must be true or false, not \"{}\"", key, shorten(*value, 60)));
  return std::nullopt;
}

std::vector<const Node*> ObjectReader::list(std::string_view key) const {
  const auto* member = find(key);
  if (member == nullptr) return {};
  return read_list(*report_, *member, fmt::format("`{}`", key));
}

std::optional<std::string> ObjectReader::word(std::string_view key, std::span<const std::string_view> words) const {
  auto value = text(key);
  if (!value || std::ranges::find(words, *value) != words.end()) return value;
  error(key, choice_problem(fmt::format("`{}`", key), *value, words));
  return std::nullopt;
}

std::map<std::string, std::string> ObjectReader::texts_by_name(std::string_view key) const {
  std::map<std::string, std::string> out;
  const auto* member = find(key);
  if (member == nullptr || !is(*report_, *member, NodeKind::map, fmt::format("`{}`", key))) return out;
  for (const auto& child : member->children)
    if (auto value = read_text(*report_, child, fmt::format("`{}`", child.key)))
      out.emplace(child.key, std::move(*value));
  return out;
}

std::string_view ObjectReader::fallback(std::string_view key) const {
  return info_->find(key)->fallback;
}

std::string ObjectReader::text_or_default(std::string_view key) const {
  return text(key).value_or(std::string(fallback(key)));
}

Duration ObjectReader::duration_or_default(std::string_view key) const {
  return duration(key).value_or(default_duration(*info_, key));
}

Duration ObjectReader::positive_duration_or_default(std::string_view key) const {
  const auto value = duration_or_default(key);
  if (value > Duration{0}) return value;
  error(key, fmt::format("`{}` must be longer than 0s", key));
  return default_duration(*info_, key);
}

int ObjectReader::integer_or_default(std::string_view key, int least, int most) const {
  return integer(key, least, most).value_or(to_int(fallback(key)).value_or(least));
}

bool ObjectReader::boolean_or_default(std::string_view key) const {
  return boolean(key).value_or(fallback(key) == "true");
}

Duration default_duration(const ObjectInfo& info, std::string_view key) {
  return parse_duration(info.find(key)->fallback).value_or(Duration{0});
}

}  // namespace guard::config
