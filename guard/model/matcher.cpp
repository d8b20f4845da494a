// SPDX-License-Identifier: Apache-2.0
#include "guard/model/matcher.hpp"

#include "guard/base/text.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <re2/re2.h>

#include <fmt/format.h>

namespace guard::model {
namespace {

std::unexpected<Error> bad(std::string_view text, std::string_view why) {
  return fail(ErrorCode::invalid,
              fmt::format("\"{}\" is not a matcher: {}; write for example service=\"shop\"", text, why));
}

std::size_t name_length(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && (std::isalnum(static_cast<unsigned char>(text[n])) != 0 || text[n] == '_')) ++n;
  return n > 0 && std::isdigit(static_cast<unsigned char>(text[0])) == 0 ? n : 0;
}

// Takes the operator at the start of `rest`; the two-character ones stand first in the table.
std::optional<MatchOp> take_op(std::string_view& rest) {
  for (const auto& [op, name] : EnumNames<MatchOp>::table) {
    if (!rest.starts_with(name)) continue;
    rest.remove_prefix(name.size());
    return op;
  }
  return std::nullopt;
}

// Undoes the escapes Alertmanager knows in a value: \" \\ and \n; any other backslash stands for itself.
std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = text[i] == '\\' && i + 1 < text.size() ? text[i + 1] : '\0';
    if (next == '"' || next == '\\') {
      out += next;
      ++i;
    } else if (next == 'n') {
      out += '\n';
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool ends_inside_quotes(std::string_view quoted) {
  for (std::size_t i = 1; i < quoted.size(); ++i) {
    if (quoted[i] == '\\')
      ++i;
    else if (quoted[i] == '"')
      return i + 1 != quoted.size();
  }
  return true;
}

}  // namespace

Matcher::Matcher(std::string name, MatchOp op, std::string value)
    : name_(std::move(name)), op_(op), value_(std::move(value)) {}

Result<Matcher> Matcher::make(std::string name, MatchOp op, std::string value) {
  Matcher matcher(std::move(name), op, std::move(value));
  if (op != MatchOp::regex && op != MatchOp::not_regex) return matcher;
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(std::int64_t{1} << 20);
  auto regex = std::make_shared<const re2::RE2>("^(?:" + matcher.value_ + ")$", options);
  if (!regex->ok())
    return fail(ErrorCode::invalid,
                fmt::format("\"{}\" is no regular expression (RE2): {}", matcher.value_, regex->error()));
  matcher.regex_ = std::move(regex);
  return matcher;
}

Result<Matcher> Matcher::parse(std::string_view text) {
  auto rest = trim(text);
  if (!is_utf8(rest)) return bad("…", "it is not UTF-8");
  const auto name = rest.substr(0, name_length(rest));
  if (name.empty()) return bad(text, "it does not start with a label name");
  rest = trim(rest.substr(name.size()));
  const auto op = take_op(rest);
  if (!op) return bad(text, "after the label name comes one of = != =~ !~");
  rest = trim(rest);
  if (rest.starts_with('"')) {
    if (rest.size() < 2 || ends_inside_quotes(rest)) return bad(text, "the quotes do not close at its end");
    rest = rest.substr(1, rest.size() - 2);
  } else if (rest.find_first_of("\"{},") != std::string_view::npos) {
    return bad(text, "put the value in double quotes");
  }
  return make(std::string(name), *op, unescape(rest));
}

bool Matcher::matches(const Labels& labels) const {
  const auto it = labels.find(name_);
  const std::string_view value = it == labels.end() ? std::string_view{} : std::string_view(it->second);
  switch (op_) {
    case MatchOp::equal:
      return value == value_;
    case MatchOp::not_equal:
      return value != value_;
    case MatchOp::regex:
      return re2::RE2::FullMatch(re2::StringPiece(value.data(), value.size()), *regex_);
    case MatchOp::not_regex:
      return !re2::RE2::FullMatch(re2::StringPiece(value.data(), value.size()), *regex_);
  }
  return false;
}

std::string Matcher::to_string() const {
  std::string escaped;
  for (const char c : value_) {
    if (c == '"' || c == '\\') escaped += '\\';
    if (c == '\n')
      escaped += "\\n";
    else
      escaped += c;
  }
  return fmt::format("{}{}\"{}\"", name_, guard::to_string(op_), escaped);
}

bool Matcher::operator==(const Matcher& other) const {
  return name_ == other.name_ && op_ == other.op_ && value_ == other.value_;
}

bool matches_all(const std::vector<Matcher>& matchers, const Labels& labels) {
  return !matchers.empty() &&
         std::all_of(matchers.begin(), matchers.end(), [&](const auto& m) { return m.matches(labels); });
}

std::string said_value(const std::vector<Matcher>& matchers, std::string_view label) {
  for (const auto& matcher : matchers)
    if (matcher.name() == label && matcher.op() == MatchOp::equal) return matcher.value();
  return "";
}

}  // namespace guard::model
