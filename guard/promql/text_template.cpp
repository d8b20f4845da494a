// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/text_template.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/printable.hpp"
#include "guard/base/text.hpp"
#include "guard/promql/lexer.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <re2/re2.h>

#include <fmt/format.h>

namespace guard::promql {

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

// Where the fields of PromQL, or of a matcher, stand in it. Asked from left to right.
class TextTemplate::Positions {
 public:
  Positions(std::string_view text, TemplateKind kind) : text_(text) {
    if (kind == TemplateKind::promql) tokens_ = lex(text, Syntax::promql_template);
    if (kind == TemplateKind::matcher) tokens_ = lex(text, Syntax::matcher_template);
  }

  // Puts `field`, which begins at `at`, into its place. Fails with the reason if it cannot stand there.
  std::expected<void, std::string> put(Field& field, std::size_t at) {
    if (tokens_.empty()) return {};
    while (tokens_[token_].end() <= at) pass();
    const auto& token = tokens_[token_];
    if (token.kind == TokenKind::comment) return std::unexpected("a comment cannot hold a template; take it out");
    const bool is_string = token.kind == TokenKind::string;
    field.quote = is_string ? token.text[0] : '\0';
    field.in_regex = is_string && after_regex_operator_;
    if (is_string && after_backslash(field, text_.substr(token.begin, at - token.begin)))
      return std::unexpected(
          fmt::format("the backslash before {{{{ {} }}}} would change its value; take it out", field.name));
    if (field.name == window_name && is_string)
      return std::unexpected("window_since_live stands outside quotes, as a range: [{{ window_since_live \"5m\" }}]");
    if (field.name != window_name && !is_string)
      return std::unexpected(fmt::format("put {{{{ {} }}}} in quotes; only quoted values can be escaped", field.name));
    return {};
  }

 private:
  void pass() {
    const auto& token = tokens_[token_++];
    if (token.kind != TokenKind::comment) after_regex_operator_ = token.is("=~") || token.is("!~");
  }

  // True if a backslash would take the first character of the value for its own. Backslashes escape each other in
  // pairs, in the string and once more in its regular expression; a raw string has no escapes of its own.
  static bool after_backslash(const Field& field, std::string_view before) {
    const auto run = before.size() - (before.find_last_not_of('\\') + 1);
    const auto levels = (field.quote == '`' ? 0U : 1U) + (field.in_regex ? 1U : 0U);
    return run % (std::size_t{1} << levels) != 0;
  }

  std::string_view text_;
  std::vector<Token> tokens_;  // none in text that has no strings of its own
  std::size_t token_ = 0;
  bool after_regex_operator_ = false;
};

std::expected<TextTemplate, TextTemplate::ParseError> TextTemplate::parse(std::string_view text, TemplateKind kind) {
  TextTemplate out{std::string(text), kind};
  Positions places(text, kind);
  const auto add_literal = [&](std::string_view literal) {
    if (!literal.empty()) out.pieces_.emplace_back(std::string(literal));
  };
  std::size_t after = 0;  // where the last field ends
  for (auto begin = text.find("{{"); begin != std::string_view::npos; begin = text.find("{{", after)) {
    const auto end = text.find("}}", begin + 2);
    if (end == std::string_view::npos) return std::unexpected(ParseError{"\"{{\" is not closed by \"}}\"", begin});
    auto field = parse_field(trim(text.substr(begin + 2, end - begin - 2)), kind);
    if (!field) return std::unexpected(ParseError{field.error(), begin});
    if (auto put = places.put(*field, begin); !put) return std::unexpected(ParseError{put.error(), begin});
    add_literal(text.substr(after, begin - after));
    out.pieces_.emplace_back(std::move(*field));
    after = end + 2;
  }
  add_literal(text.substr(after));
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
  if (field.quote == '`' && value.contains('`'))
    return refused(field.name, "holds a backquote, which cannot stand between backquotes");
  if (field.quote != '\0') {
    auto text = field.in_regex ? re2::RE2::QuoteMeta(value) : value;
    if (field.quote == '`') return text;
    return kind_ == TemplateKind::matcher ? escape_for_matcher(text) : escape_quoted(text, field.quote);
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
