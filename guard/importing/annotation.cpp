// SPDX-License-Identifier: Apache-2.0
#include "guard/importing/annotation.hpp"

#include "guard/base/text.hpp"

#include <algorithm>
#include <array>
#include <re2/re2.h>

namespace guard::importing {
namespace {

// What humanize and printf do to a value, the guard does by itself.
bool is_value(std::string_view action) {
  static const re2::RE2 known(
      R"re((?:\(?\s*(?:printf\s+(?:"[^"]*"|`[^`]*`)|humanize\w*)\s+)*(?:\$value|\$?\.Value)\s*\)?)re"
      R"re((?:\s*\|\s*(?:humanize\w*|printf\s+(?:"[^"]*"|`[^`]*`)))*)re");
  return re2::RE2::FullMatch({action.data(), action.size()}, known);
}

bool is_label(std::string_view action, std::string& name) {
  static const re2::RE2 known(R"re((?:\$labels|\$?\.Labels)\.(\w+)(?:\s*\|\s*(?:toUpper|toLower|title))?)re");
  return re2::RE2::FullMatch({action.data(), action.size()}, known, &name);
}

// {{- and -}} of Go take the blanks beside them along.
std::string_view without_trims(std::string_view action) {
  if (action.starts_with("- ")) action.remove_prefix(2);
  if (action.ends_with(" -")) action.remove_suffix(2);
  return trim(action);
}

// Without the unit that a person wrote behind a value.
std::string_view without_unit(std::string_view rest, model::Unit unit) {
  const auto after_blank = rest.starts_with(' ') ? rest.substr(1) : rest;
  if (unit == model::Unit::ratio && after_blank.starts_with('%')) return after_blank.substr(1);
  const bool word = rest.size() > 1 && ((rest[1] >= 'a' && rest[1] <= 'z') || (rest[1] >= 'A' && rest[1] <= 'Z'));
  if (unit == model::Unit::seconds && rest.starts_with('s') && !word) return rest.substr(1);
  return rest;
}

}  // namespace

std::expected<Annotation, std::string> annotation_of(std::string_view text, model::Unit unit) {
  constexpr std::array<std::string_view, 3> own{"service", "environment", "version"};
  Annotation out;
  for (auto rest = trim(text);;) {
    const auto begin = rest.find("{{");
    out.text += rest.substr(0, begin);
    if (begin == std::string_view::npos) return out;
    const auto end = rest.find("}}", begin + 2);
    if (end == std::string_view::npos) return std::unexpected(std::string(rest.substr(begin)));
    const auto action = without_trims(rest.substr(begin + 2, end - begin - 2));
    const auto whole = rest.substr(begin, end + 2 - begin);
    rest = rest.substr(end + 2);
    std::string label;
    if (is_value(action)) {
      out.text += "{{ value }}";
      rest = without_unit(rest, unit);
    } else if (!is_label(action, label)) {
      return std::unexpected(std::string(whole));
    } else if (std::ranges::find(own, label) != own.end()) {
      out.text += "{{ " + label + " }}";
    } else {
      out.text += "[" + label + "]";
      if (std::ranges::find(out.labels, label) == out.labels.end()) out.labels.push_back(label);
    }
  }
}

}  // namespace guard::importing
