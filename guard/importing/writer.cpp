// SPDX-License-Identifier: Apache-2.0
#include "guard/importing/writer.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/printable.hpp"
#include "guard/base/text.hpp"
#include "guard/importing/texts.hpp"
#include "guard/promql/lint.hpp"
#include "guard/promql/shape.hpp"

#include <algorithm>
#include <map>
#include <re2/re2.h>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::importing {
namespace {

constexpr Duration usual_interval = std::chrono::seconds(15);
constexpr Duration shortest_settle = std::chrono::minutes(1);
constexpr std::size_t longest_name = 60;  // with a number behind it, of the 64 characters that a rule's name may have
constexpr std::size_t comment_width = 110;
constexpr int most_counted = 100;  // readings that `breaches` can speak of

// A comment of as many lines as it takes, each behind `indent`; all but the first are set in by two more.
std::string comment(const std::string& indent, std::string_view text) {
  std::string out;
  std::string line;
  const auto end_line = [&] {
    if (!line.empty()) out += fmt::format("{}#{}{}\n", indent, out.empty() ? "" : "  ", line);
    line.clear();
  };
  const auto words = shown(text);
  for (std::size_t at = 0; at < words.size();) {
    const auto end = std::min(words.find(' ', at), words.size());
    if (line.size() + end - at > comment_width) end_line();
    if (end > at) line += " " + words.substr(at, end - at);
    at = end + 1;
  }
  end_line();
  return out;
}

// In double quotes, with the escapes of YAML.
std::string double_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    else
      out += c;
  }
  return out + '"';
}

std::string single_quoted(std::string_view text) {
  return "'" + replaced(std::string(text), "'", "''") + "'";
}

// The matchers of a list.
std::vector<std::string> quoted(const std::vector<std::string>& matchers) {
  std::vector<std::string> out;
  for (const auto& matcher : matchers) out.push_back(single_quoted(matcher));
  return out;
}

std::string scalar(std::string_view text) {
  static const re2::RE2 plain("[A-Za-z][A-Za-z0-9_./(-]*(?:[ ,]*[A-Za-z0-9_./()%+*{}=\"~^|\\[\\]-]+)*");
  static const re2::RE2 other("(?i)true|false|yes|no|on|off|null|y|n|.*\\s#.*");
  if (!is_printable(text)) return double_quoted(text);
  const auto is = [text](const re2::RE2& form) { return re2::RE2::FullMatch({text.data(), text.size()}, form); };
  if (is(plain) && !is(other)) return std::string(text);
  return single_quoted(text);
}

// `key: text` as a member that stands `indent` deep; several lines as a block.
std::string member(const std::string& indent, std::string_view key, std::string_view text) {
  const auto lines = trim(text);
  if (lines.find('\n') == std::string_view::npos || !is_printable(replaced(std::string(lines), "\n", " ")))
    return fmt::format("{}{}: {}\n", indent, key, scalar(lines));
  std::string out = fmt::format("{}{}: |\n", indent, key);
  for (std::size_t at = 0; at <= lines.size();) {
    const auto end = std::min(lines.find('\n', at), lines.size());
    const auto line = lines.substr(at, end - at);
    out += trim(line).empty() ? "\n" : fmt::format("{}  {}\n", indent, line);
    at = end + 1;
  }
  return out;
}

// Where a rule stands, as its comment says it.
std::string origin(const Draft& draft) {
  const auto at = draft.origin.source->position(draft.origin.offset);
  return fmt::format("{}, {}:{}:{}", shown(draft.name), shown(draft.origin.source->path()), at.line, at.column);
}

std::string name_of(const Draft& draft) {
  std::string out;
  for (const char c : draft.name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (letter || (!out.empty() && out.back() != '_')) out += letter ? c : '_';
  }
  while (out.ends_with('_') && !draft.name.ends_with('_')) out.pop_back();
  if (out.empty() || (out[0] >= '0' && out[0] <= '9')) out.insert(0, "slo_");
  return out.substr(0, longest_name);
}

using Group = std::vector<const Draft*>;

class GroupWriter {
 public:
  explicit GroupWriter(const Group& drafts) : drafts_(drafts) {
    for (const auto* draft : drafts_) {
      const auto wanted = draft->interval > Duration{0} ? draft->interval : usual_interval;
      interval_ = interval_ == Duration{0} ? wanted : std::min(interval_, wanted);
      for (const auto* expr : {&draft->expr, &draft->only_if})
        if (const auto range = promql::longest_range(*expr)) settle_ = std::max(settle_, range->length);
    }
    interval_ = std::max<Duration>(interval_, std::chrono::seconds(1));
    settle_ = std::min(settle_, longest_settle);
  }

  std::string write() {
    const auto& service = drafts_.front()->service;
    const auto name = service.empty() ? std::string("imported") : "imported-" + service;
    const auto match = service.empty() ? "service=~\".+\"" : matcher_text("service", service);
    std::string out = fmt::format("  - name: {}\n", scalar(name));
    out += fmt::format("    match: [{}, 'environment=~\".+\"']    # narrow it to the releases these rules speak of\n",
                       single_quoted(match));
    out += fmt::format("    window: {}\n    settle: {}\n    interval: {}\n", format_duration(window),
                       format_duration(settle_), format_duration(interval_));
    out +=
        "    rollback: { mode: observe, verify: 30m, cooldown: 1h }    # ask and enforce need a `hook`\n    rules:\n";
    for (const auto* draft : drafts_) out += rule(*draft);
    return out;
  }

