// SPDX-License-Identifier: Apache-2.0
#include "guard/config/edit.hpp"

#include "guard/config/yaml_reader.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::config {
namespace {

// The item of a list whose `key` is `value`, or nullptr.
const Node* item_named(const Node* list, std::string_view key, std::string_view value) {
  if (list == nullptr) return nullptr;
  const auto it = std::ranges::find_if(list->children, [&](const Node& item) {
    const auto* name = item.find(key);
    return name != nullptr && name->text == value;
  });
  return it == list->children.end() ? nullptr : &*it;
}

const Node* objective_of(const Node& root, const RuleName& rule) {
  const auto* group = item_named(root.find("groups"), "name", rule.group);
  const auto* found = group == nullptr ? nullptr : item_named(group->find("rules"), "slo", rule.slo);
  const auto* objective = found == nullptr ? nullptr : found->find("objective");
  return objective != nullptr && objective->kind == NodeKind::scalar ? objective : nullptr;
}

// Where the scalar that begins at `begin` ends, as it is written. An objective holds nothing that ends one in a map
// written on one line.
std::size_t end_of(const std::string& text, std::size_t begin) {
  if (text[begin] == '"' || text[begin] == '\'') return text.find(text[begin], begin + 1) + 1;
  auto end = std::min(text.find_first_of("\r\n,}", begin), text.size());
  if (const auto comment = text.find(" #", begin); comment < end) end = comment;
  while (end > begin && text[end - 1] == ' ') --end;
  return end;
}

}  // namespace

Result<std::string> with_objective(const std::string& text, const RuleName& rule, const std::string& objective) {
  const Source source("", text);
  Diagnostics diagnostics;
  const auto root = read_yaml(Report(source, diagnostics));
  const auto* node = root ? objective_of(*root, rule) : nullptr;
  if (node == nullptr)
    return fail(ErrorCode::not_found,
                fmt::format("there is no objective of rule \"{}\" in group \"{}\"", rule.slo, rule.group));
  auto out = source.text();
  out.replace(node->offset, end_of(out, node->offset) - node->offset, '"' + objective + '"');
  return out;
}

}  // namespace guard::config
