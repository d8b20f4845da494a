// SPDX-License-Identifier: Apache-2.0
//
// What the readers of all formats work with: documents in, drafts of rules and what could not be carried over out.
// Values; used on one thread.
#pragma once

#include "guard/base/time.hpp"
#include "guard/config/source.hpp"
#include "guard/config/yaml_reader.hpp"
#include "guard/model/objective.hpp"

#include <cstddef>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace guard::importing {

// How long releases are watched by what is imported.
inline constexpr Duration window = std::chrono::hours(2);
inline constexpr Duration longest_settle = std::chrono::minutes(5);

struct Document {
  const config::Source* source = nullptr;
  const config::Node* root = nullptr;
};
using Documents = std::vector<Document>;

struct Origin {
  const config::Source* source = nullptr;
  std::size_t offset = 0;
};

// Broken at so many of its readings, taken so far apart.
struct Repeated {
  int failures = 1;
  int of = 1;
  Duration interval{0};
};

// A rule as it will stand in the file. Exactly one of `expr`, `bad` or `good` with `total`, and `alerts` is set.
struct Draft {
  Draft(std::string its_name, const Origin& its_origin, std::string its_service = {})
      : name(std::move(its_name)), origin(its_origin), service(std::move(its_service)) {}

  std::string name;  // as it is called where it comes from
  Origin origin;
  std::string service;  // whose releases it watches; empty: any
  std::string expr;
  std::string bad;
  std::string good;
  std::string total;
  std::vector<std::string> alerts;  // matchers of those that must not fire
  std::string objective = "none firing";
  model::Unit unit = model::Unit::number;  // of the objective
  Duration sustained{0};
  std::optional<Repeated> repeated;  // instead
  Duration interval{0};              // at which it was read where it comes from; 0: that was not said
  std::string only_if;
  bool reduce_any = false;
  std::string on_no_data;
  std::string on_too_few;
  std::string action;
  std::vector<std::pair<std::string, std::string>> annotations;
  std::vector<std::string> remarks;  // what it means that is not meant where it comes from

  bool is_share() const { return !total.empty(); }
  void remark(std::string text) { remarks.push_back(std::move(text)); }
};

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

// By the names of fields.
using Values = std::map<std::string, std::string>;

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

// The number that `text` is as a whole.
std::optional<double> to_number(std::string_view text);

// Words of others, as they can stand in a comment: on one line, and UTF-8.
std::string shown(std::string_view text);

// `text` with each `from` replaced.
std::string replaced(std::string text, std::string_view from, std::string_view to);

// `text` with a value for each {{ field }}. Nothing where one has none.
std::optional<std::string> filled(std::string_view text, const Values& values);

// `label="value"`, as Alertmanager reads matchers.
std::string matcher_text(std::string_view label, std::string_view value);

}  // namespace guard::importing
