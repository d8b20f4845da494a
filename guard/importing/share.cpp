// SPDX-License-Identifier: Apache-2.0
#include "guard/importing/share.hpp"

#include "guard/base/text.hpp"
#include "guard/promql/lint.hpp"
#include "guard/promql/metric_name.hpp"
#include "guard/promql/selectors.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace guard::importing {
namespace {

using promql::Expression;

constexpr auto templated = promql::Syntax::promql_template;

// A quotient with what is added to it and what it is multiplied by.
struct Quotient {
  const Expression* part = nullptr;
  const Expression* total = nullptr;  // nullptr: nothing is divided yet
  double offset = 0;
  double scale = 1;
};

std::optional<Quotient> quotient(const Expression& value);

std::optional<Quotient> moved(const Expression& value, const Quotient& inner, double number, bool number_first) {
  auto out = inner;
  if (value.operation == "+") {
    out.offset += number;
  } else if (value.operation == "-") {
    const double sign = number_first ? -1 : 1;
    out.scale *= sign;
    out.offset = number_first ? number - inner.offset : inner.offset - number;
  } else if (value.operation == "*" || (value.operation == "/" && !number_first)) {
    const double factor = value.operation == "*" ? number : 1 / number;
    out.scale *= factor;
    out.offset *= factor;
  } else {
    return std::nullopt;
  }
  return out;
}

std::optional<Quotient> quotient(const Expression& value) {
  if (value.operands.size() != 2 || value.compares()) return Quotient{&value, nullptr, 0, 1};
  const auto& [first, second] = std::pair<const Expression&, const Expression&>{value.operands[0], value.operands[1]};
  if (first.number || second.number) {
    const auto inner = quotient(first.number ? second : first);
    return inner ? moved(value, *inner, first.number ? *first.number : *second.number, first.number.has_value())
                 : std::nullopt;
  }
  if (value.operation != "/" || !value.matching.empty()) return Quotient{&value, nullptr, 0, 1};
  const auto part = quotient(first);
  const auto total = quotient(second);
  if (!part || !total || part->total != nullptr || total->total != nullptr) return std::nullopt;
  if (part->offset != 0 || total->offset != 0 || total->scale == 0) return std::nullopt;
  return Quotient{part->part, total->part, 0, part->scale / total->scale};
}

// sum(rate(x[5m])), taken apart.
struct SummedRate {
  std::string_view selector;
  std::string_view range;
  std::string_view function;
  std::vector<std::string_view> labels;
};

bool tells_releases_apart(std::string_view label) {
  return label == "service" || label == "environment";
}

// The one selector that `text` is, with its modifiers; nothing where more stands around it.
std::optional<promql::Selector> only_selector(std::string_view text) {
  auto selectors = promql::read_selectors(text, templated);
  const bool one = selectors.found.size() == 1 && !selectors.defines_names && selectors.found[0].begin == 0 &&
                   trim(text).starts_with(selectors.found[0].text);
  return one ? std::optional(std::move(selectors.found[0])) : std::nullopt;
}

std::optional<SummedRate> summed_rate(std::string_view text) {
  const auto sum = promql::whole_call(text, templated);
  if (!sum || sum->name != "sum" || sum->without || !std::ranges::all_of(sum->labels, tells_releases_apart))
    return std::nullopt;
  const auto rate = promql::whole_call(sum->inside, templated);
  if (!rate || (rate->name != "rate" && rate->name != "increase")) return std::nullopt;
  const auto selector = only_selector(rate->inside);
  if (!selector || selector->modifiers.size() != 1 || selector->modifiers[0].kind != promql::ModifierKind::range)
    return std::nullopt;
  return SummedRate{selector->text, selector->modifiers[0].text, rate->name, sum->labels};
}

// On one line, whatever it was written on.
std::string on_one_line(std::string_view selector) {
  return selector.contains('\n') ? promql::with_matchers(selector, {}, templated) : std::string(selector);
}

// What a matcher says, however it is spaced.
std::string normal(std::string_view matcher) {
  std::string out;
  for (const auto& token : promql::lex_code(matcher, templated)) out += token.text;
  return out;
}

std::vector<std::string> matchers(std::string_view selector) {
  std::vector<std::string> out;
  for (const auto matcher : promql::matchers_of(selector, templated)) out.push_back(normal(matcher));
  return out;
}

// Of a bucket of a histogram and its count, the bucket is a part.
bool same_events(std::string_view part, std::string_view total) {
  if (part == total) return true;
  constexpr std::string_view bucket = "_bucket";
  constexpr std::string_view count = "_count";
  return part.ends_with(bucket) && total.ends_with(count) &&
         part.substr(0, part.size() - bucket.size()) == total.substr(0, total.size() - count.size());
}

// Whether each event of `part` is one of `total`.
bool is_part(std::string_view part, std::string_view total) {
  if (!same_events(promql::metric_name(part), promql::metric_name(total))) return false;
  const auto own = matchers(part);
  const auto all = matchers(total);
  const bool one_bucket = !promql::metric_name(part).ends_with("_bucket") ||
                          std::ranges::any_of(own, [](const auto& matcher) { return matcher.starts_with("le=\""); });
  return one_bucket && own.size() > all.size() && std::ranges::all_of(all, [&](const std::string& matcher) {
           return std::ranges::find(own, matcher) != own.end();
         });
}

}  // namespace

std::optional<ShareOfEvents> share_of_events(const Expression& value) {
  const auto found = quotient(value);
  if (!found || found->total == nullptr) return std::nullopt;
  const auto part = summed_rate(found->part->text);
  const auto total = summed_rate(found->total->text);
  if (!part || !total || part->range != total->range || part->function != total->function) return std::nullopt;
  if (part->labels != total->labels || !is_part(part->selector, total->selector)) return std::nullopt;
  return ShareOfEvents{on_one_line(part->selector), on_one_line(total->selector), found->offset, found->scale};
}

bool looks_like_share(const Expression& value) {
  const auto found = quotient(value);
  return found && found->total != nullptr && found->scale == 1 && promql::is_share_of_events(value.text);
}

std::optional<std::string> summed_selector(std::string_view query) {
  const auto tree = promql::parse_expression(query, templated);
  if (!tree || !tree->operands.empty()) return std::nullopt;
  if (const auto rate = summed_rate(tree->text)) return on_one_line(rate->selector);
  const auto sum = promql::whole_call(tree->text, templated);
  const bool plain_sum = sum && sum->name == "sum" && !sum->has_labels;
  const auto text = trim(plain_sum ? sum->inside : tree->text);
  const auto selector = only_selector(text);
  if (!selector || !selector->modifiers.empty() || selector->text != text) return std::nullopt;
  return on_one_line(selector->text);
}

std::optional<Counters> counters_of(std::string_view part, std::string_view total) {
  const auto all = summed_selector(total);
  if (!all) return std::nullopt;
  if (const auto own = summed_selector(part)) return Counters{*own, *all, false};
  const auto tree = promql::parse_expression(part, templated);
  if (!tree || tree->operation != "-" || tree->operands.size() != 2 || !tree->matching.empty()) return std::nullopt;
  const auto whole = summed_selector(tree->operands[0].text);
  const auto good = summed_selector(tree->operands[1].text);
  if (!whole || !good || promql::metric_name(*whole) != promql::metric_name(*all) || matchers(*whole) != matchers(*all))
    return std::nullopt;
  return Counters{*good, *all, true};
}

}  // namespace guard::importing
