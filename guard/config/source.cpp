// SPDX-License-Identifier: Apache-2.0
#include "guard/config/source.hpp"

#include "guard/base/text.hpp"
#include "guard/config/keys.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include <fmt/format.h>

namespace guard::config {
namespace {

constexpr std::size_t longest_snippet = 110;

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

// Characters of `line` as one string each, with every control character shown as a blank, and what is no character as
// the mark for that: a message also stands in logs and in JSON.
std::vector<std::string> characters(std::string_view line) {
  std::vector<std::string> out;
  for (const char c : line) {
    if (begins_character(c)) out.emplace_back();
    if (out.empty()) out.emplace_back();
    out.back() += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  }
  for (auto& character : out)
    if (!is_utf8(character)) character = "\uFFFD";
  return out;
}

// Keys that people write secrets under.
constexpr std::array<std::string_view, 9> secret_keys{
    "password", "credentials", "token", "secret", "authorization", "Authorization", "bearer", "api_url", "webhook_url"};
// Beginnings of addresses that are secrets by themselves: whoever knows them may post.
constexpr std::array<std::string_view, 2> secret_paths{"/services/", "/api/webhooks/"};

constexpr std::size_t longest_misspelt = 16;

// The secret keys, then every key that a file may have.
std::vector<std::string_view> all_keys() {
  std::vector<std::string_view> names(secret_keys.begin(), secret_keys.end());
  for (const auto* object : all_objects())
    for (const auto& key : object->keys) names.push_back(key.name);
  return names;
}

// Whether `key` is a secret key, ends with one, or is one misspelt.
bool holds_secret(std::string_view key) {
  static const auto names = all_keys();
  if (std::ranges::any_of(secret_keys, [&](auto secret) { return key.ends_with(secret); })) return true;
  if (key.size() > longest_misspelt) return false;
  if (std::ranges::find(names, key) != names.end()) return false;  // nothing is nearer to it, and few are misspelt
  const auto near = nearest_name(key, names);
  return near && std::ranges::find(secret_keys, *near) != secret_keys.end();
}

// The key, with or without quotes, that ends before the colon.
std::string_view key_before(std::string_view line, std::size_t colon) {
  const auto quoted = colon > 0 && (line[colon - 1] == '"' || line[colon - 1] == '\'');
  const auto before = line.substr(0, quoted ? colon - 1 : colon);
  const auto other = before.find_last_of(" \t{,:\"'");
  return before.substr(other == std::string_view::npos ? 0 : other + 1);
}

// Where a value begins that must not be shown although it stands in the file, or npos.
std::size_t secret_value(std::string_view line) {
  for (auto colon = line.find(':'); colon != std::string_view::npos; colon = line.find(':', colon + 1)) {
    const auto value = line.find_first_not_of(" \t", colon + 1);
    if (value == std::string_view::npos) break;
    if (line[value] != '{' && holds_secret(key_before(line, colon))) return value;
  }
  return std::string_view::npos;
}

// The rest of the line after a secret key, the user and password of a url, its query, and an address that is a secret
// are hidden.
std::string without_secrets(std::string_view line) {
  std::string out(line);
  const auto hide = [&](std::size_t from, std::size_t to) {
    for (auto i = from; i < std::min(to, out.size()); ++i) out[i] = '*';
  };
  hide(secret_value(line), out.size());
  for (const auto path : secret_paths)
    if (const auto at = line.find(path); at != std::string_view::npos) hide(at + path.size(), out.size());
  for (auto at = line.find("://"); at != std::string_view::npos; at = line.find("://", at + 3)) {
    const auto end = line.find_first_of("/?#\"' ", at + 3);
    const auto host = line.substr(0, end).rfind('@');
    if (host != std::string_view::npos && host > at) hide(at + 3, host);
    const auto over = std::min(line.find_first_of("\"' ", at), line.size());
    if (const auto query = line.find('?', at); query < over) hide(query + 1, over);
  }
  return out;
}

// A long line is cut to a window around the column, so that one huge line does not bury its own error.
void set_snippet(Diagnostic& diagnostic, std::string_view line) {
  const auto all = characters(without_secrets(line));
  const auto column = static_cast<std::size_t>(std::max(diagnostic.column - 1, 0));
  std::size_t from = 0;
  if (all.size() > longest_snippet && column > longest_snippet / 2)
    from = std::min(column, all.size()) - longest_snippet / 2;
  const auto to = std::min(all.size(), from + longest_snippet);
  diagnostic.snippet = from > 0 ? "…" : "";
  for (auto i = from; i < to; ++i) diagnostic.snippet += all[i];
  if (to < all.size()) diagnostic.snippet += "…";
  diagnostic.caret = static_cast<int>(column - from) + (from > 0 ? 2 : 1);
}

}  // namespace

Source::Source(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)), line_starts_{0} {
  if (text_.starts_with("\xEF\xBB\xBF")) text_.erase(0, 3);  // a byte order mark some editors write
  for (std::size_t i = 0; i < text_.size(); ++i)
    if (text_[i] == '\n') line_starts_.push_back(i + 1);
}

