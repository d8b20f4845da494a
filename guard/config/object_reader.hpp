// SPDX-License-Identifier: Apache-2.0
//
// Reads the members of one YAML map by name and type, against its table of keys (keys.hpp). Whatever is wrong is
// reported where it stands and reads as absent, so that one pass finds every error. Used on one thread.
#pragma once

#include "guard/base/enum_names.hpp"
#include "guard/base/time.hpp"
#include "guard/config/keys.hpp"
#include "guard/config/source.hpp"
#include "guard/config/yaml_reader.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace guard::config {

// `"x" is …; did you mean "y"?` for a value that must be one of `names`.
std::string choice_problem(std::string_view key, std::string_view value, std::span<const std::string_view> names);

// The text of a scalar that is not empty; `what` is how messages name it ("`name`").
std::optional<std::string> read_text(const Report& report, const Node& node, std::string_view what);

// The items of a list; with none, or where it is no list, it is reported and reads as empty.
std::vector<const Node*> read_list(const Report& report, const Node& node, std::string_view what);

// One of the names of E.
template <class E>
std::optional<E> read_choice(const Report& report, const Node& node, std::string_view what) {
  const auto value = read_text(report, node, what);
  if (!value) return std::nullopt;
  if (const auto found = from_string<E>(*value)) return found;
  report.error(node.offset, choice_problem(what, *value, names_of<E>));
  return std::nullopt;
}

class ObjectReader {
 public:
  // Reports keys that `info` does not know and required ones that are missing. All three must outlive the reader.
  ObjectReader(const Report& report, const Node& node, const ObjectInfo& info);

  // Whether the object has the member, be it misspelt or refused: nothing more is to be said about what it lacks then.
  bool given(std::string_view key) const;
  // The member, or nullptr if it is absent or was refused.
  const Node* find(std::string_view key) const;
  // Where the member stands, or the object if it is absent.
  std::size_t offset_of(std::string_view key) const;

  std::optional<std::string> text(std::string_view key) const;
  std::optional<Duration> duration(std::string_view key) const;
  std::optional<int> integer(std::string_view key, int least, int most) const;
  std::optional<bool> boolean(std::string_view key) const;
  std::vector<const Node*> list(std::string_view key) const;
  // One of `words`.
  std::optional<std::string> word(std::string_view key, std::span<const std::string_view> words) const;
  std::map<std::string, std::string> texts_by_name(std::string_view key) const;

  template <class E>
  std::optional<E> choice(std::string_view key) const {
    const auto* node = find(key);
    return node == nullptr ? std::nullopt : read_choice<E>(*report_, *node, fmt::format("`{}`", key));
  }

  // A list of names of E; what is none of them is reported and left out.
  template <class E>
  std::vector<E> choices(std::string_view key) const {
    std::vector<E> out;
    for (const auto* node : list(key))
      if (const auto entry = read_choice<E>(*report_, *node, fmt::format("an entry of `{}`", key)))
        out.push_back(*entry);
    return out;
  }

  // As above, with the table's default where the member is absent (or was wrong, which is reported).
  std::string text_or_default(std::string_view key) const;
  Duration duration_or_default(std::string_view key) const;
  // As above, and zero is refused.
  Duration positive_duration_or_default(std::string_view key) const;
  int integer_or_default(std::string_view key, int least, int most) const;
  bool boolean_or_default(std::string_view key) const;

  // Reports that the object has no `key` and why it needs one, unless it is given.
  void missing(std::string_view key) const;

  const Report& report() const { return *report_; }
  const Node& node() const { return *node_; }
  const ObjectInfo& info() const { return *info_; }
  void error(std::string_view key, std::string message) const { report_->error(offset_of(key), std::move(message)); }

 private:
  void check_key(const Node& member);
  std::string_view fallback(std::string_view key) const;

  const Report* report_;
  const Node* node_;
  const ObjectInfo* info_;
  std::vector<std::string_view> meant_;  // the keys that misspelt ones were taken for
};

// The table's default of a duration key.
Duration default_duration(const ObjectInfo& info, std::string_view key);

}  // namespace guard::config
