// SPDX-License-Identifier: Apache-2.0
#include "guard/config/shown.hpp"

#include "guard/http/url.hpp"

#include <fmt/format.h>
#include <yaml-cpp/emitter.h>

namespace guard::config {
namespace {

constexpr std::string_view hidden = "<secret>";

// Where a hook's URL leads to; paths and queries are where tokens are put.
std::string host_of(const std::string& text) {
  const auto url = http::parse_url(text);
  if (!url) return std::string(hidden);
  if (url->path.empty() || url->path == "/") return text;
  return fmt::format("{}/{}", url->origin(), hidden);
}

// An argument that is filled in with what a release is called, and holds nothing else.
bool is_field(std::string_view text) {
  return text.starts_with("{{") && text.find("}}") == text.size() - 2;
}

class Shower {
 public:
  explicit Shower(YAML::Emitter& out) : out_(out) {}

  // `key` is what the table says of it; nullptr: nothing, so all of it is hidden.
  void show(const Node& node, const KeyInfo* key) {
    switch (node.kind) {
      case NodeKind::map:
        return show_map(node, key == nullptr ? nullptr : key->type.object, key);
      case NodeKind::list:
        return show_list(node, key);
      case NodeKind::scalar:
        out_ << shown(node.text, key);
        return;
      case NodeKind::null:
      case NodeKind::refused:
        out_ << YAML::Null;
        return;
    }
  }

  void show_map(const Node& node, const ObjectInfo* object, const KeyInfo* key) {
    out_ << YAML::BeginMap;
    for (const auto& member : node.children) {
      out_ << YAML::Key << member.key << YAML::Value;
      show(member, object == nullptr ? key : object->find(member.key));
    }
    out_ << YAML::EndMap;
  }

 private:
  void show_list(const Node& node, const KeyInfo* key) {
    out_ << YAML::BeginSeq;
    const bool is_command = key != nullptr && key->secret && key->type.name == "list of texts";
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const auto& item = node.children[i];
      if (is_command && item.kind == NodeKind::scalar && (i == 0 || is_field(item.text)))
        out_ << item.text;
      else
        show(item, key);
    }
    out_ << YAML::EndSeq;
  }

  static std::string shown(const std::string& text, const KeyInfo* key) {
    if (key != nullptr && !key->secret) return text;
    return key != nullptr && key->type.name == "URL" ? host_of(text) : std::string(hidden);
  }

  YAML::Emitter& out_;
};

}  // namespace

std::string shown_text(const Node& file, const ObjectInfo& info) {
  YAML::Emitter out;
  Shower(out).show_map(file, &info, nullptr);
  return std::string(out.c_str()) + "\n";
}

}  // namespace guard::config
