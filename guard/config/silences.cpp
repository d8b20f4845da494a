// SPDX-License-Identifier: Apache-2.0
#include "guard/config/silences.hpp"

#include "guard/base/text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::config {
namespace {

using model::Finding;

constexpr std::string_view mark = "release-guard: ignore";
constexpr std::string_view blanks = " \t";

// Where the comment begins that the mark at `at` opens, or npos.
std::size_t comment_of(std::string_view text, std::size_t at) {
  const auto hash = at == 0 ? std::string_view::npos : text.find_last_not_of(blanks, at - 1);
  if (hash == std::string_view::npos || text[hash] != '#') return std::string_view::npos;
  const bool apart = hash == 0 || blanks.find(text[hash - 1]) != std::string_view::npos || text[hash - 1] == '\n';
  const auto after = at + mark.size();
  const bool whole = after == text.size() || std::string_view(" \t\r\n:").find(text[after]) != std::string_view::npos;
  return apart && whole ? hash : std::string_view::npos;
}

// Where the first line from `offset` on begins that holds more than a comment; the end if there is none.
std::size_t next_content(std::string_view text, std::size_t offset) {
  while (offset < text.size()) {
    const auto first = text.find_first_not_of(" \t\r\n", offset);
    if (first == std::string_view::npos || text[first] != '#') return std::min(first, text.size());
    offset = std::min(text.find('\n', first), text.size());
  }
  return text.size();
}

// For which line the comment at `hash` holds.
int line_of(const Source& source, std::size_t hash) {
  const std::string_view text = source.text();
  const auto before = hash == 0 ? std::string_view::npos : text.find_last_not_of(blanks, hash - 1);
  const bool alone = before == std::string_view::npos || text[before] == '\n';
  return source.position(alone ? next_content(text, hash) : hash).line;
}

}  // namespace

void Silences::read(const Report& report) {
  const std::string_view text = report.source().text();
  for (auto at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + mark.size()))
    if (const auto hash = comment_of(text, at); hash != std::string_view::npos) read_one(report, hash);
}

void Silences::read_one(const Report& report, std::size_t offset) {
  const auto& source = report.source();
  auto words = std::string_view(source.text()).substr(offset);
  words = words.substr(0, words.find('\n'));
  words = words.substr(words.find(mark) + mark.size());
  const auto colon = std::min(words.find(':'), words.size());
  const auto name = trim(words.substr(0, colon));
  const auto* info = model::finding_named(name);
  if (info == nullptr || info->error)
    return report.remark(offset, {Finding::ignore_unknown,
                                  info == nullptr ? fmt::format("\"{}\" is no finding", shorten(name, 60))
                                                  : fmt::format("`{}` is an error, which cannot be silenced", name),
                                  info == nullptr ? "correct the name, or delete the comment" : "correct the rule"});
  if (colon == words.size() || trim(words.substr(colon + 1)).empty())
    return report.remark(offset,
                         {Finding::ignore_without_reason, "this comment does not say why, so it silences nothing",
                          fmt::format("write `# {} {}: why`", mark, name)});
  all_.push_back({report.at(offset), info->finding, line_of(source, offset)});
}

bool Silences::silenced(const Diagnostic& diagnostic) {
  if (diagnostic.severity == Severity::error) return false;
  bool any = false;
  for (auto& silence : all_) {
    const bool here = silence.line == diagnostic.line || silence.line == diagnostic.rule_line;
    if (silence.finding != diagnostic.finding || !here || silence.place.path != diagnostic.path) continue;
    any = silence.used = true;
  }
  return any;
}

void Silences::apply(Diagnostics& diagnostics) {
  std::erase_if(diagnostics.items, [this](const Diagnostic& diagnostic) { return silenced(diagnostic); });
}

void Silences::report_unused(Diagnostics& diagnostics, bool by_server) const {
  for (const auto& [place, finding, line, used] : all_) {
    const auto& info = model::info_of(finding);
    if (used || (info.found_by != model::FoundBy::text) != by_server) continue;
    diagnostics.items.push_back(
        diagnose(place, {Finding::ignore_unused, fmt::format("nothing is found here that is `{}`", info.name)}));
  }
}

}  // namespace guard::config
