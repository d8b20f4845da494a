// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/freshness.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

namespace guard::promql {
namespace {

constexpr const char* lookback = "5m";  // Prometheus' --query.lookback-delta
constexpr Duration far_back = std::chrono::hours(24 * 365 * 100);
constexpr const char* places = "service, environment, version";

constexpr std::array<std::string_view, 5> label_list_words{"by", "without", "on", "ignoring", "group_left"};
constexpr std::array<std::string_view, 8> plain_words{"and", "or", "unless", "bool", "atan2", "inf", "nan", "offset"};

bool name_start(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || c == ':';
}
bool name_char(char c) {
  return name_start(c) || std::isdigit(static_cast<unsigned char>(c)) != 0;
}

// Walks an expression just far enough to tell selectors from everything else (promql/parser/lex.go).
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::vector<PlainSelector> selectors() {
    while (at_ < text_.size()) step();
    return std::move(found_);
  }
  // True if names are defined first, as MetricsQL does: WITH (x = rate(y[5m])) x / 2
  bool defines_names() const { return defines_names_; }
  // How far back each selector measures, also those that look elsewhere.
  std::vector<Reach> reaches() {
    while (at_ < text_.size()) step();
    return std::move(reaches_);
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '"' || c == '\'' || c == '`') return skip_string();
    if (c == '#') return skip_comment();
    if (c == '[') return skip_past(']');
    if (c == '{') return take_selector(at_, at_);
    if (c == '(') open_.push_back({found_.size(), reaches_.size()});
    if (c == ')') return close_parenthesis();
    if (std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.') return skip_number();
    if (name_start(c)) return word();
    ++at_;
  }

  void word() {
    const auto begin = at_;
    while (at_ < text_.size() && name_char(text_[at_])) ++at_;
    const auto name = lower(text_.substr(begin, at_ - begin));
    if (is_one_of(name, label_list_words) || name == "group_right") return skip_label_list();
    if (is_one_of(name, plain_words)) return;
    skip_blanks();
    if (name == "with" && peek() == '(') defines_names_ = true;
    // A name before "(" is a function; an aggregation may have its label list first: sum by (le) (…).
    if (peek() == '(' || followed_by_label_list()) return;
    take_selector(begin, begin + name.size());
  }

  // The selector that starts at `begin` and whose name ends at `name_end`.
  void take_selector(std::size_t begin, std::size_t name_end) {
    at_ = name_end;
    skip_blanks();
    std::size_t end = name_end;
    if (peek() == '{') {
      skip_past('}');
      end = at_;
    }
    PlainSelector selector{std::string(text_.substr(begin, end - begin)), take_range()};
    const auto length = last_range_;
    const auto elsewhere = looks_elsewhere();
    const auto moved = elsewhere ? take_offset() : Duration{0};
    reaches_.push_back({moved, moved + length});
    if (elsewhere) return;
    if (std::find(found_.begin(), found_.end(), selector) == found_.end()) found_.push_back(std::move(selector));
  }

  // `(…)[1h:]` looks back for so long over everything between the parentheses; `offset 1d` moves it.
  void close_parenthesis() {
    ++at_;
    if (open_.empty()) return;
    const auto inside = std::min(open_.back().found, found_.size());
    const auto first = open_.back().reaches;
    open_.pop_back();
    const auto subquery = take_range();
    const auto length = last_range_;
    const auto elsewhere = looks_elsewhere();
    const auto moved = elsewhere ? take_offset() : Duration{0};
    for (auto i = first; i < reaches_.size(); ++i) {
      reaches_[i].offset += moved;
      reaches_[i].start += moved + length;
    }
    if (elsewhere) return found_.resize(inside);
    for (auto i = inside; i < found_.size(); ++i) found_[i].range = longer(found_[i].range, subquery);
  }

  // How far back the range or subquery that may stand here looks; empty where none does.
  std::string take_range() {
    skip_blanks();
    last_range_ = Duration{0};
    if (peek() != '[') return "";
    const auto begin = at_ + 1;
    skip_past(']');
    const auto range = text_.substr(begin, at_ - begin);
    auto length = std::string(trim(range.substr(0, range.find_first_of(":]"))));
    last_range_ = parse_duration(length).value_or(Duration{0});
    // A subquery takes the value at each of its steps, which may be as old as the lookback lets it be.
    return range.find(':') == std::string_view::npos ? length : longer(length, lookback);
  }

  // The sum of two durations as they are written; the other where one is empty or none.
  static std::string longer(const std::string& range, const std::string& by) {
    const auto [a, b] = std::pair(parse_duration(range), parse_duration(by));
    if (!a) return by;
    return b ? format_duration(*a + *b) : range;
  }

