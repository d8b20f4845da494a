// SPDX-License-Identifier: Apache-2.0
//
// YAML text to a plain tree whose every part knows where it stands. Built from yaml-cpp's events, not from its nodes:
// its nodes hide duplicate keys, share aliases (which can make cycles) and turn `010` into 8. Pure; safe from any
// thread.
//
// Scalars stay the text that was written. Refused, each with its position: duplicate keys, anchors and aliases, merge
// keys, tags, keys that are not plain text, more than one document where one is asked for, nesting deeper than
// deepest_nesting, control characters, text that is not UTF-8, and text over largest_text.
#pragma once

#include "guard/config/source.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guard::config {

inline constexpr std::size_t deepest_nesting = 32;
inline constexpr std::size_t largest_text = std::size_t{1} << 20U;

enum class NodeKind {
  null,    // nothing stands there, or `~` or `null`
  scalar,  // text
  list,
  map,
  refused  // already reported; readers pass over it in silence
};

struct Node {
  NodeKind kind = NodeKind::null;
  std::size_t offset = 0;  // where it begins; for null, where its key begins
  std::string text;        // of a scalar
  std::vector<Node> children;
  std::string key;             // where it is the member of a map
  std::size_t key_offset = 0;  // where that key begins

  // The member `name` of a map, or nullptr.
  const Node* find(std::string_view name) const;
};

// The tree, or nothing if its syntax is broken. What is refused is reported and left out of the tree.
std::optional<Node> read_yaml(const Report& report);

// The trees of all documents of a text that may have several, as manifests have; empty ones are left out. None if the
// syntax is broken, which is reported.
std::vector<Node> read_yaml_documents(const Report& report);

// Where in the source the byte `at` of the scalar's text stands, as far as it can be told; else where the scalar
// begins.
std::size_t offset_in(const Source& source, const Node& scalar, std::size_t at);

}  // namespace guard::config
