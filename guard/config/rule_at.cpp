// SPDX-License-Identifier: Apache-2.0
#include "guard/config/rule_at.hpp"

#include "guard/config/yaml_reader.hpp"

namespace guard::config {
namespace {

std::string text_of(const Node& map, std::string_view key) {
  const auto* node = map.find(key);
  return node == nullptr ? "" : node->text;
}

// The last item that begins on the line or above, or nullptr.
const Node* last_begun(const Node* list, const Source& source, int line) {
  const Node* found = nullptr;
  if (list == nullptr) return found;
  for (const auto& item : list->children)
    if (source.position(item.offset).line <= line) found = &item;
  return found;
}

}  // namespace

std::optional<RuleHere> rule_at(const std::string& text, int line) {
  const Source source("", text);
  Diagnostics diagnostics;
  const auto root = read_yaml(Report(source, diagnostics));
  const auto* group = root ? last_begun(root->find("groups"), source, line) : nullptr;
  const auto* rule = group == nullptr ? nullptr : last_begun(group->find("rules"), source, line);
  if (rule == nullptr) return std::nullopt;
  return RuleHere{text_of(*group, "name"), text_of(*rule, "slo")};
}

}  // namespace guard::config
