// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/text_template.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/printable.hpp"
#include "guard/base/text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <re2/re2.h>

#include <fmt/format.h>

namespace guard::promql {

// Where in PromQL, or in a matcher, the text stands. A matcher knows double quotes only, and no comments.
class TextTemplate::Position {
 public:
  explicit Position(TemplateKind kind) : kind_(kind) {}

  void feed(char c) {
    if (comment_)
      comment_ = c != '\n';
    else if (quote_ != '\0')
      in_string(c);
    else if (opens_string(c))
      begin_string(c);
    else
      outside(c);
  }
  char quote() const { return quote_; }
  bool in_regex() const { return in_regex_; }
  bool in_comment() const { return comment_; }
  // A backslash stands right before, which would take the first character of a value for its own.
  bool after_backslash() const { return quote_ != '\0' && (escaped_ || pattern_escaped_); }

 private:
  bool opens_string(char c) const { return c == '"' || (kind_ == TemplateKind::promql && (c == '\'' || c == '`')); }
  void begin_string(char c) {
    quote_ = c;
    in_regex_ = after_regex_op_;
    after_regex_op_ = escaped_ = pattern_escaped_ = false;
  }
  void in_string(char c) {
    if (escaped_) {
      escaped_ = false;
      in_value(c);
    } else if (c == '\\' && quote_ != '`') {
      escaped_ = true;
    } else if (c == quote_) {
      quote_ = '\0';
    } else {
      in_value(c);
    }
  }
  // One character of the string's value; in a regular expression a backslash escapes the next.
  void in_value(char c) { pattern_escaped_ = in_regex_ && c == '\\' && !pattern_escaped_; }
  void outside(char c) {
    comment_ = kind_ == TemplateKind::promql && c == '#';
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (c == '~' && (last_ == '=' || last_ == '!'))
      after_regex_op_ = true;
    else if (!blank && !comment_)
      after_regex_op_ = false;
    last_ = c;
  }

  TemplateKind kind_;
  char quote_ = '\0';
  char last_ = '\0';
  bool escaped_ = false;
  bool comment_ = false;
  bool after_regex_op_ = false;
  bool in_regex_ = false;
  bool pattern_escaped_ = false;
};

namespace {

constexpr std::array<std::string_view, 4> release_names{"service", "environment", "version", "previous_version"};
constexpr std::array<std::string_view, 3> annotation_names{"value", "objective", "slo"};
constexpr std::string_view window_name = "window_since_live";
constexpr Duration shortest_window = std::chrono::seconds(10);  // below this no scrape interval fits into a range

std::unexpected<Error> refused(std::string_view name, std::string_view why) {
  return fail(ErrorCode::invalid, fmt::format("{{{{ {} }}}} {}", name, why));
}

// The escapes Alertmanager knows in a matcher; everything else stands for itself.
std::string escape_for_matcher(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? std::string_view("\\n") : std::string_view(&c, 1);
  }
  return out;
}

// Go's string escapes, which PromQL's double and single quotes use.
std::string escape_quoted(std::string_view value, char quote) {
  std::string out;
  for (const char c : value) {
    if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      if (c == '\\' || c == quote) out += '\\';
      out += c;
    }
  }
  return out;
}

}  // namespace

std::expected<TextTemplate, TextTemplate::ParseError> TextTemplate::parse(std::string_view text, TemplateKind kind) {
  TextTemplate out{std::string(text), kind};
  Position position(kind);
  std::string literal;
  for (std::size_t i = 0; i < text.size();) {
    if (!text.substr(i).starts_with("{{")) {
      position.feed(text[i]);
      literal += text[i++];
      continue;
    }
    const auto end = text.find("}}", i + 2);
    if (end == std::string_view::npos) return std::unexpected(ParseError{"\"{{\" is not closed by \"}}\"", i});
    auto field = parse_field(trim(text.substr(i + 2, end - i - 2)), kind);
    if (!field) return std::unexpected(ParseError{field.error(), i});
    if (kind == TemplateKind::promql || kind == TemplateKind::matcher) {
      field->place = place_in(position);
      if (auto wrong = misplaced(*field, position)) return std::unexpected(ParseError{*wrong, i});
    }
    if (!literal.empty()) out.pieces_.emplace_back(std::exchange(literal, {}));
    out.pieces_.emplace_back(std::move(*field));
    i = end + 2;
  }
  if (!literal.empty()) out.pieces_.emplace_back(std::move(literal));
  return out;
}

