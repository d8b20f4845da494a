// SPDX-License-Identifier: Apache-2.0
//
// Text with {{ names }} in it: PromQL expressions, matchers, hook arguments, annotations. Substituted values are
// escaped for the place they stand in; what cannot be escaped there is refused. Values; safe from any thread.
//
// Names: service, environment, version, previous_version, labels.<name>; in PromQL also {{ window_since_live "5m" }};
// in annotations also value, objective and slo.
#pragma once

#include "guard/base/error.hpp"
#include "guard/base/time.hpp"

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace guard::promql {

// What a template may speak of. In `verifying`, version is the version that should be running again.
struct Subject {
  std::string service;
  std::string environment;
  std::string version;
  std::string previous_version;
  std::map<std::string, std::string> labels;
  Duration age{0};                           // since the release went live
  std::map<std::string, std::string> extra;  // annotations only: value, objective, slo
};

// Where the text will stand.
enum class TemplateKind {
  promql,    // inside a quoted string the value is escaped; after =~ or !~ also as a regular expression; else refused
  matcher,   // as promql, in Alertmanager's matcher syntax: only double quotes, escapes \" \\ and \n
  argument,  // one argv element: no control characters; a value never makes the element begin with '-'
  text       // for people; control characters become spaces
};

class TextTemplate {
 public:
  // Fails with what is wrong and at which byte of `text`.
  struct ParseError {
    std::string message;
    std::size_t offset = 0;
  };
  static std::expected<TextTemplate, ParseError> parse(std::string_view text, TemplateKind kind);

  // Fails with ErrorCode::invalid if a value is absent, or cannot stand where it is used.
  Result<std::string> render(const Subject& subject) const;

  const std::string& source() const { return source_; }
  TemplateKind kind() const { return kind_; }
  bool operator==(const TextTemplate& other) const { return source_ == other.source_ && kind_ == other.kind_; }

 private:
  struct Field {
    std::string name;       // "version", "labels.team", or "window_since_live"
    Duration longest{0};    // of window_since_live
    char quote = '\0';      // of the string it stands in; none outside strings
    bool in_regex = false;  // the string is a regular expression
  };
  using Piece = std::variant<std::string, Field>;
  class Positions;

  static std::expected<Field, std::string> parse_field(std::string_view text, TemplateKind kind);
  // `value` escaped for where the field stands.
  Result<std::string> placed(const Field& field, const std::string& value) const;

  TextTemplate(std::string source, TemplateKind kind) : source_(std::move(source)), kind_(kind) {}

  std::string source_;
  TemplateKind kind_;
  std::vector<Piece> pieces_;
};

}  // namespace guard::promql
