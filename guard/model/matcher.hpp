// SPDX-License-Identifier: Apache-2.0
//
// Alertmanager's label matchers: name="value", !=, =~ and !~, the regular expressions anchored and in RE2 syntax
// (alertmanager pkg/labels). A label that is absent counts as empty, as there. Values; safe from any thread.
#pragma once

#include "guard/base/enum_names.hpp"
#include "guard/base/error.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace guard::model {

using Labels = std::map<std::string, std::string>;

enum class MatchOp { equal, not_equal, regex, not_regex };

class Matcher {
 public:
  // Reads `service="meme-maker"`; the value may stand without quotes as Alertmanager allows. Fails with
  // ErrorCode::invalid on bad syntax, a bad label name or a bad regular expression.
  static Result<Matcher> parse(std::string_view text);
  // Fails with ErrorCode::invalid if `value` is no regular expression where `op` needs one.
  static Result<Matcher> make(std::string name, MatchOp op, std::string value);

  bool matches(const Labels& labels) const;
  std::string to_string() const;
  const std::string& name() const { return name_; }
  MatchOp op() const { return op_; }
  const std::string& value() const { return value_; }
  bool operator==(const Matcher& other) const;

 private:
  Matcher(std::string name, MatchOp op, std::string value);

  std::string name_;
  MatchOp op_;
  std::string value_;
  std::shared_ptr<const re2::RE2> regex_;
};

// True if every matcher matches. No matcher at all matches nothing: an empty list never means everything.
bool matches_all(const std::vector<Matcher>& matchers, const Labels& labels);

// The value that one of the matchers says of the label itself, by `=`; empty where none does.
std::string said_value(const std::vector<Matcher>& matchers, std::string_view label);

}  // namespace guard::model

namespace guard {

template <>
struct EnumNames<model::MatchOp> {
  using M = model::MatchOp;
  static constexpr std::array table{EnumName<M>{M::not_equal, "!="}, EnumName<M>{M::regex, "=~"},
                                    EnumName<M>{M::not_regex, "!~"}, EnumName<M>{M::equal, "="}};
};

}  // namespace guard