 private:
  // A name that no rule of the group has yet.
  std::string free_name(const std::string& wanted) {
    auto name = wanted;
    for (int number = 2; !names_.insert(name).second; ++number) name = fmt::format("{}_{}", wanted, number);
    return name;
  }

  std::string rule(const Draft& draft) {
    const std::string indent(6, ' ');
    const std::string deeper(8, ' ');
    const auto name = free_name(name_of(draft));
    std::string out = "\n" + comment(indent, origin(draft));
    for (const auto& remark : draft.remarks) out += comment(indent, "Changed: " + remark);
    if (draft.on_no_data == "ignore" && promql::condition_in(draft.expr))
      out += indent +
             "# release-guard: ignore condition-in-expr: where the condition does not hold, the alert is silent too\n";
    out += fmt::format("{}- slo: {}\n", indent, name);
    for (const auto& [key, text] : source(draft)) out += member(deeper, key, text);
    if (!draft.alerts.empty()) out += fmt::format("{}alerts: [{}]\n", deeper, fmt::join(quoted(draft.alerts), ", "));
    out +=
        fmt::format("{}objective: {}\n", deeper, draft.alerts.empty() ? '"' + draft.objective + '"' : draft.objective);
    if (draft.reduce_any) out += deeper + "reduce: any\n";
    out += breach_keys(draft, deeper);
    for (const auto& [key, text] : policies(draft))
      if (!text->empty()) out += fmt::format("{}{}: {}\n", deeper, key, *text);
    if (!draft.annotations.empty()) out += deeper + "annotations:\n";
    for (const auto& [key, text] : draft.annotations) out += member(deeper + "  ", key, text);
    return out;
  }

  static std::vector<std::pair<std::string_view, std::string>> source(const Draft& draft) {
    std::vector<std::pair<std::string_view, std::string>> out;
    for (const auto& [key, text] :
         {std::pair{"expr", &draft.expr}, std::pair{"bad", &draft.bad}, std::pair{"good", &draft.good},
          std::pair{"total", &draft.total}, std::pair{"only_if", &draft.only_if}})
      if (!text->empty()) out.emplace_back(key, *text);
    return out;
  }

  static std::vector<std::pair<std::string_view, const std::string*>> policies(const Draft& draft) {
    return {{"on_no_data", &draft.on_no_data}, {"on_too_few", &draft.on_too_few}, {"action", &draft.action}};
  }

  // `for`, or `breaches` where the group reads as often as it was read where the rule comes from.
  std::string breach_keys(const Draft& draft, const std::string& indent) const {
    if (!draft.repeated)
      return draft.sustained > Duration{0} ? fmt::format("{}for: {}\n", indent, format_duration(draft.sustained)) : "";
    const auto& repeated = *draft.repeated;
    if (repeated.failures < 2) return "";
    const bool fits = repeated.of <= most_counted && repeated.of * interval_ < window - longest_settle;
    if (fits && repeated.interval == interval_)
      return fmt::format("{}breaches: {} of {}\n", indent, repeated.failures, repeated.of);
    return fmt::format("{}for: {}\n", indent, format_duration((repeated.failures - 1) * repeated.interval));
  }

  const Group& drafts_;
  Duration interval_{0};
  Duration settle_ = shortest_settle;
  std::set<std::string> names_;
};

std::string sources_of(std::span<const Draft> drafts) {
  std::vector<std::string> names;
  for (const auto& draft : drafts)
    if (auto path = shown(draft.origin.source->path()); std::ranges::find(names, path) == names.end())
      names.push_back(std::move(path));
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

std::string left_lines(const config::Diagnostics& left) {
  if (left.items.empty()) return "";
  std::string out = "\n# Not carried over:\n";
  for (const auto& item : left.items)
    out += comment("", fmt::format("- {}:{}:{}: {}: {}", item.path, item.line, item.column, item.rule, item.message));
  return out;
}

}  // namespace

std::string rule_file_of(std::span<const Draft> drafts, const config::Diagnostics& left) {
  std::map<std::string, Group, std::greater<>> groups;  // the empty name, of any service, comes last
  for (const auto& draft : drafts) groups[draft.service].push_back(&draft);
  auto out = comment("", "Imported from " + sources_of(drafts));
  out +=
      "# Read each rule before it acts: until `mode` is ask or enforce, the guard only says what it would do.\n"
      "# Where a rule means something else than where it comes from, the comment above it says so.\n\n"
      "defaults:\n"
      "  on_no_data: hold    # an alert without data is silent; here nobody knows then, and such a release does not "
      "pass\n"
      "  on_error: hold\n\n"
      "groups:\n";
  for (const auto& [service, group] : groups) out += GroupWriter(group).write();
  return out + left_lines(left);
}

std::string rule_file_of(const Draft& draft) {
  return rule_file_of({&draft, 1}, {});
}

}  // namespace guard::importing
