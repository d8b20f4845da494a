// SPDX-License-Identifier: Apache-2.0
//
// What the readers of all formats work with: documents in, drafts of rules and what could not be carried over out.
// Values; used on one thread.
#pragma once

#include "guard/base/time.hpp"
#include "guard/config/yaml_reader.hpp"
#include "guard/importing/draft.hpp"
#include "guard/importing/texts.hpp"

#include <cstddef>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace guard::importing {

struct Document {
  const config::Source* source = nullptr;
  const config::Node* root = nullptr;
};
using Documents = std::vector<Document>;

class Collection {
 public:
  // Keeps the rule, unless the guard's own parser would not take it: then it is left, with what that says.
  void keep(Draft draft);
  // Says that `name`, which stands there, is not carried over.
  void leave(const Origin& origin, const std::string& name, std::string_view why);

  // Whether a rule watches the alerts of these matchers already.
  bool watches(const std::vector<std::string>& alerts) const;

  const std::vector<Draft>& drafts() const { return drafts_; }
  const config::Diagnostics& left() const { return left_; }

 private:
  std::vector<Draft> drafts_;
  config::Diagnostics left_;
};

// The members of one map, each asked for by name. What was not asked for is said.
class Fields {
 public:
  // `owner` is whose members they are, in what is said of them. A missing or wrong `node` has none.
  Fields(const Document& document, const config::Node* node, std::string owner, Collection& out);

  const config::Node* find(std::string_view key);
  // The scalar under `key` without blanks around it; empty if there is none.
  std::string text(std::string_view key);
  // The same of words for people; those with a template of others in them are left, which is said.
  std::string words(std::string_view key);
  std::optional<double> number(std::string_view key);
  std::optional<Duration> duration(std::string_view key);
  std::vector<const config::Node*> list(std::string_view key);
  Fields object(std::string_view key);
  // Members that mean nothing to the guard, or whose meaning is kept without looking at them.
  void pass(std::initializer_list<std::string_view> keys);
  // Says each member that nobody asked for.
  void leave_rest();
  void leave(std::string_view key, std::string_view why);

  Origin origin() const { return {document_.source, node_->offset}; }
  Origin origin_of(std::string_view key) const;
  const config::Node& node() const { return *node_; }
  const Document& document() const { return document_; }
  const std::string& owner() const { return owner_; }
  bool empty() const { return node_->children.empty(); }

 private:
  Document document_;
  const config::Node* node_;
  std::string owner_;
  Collection* out_;
  std::vector<std::string> known_;
};

// Says once of each address that its Prometheus is another's to name.
class Addresses {
 public:
  // `provider` may have an `address`.
  void leave(Fields& provider, const Values& values);

 private:
  std::vector<std::string> said_;
};

// The text of the scalar member at the end of the path of keys, or nothing.
std::string text_at(const config::Node& node, std::initializer_list<std::string_view> path);

}  // namespace guard::importing