std::size_t Source::line_index(std::size_t offset) const {
  const auto after = std::ranges::upper_bound(line_starts_, offset);
  return static_cast<std::size_t>(after - line_starts_.begin()) - 1;
}

Position Source::position(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const auto line = line_index(offset);
  const auto start = line_starts_[line];
  const auto before = std::string_view(text_).substr(start, offset - start);
  const auto column = std::ranges::count_if(before, begins_character);
  return {static_cast<int>(line) + 1, static_cast<int>(column) + 1};
}

std::string_view Source::line_at(std::size_t offset) const {
  const auto start = line_starts_[line_index(std::min(offset, text_.size()))];
  auto line = std::string_view(text_).substr(start);
  line = line.substr(0, line.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool Source::says_nothing() const {
  std::string_view text = text_;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = trim(text.substr(0, end));
    if (!line.empty() && !line.starts_with('#')) return false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

Report Report::about(std::string rule, std::size_t offset) const {
  Report copy = *this;
  copy.rule_ = std::move(rule);
  copy.rule_line_ = source_->position(offset).line;
  return copy;
}

Diagnostic Report::at(std::size_t offset) const {
  Diagnostic diagnostic;
  diagnostic.path = source_->path();
  diagnostic.rule = rule_;
  diagnostic.rule_line = rule_line_;
  const auto where = source_->position(offset);
  diagnostic.line = where.line;
  diagnostic.column = where.column;
  set_snippet(diagnostic, source_->line_at(offset));
  return diagnostic;
}

void Report::add(Diagnostic diagnostic) const {
  if (out_->items.size() > most_diagnostics) return;
  if (out_->items.size() == most_diagnostics) {
    diagnostic = {};
    diagnostic.path = source_->path();
    diagnostic.message =
        fmt::format("there are more problems than the {} shown; correct these first", most_diagnostics);
  }
  out_->items.push_back(std::move(diagnostic));
}

void Report::error(std::size_t offset, std::string message) const {
  auto diagnostic = at(offset);
  diagnostic.message = std::move(message);
  add(std::move(diagnostic));
}

void Report::remark(std::size_t offset, model::Remark remark) const {
  add(diagnose(at(offset), std::move(remark)));
}

void Report::file_error(std::string message) const {
  Diagnostic diagnostic;
  diagnostic.path = source_->path();
  diagnostic.rule = rule_;
  diagnostic.message = std::move(message);
  add(std::move(diagnostic));
}

void sort(Diagnostics& diagnostics) {
  std::ranges::stable_sort(diagnostics.items, {},
                           [](const Diagnostic& d) { return std::tie(d.path, d.line, d.column); });
}

}  // namespace guard::config
