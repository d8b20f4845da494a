// SPDX-License-Identifier: Apache-2.0
#include "guard/config/matchers.hpp"

#include "guard/promql/lint.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::config {
namespace {

// The text with a plain letter for each field, to check what surrounds the fields.
std::string with_fields_filled(std::string_view text) {
  std::string out;
  for (auto open = text.find("{{"); open != std::string_view::npos; open = text.find("{{")) {
    const auto close = text.find("}}", open);
    if (close == std::string_view::npos) break;
    out += text.substr(0, open);
    out += 'x';
    text.remove_prefix(close + 2);
  }
  return out += text;
}

std::optional<model::Matcher> parse(const Report& report, const Node& node, std::string_view text,
                                    std::string_view what) {
  auto matcher = model::Matcher::parse(text);
  if (matcher) return std::move(*matcher);
  report.error(node.offset, fmt::format("{}: {}", what, matcher.error().message));
  return std::nullopt;
}

// Whether a release whose group has these matchers may carry a value that `wanted` matches; true where that takes more
// than looking at the values that are written out.
bool may_be_of_group(const model::Matcher& wanted, const std::vector<model::Matcher>& group) {
  return std::ranges::all_of(group, [&](const model::Matcher& given) {
    if (given.name() != wanted.name()) return true;
    if (given.op() == model::MatchOp::equal) return wanted.matches({{wanted.name(), given.value()}});
    return wanted.op() != model::MatchOp::equal || given.matches({{wanted.name(), wanted.value()}});
  });
}

}  // namespace

void warn_of_other_releases(const Report& report, const Node& alerts, const std::vector<model::Matcher>& group) {
  for (const auto& node : alerts.children) {
    if (node.kind != NodeKind::scalar || node.text.find("{{") != std::string::npos) continue;
    const auto matcher = model::Matcher::parse(node.text);
    if (!matcher || (matcher->name() != "service" && matcher->name() != "environment")) continue;
    if (!may_be_of_group(*matcher, group))
      report.remark(node.offset,
                    {model::Finding::alerts_of_others,
                     fmt::format("no release of this group has {}; alerts that carry it count all the same",
                                 matcher->to_string())});
  }
}

std::vector<model::Matcher> read_matchers(const ObjectReader& object, std::string_view key) {
  std::vector<model::Matcher> out;
  const auto what = fmt::format("a matcher of `{}`", key);
  for (const auto* node : object.list(key)) {
    const auto text = read_text(object.report(), *node, what);
    if (!text) continue;
    if (const auto field = text->find("{{"); field != std::string::npos) {
      object.report().error(
          offset_in(object.report().source(), *node, field),
          fmt::format("{} chooses releases, so it cannot hold a field of one; write the value", what));
      continue;
    }
    if (auto matcher = parse(object.report(), *node, *text, what)) out.push_back(std::move(*matcher));
  }
  return out;
}

std::vector<promql::TextTemplate> read_matcher_templates(const ObjectReader& object, std::string_view key) {
  std::vector<promql::TextTemplate> out;
  const auto what = fmt::format("a matcher of `{}`", key);
  for (const auto* node : object.list(key)) {
    auto text = read_template(object.report(), *node, what, promql::TemplateKind::matcher);
    if (text && parse(object.report(), *node, with_fields_filled(node->text), what)) out.push_back(std::move(*text));
  }
  return out;
}

std::optional<promql::TextTemplate> read_template(const Report& report, const Node& node, std::string_view what,
                                                  promql::TemplateKind kind) {
  const auto text = read_text(report, node, what);
  if (!text) return std::nullopt;
  auto parsed = promql::TextTemplate::parse(*text, kind);
  if (parsed) return std::move(*parsed);
  report.error(offset_in(report.source(), node, parsed.error().offset),
               fmt::format("{}: {}", what, parsed.error().message));
  return std::nullopt;
}

std::optional<promql::TextTemplate> read_promql(const ObjectReader& object, std::string_view key) {
  const auto* node = object.find(key);
  if (node == nullptr) return std::nullopt;
  const auto& report = object.report();
  auto text = read_template(report, *node, fmt::format("`{}`", key), promql::TemplateKind::promql);
  const auto fault = text ? promql::unbalanced(node->text) : std::nullopt;
  if (!fault) return text;
  report.remark(offset_in(report.source(), *node, fault->offset),
                {model::Finding::unbalanced, fmt::format("`{}`: {}", key, fault->message), fault->fix});
  return std::nullopt;
}

}  // namespace guard::config