std::expected<TextTemplate::Field, std::string> TextTemplate::parse_field(std::string_view text, TemplateKind kind) {
  Field field;
  if (text.starts_with(window_name)) {
    if (kind != TemplateKind::promql) return std::unexpected("window_since_live has a meaning in expressions only");
    auto argument = trim(text.substr(window_name.size()));
    if (argument.size() < 2 || argument.front() != '"' || argument.back() != '"')
      return std::unexpected("window_since_live takes the longest range in quotes: {{ window_since_live \"5m\" }}");
    const auto longest = parse_duration(argument.substr(1, argument.size() - 2));
    if (!longest) return std::unexpected(longest.error().message);
    if (*longest < shortest_window)
      return std::unexpected(fmt::format("window_since_live takes {} or more", format_duration(shortest_window)));
    field.name = window_name;
    field.longest = *longest;
    return field;
  }
  field.name = text;
  if (text.starts_with("labels.") && text.size() > 7) return field;
  std::vector<std::string_view> known(release_names.begin(), release_names.end());
  if (kind == TemplateKind::text) known.insert(known.end(), annotation_names.begin(), annotation_names.end());
  if (std::find(known.begin(), known.end(), text) != known.end()) return field;
  const auto near = nearest_name(text, known);
  return std::unexpected(fmt::format("\"{}\" is not known here{}; known are {} and labels.<name>", text,
                                     near ? fmt::format(", did you mean \"{}\"?", *near) : "", fmt::join(known, ", ")));
}

TextTemplate::Place TextTemplate::place_in(const Position& position) {
  const bool regex = position.in_regex();
  switch (position.quote()) {
    case '"':
      return regex ? Place::regex_double : Place::double_quoted;
    case '\'':
      return regex ? Place::regex_single : Place::single_quoted;
    case '`':
      return regex ? Place::regex_back : Place::back_quoted;
    default:
      return Place::bare;
  }
}

std::optional<std::string> TextTemplate::misplaced(const Field& field, const Position& position) {
  const bool is_window = field.name == window_name;
  if (position.in_comment()) return "a comment cannot hold a template; take it out";
  if (position.after_backslash())
    return fmt::format("the backslash before {{{{ {} }}}} would change its value; take it out", field.name);
  if (is_window && field.place != Place::bare)
    return "window_since_live stands outside quotes, as a range: [{{ window_since_live \"5m\" }}]";
  if (!is_window && field.place == Place::bare)
    return fmt::format("put {{{{ {} }}}} in quotes; only quoted values can be escaped", field.name);
  return std::nullopt;
}

namespace {

std::optional<std::string> value_of(const std::string& name, const Subject& subject) {
  if (name == "service") return subject.service;
  if (name == "environment") return subject.environment;
  if (name == "version") return subject.version;
  if (name == "previous_version") return subject.previous_version;
  const bool is_label = name.starts_with("labels.");
  const auto& map = is_label ? subject.labels : subject.extra;
  const auto it = map.find(is_label ? name.substr(7) : name);
  return it == map.end() ? std::nullopt : std::optional(it->second);
}

}  // namespace

Result<std::string> TextTemplate::placed(const Field& field, const std::string& value) const {
  if (!is_utf8(value)) return refused(field.name, "is not UTF-8");
  const auto regex = [&] { return re2::RE2::QuoteMeta(value); };
  switch (field.place) {
    case Place::single_quoted:
      return escape_quoted(value, '\'');
    case Place::double_quoted:
      return kind_ == TemplateKind::matcher ? escape_for_matcher(value) : escape_quoted(value, '"');
    case Place::regex_single:
      return escape_quoted(regex(), '\'');
    case Place::regex_double:
      return kind_ == TemplateKind::matcher ? escape_for_matcher(regex()) : escape_quoted(regex(), '"');
    case Place::back_quoted:
    case Place::regex_back:
      if (value.find('`') != std::string::npos)
        return refused(field.name, "holds a backquote, which cannot stand between backquotes");
      return field.place == Place::regex_back ? regex() : value;
    case Place::bare:
      break;
  }
  if (kind_ == TemplateKind::text) return printable(value);
  if (value.empty()) return refused(field.name, "is empty, which cannot be an argument");
  if (!is_printable(value))
    return refused(field.name, "holds a character that is not shown; it cannot stand in an argument");
  const auto* first = std::get_if<Field>(&pieces_.front());
  if (value.starts_with('-') && first == &field)
    return refused(field.name,
                   fmt::format("is \"{}\": an argument that begins with '-' would be read as an option", value));
  return value;
}

Result<std::string> TextTemplate::render(const Subject& subject) const {
  std::string out;
  for (const auto& piece : pieces_) {
    if (const auto* literal = std::get_if<std::string>(&piece)) {
      out += *literal;
      continue;
    }
    const auto& field = std::get<Field>(piece);
    if (field.name == window_name) {
      const auto range = std::max(shortest_window, std::min(field.longest, subject.age));
      out += format_duration(std::chrono::floor<std::chrono::seconds>(range));
      continue;
    }
    const auto value = value_of(field.name, subject);
    if (!value) return refused(field.name, "is not given by this release");
    const auto text = placed(field, *value);
    if (!text) return text;
    out += *text;
  }
  return out;
}

}  // namespace guard::promql