  bool looks_elsewhere() {
    skip_blanks();
    return peek() == '@' || lower(text_.substr(at_, 6)) == "offset";
  }

  // The offset that stands here; a fixed time is farther back than any.
  Duration take_offset() {
    if (peek() == '@') return far_back;
    at_ += std::string_view("offset").size();
    skip_blanks();
    const bool later = peek() == '-';
    if (later) ++at_;
    const auto begin = at_;
    while (at_ < text_.size() && name_char(text_[at_])) ++at_;
    const auto length = parse_duration(text_.substr(begin, at_ - begin)).value_or(Duration{0});
    return later ? -length : length;
  }

  bool followed_by_label_list() const {
    auto i = at_;
    while (i < text_.size() && name_char(text_[i])) ++i;
    const auto next = lower(text_.substr(at_, i - at_));
    return next == "by" || next == "without";
  }

  void skip_label_list() {
    skip_blanks();
    if (peek() == '(') skip_past(')');
  }

  // Past the next `close` that stands outside strings.
  void skip_past(char close) {
    ++at_;
    while (at_ < text_.size() && text_[at_] != close) {
      const char c = text_[at_];
      if (c == '"' || c == '\'' || c == '`')
        skip_string();
      else if (c == '#')
        skip_comment();
      else
        ++at_;
    }
    if (at_ < text_.size()) ++at_;
  }

  void skip_string() {
    const char quote = text_[at_++];
    while (at_ < text_.size() && text_[at_] != quote) at_ += text_[at_] == '\\' && quote != '`' ? 2U : 1U;
    at_ = std::min(at_ + 1, text_.size());
  }

  void skip_comment() {
    while (at_ < text_.size() && text_[at_] != '\n') ++at_;
  }

  // Numbers and durations: 1e-3, 0x1F, 5m, 1h30m.
  void skip_number() {
    while (at_ < text_.size() && (name_char(text_[at_]) || text_[at_] == '.' || exponent_sign())) ++at_;
  }
  bool exponent_sign() const {
    return (text_[at_] == '-' || text_[at_] == '+') && at_ > 0 && (text_[at_ - 1] == 'e' || text_[at_ - 1] == 'E');
  }

  void skip_blanks() {
    while (at_ < text_.size()) {
      if (text_[at_] == '#')
        skip_comment();
      else if (std::isspace(static_cast<unsigned char>(text_[at_])) != 0)
        ++at_;
      else
        return;
    }
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  static std::string lower(std::string_view word) {
    std::string out(word);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
  }
  template <std::size_t n>
  static bool is_one_of(const std::string& word, const std::array<std::string_view, n>& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<PlainSelector> found_;
  bool defines_names_ = false;
  std::vector<Reach> reaches_;
  Duration last_range_{0};  // of the range that was taken last, without the lookback
  struct Open {
    std::size_t found = 0;
    std::size_t reaches = 0;
  };
  std::vector<Open> open_;  // for each open parenthesis, how many had been found before it
};

// One query may be about many releases, whose series die each by itself.
std::string age_of(std::string_view newest) {
  return fmt::format("time() - max by ({}) ({})", places, newest);
}

// The last sample within a range, also of series that have ended: looked for in sixty steps, so that a series is met
// that lived for no longer than the two scrapes a rate needs.
std::optional<std::string> newest_within(const PlainSelector& selector) {
  const auto range = parse_duration(selector.range);
  if (!range || range->count() <= 0) return std::nullopt;
  const auto step = std::max<Duration>(std::chrono::seconds(1), *range / 60);
  return fmt::format("max_over_time(timestamp({})[{}:{}])", selector.text, selector.range, format_duration(step));
}

}  // namespace

std::vector<PlainSelector> plain_selectors(std::string_view expr) {
  Scanner scanner(expr);
  auto found = scanner.selectors();
  // What looks like a metric may be a name that the expression defines, and its arguments are no selectors.
  return scanner.defines_names() ? std::vector<PlainSelector>{} : found;
}

Reach reach(std::string_view expr, Duration comparison) {
  auto all = Scanner(expr).reaches();
  const auto compares = [&](const Reach& one) { return one.offset >= comparison; };
  if (!std::all_of(all.begin(), all.end(), compares)) std::erase_if(all, compares);
  Reach farthest;
  for (const auto& one : all) farthest = {std::max(farthest.offset, one.offset), std::max(farthest.start, one.start)};
  return farthest;
}

AgeQueries age_queries(std::string_view expr) {
  AgeQueries out;
  for (const auto& selector : plain_selectors(expr)) {
    if (const auto newest = newest_within(selector)) out.ended.emplace_back(out.now.size(), age_of(*newest));
    out.now.push_back(age_of(fmt::format("timestamp({})", selector.text)));
  }
  return out;
}

}  // namespace guard::promql
