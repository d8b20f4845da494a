// SPDX-License-Identifier: Apache-2.0
//
// Whatever a release calls itself, its name stays inside the string it was written into and means itself there.
#include "guard/base/text.hpp"
#include "guard/model/matcher.hpp"
#include "guard/promql/text_template.hpp"
#include "tests/support/builders.hpp"

#include <re2/re2.h>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace guard::promql {
namespace {

using core::shop;
using namespace std::chrono_literals;

std::string encoded(std::uint32_t code) {
  std::string out;
  const auto add = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xC0U | code >> 6U), add(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    add(0xE0U | code >> 12U), add(0x80U | (code >> 6U & 0x3FU)), add(0x80U | (code & 0x3FU));
  } else {
    add(0xF0U | code >> 18U), add(0x80U | (code >> 12U & 0x3FU));
    add(0x80U | (code >> 6U & 0x3FU)), add(0x80U | (code & 0x3FU));
  }
  return out;
}

// Arbitrary UTF-8, rich in what has a meaning in strings, templates and regular expressions.
rc::Gen<std::string> names() {
  const auto letter = rc::gen::weightedOneOf<std::uint32_t>(
      {{4, rc::gen::elementOf(std::vector<std::uint32_t>{'"', '\'', '`', '\\', '\n', '{', '}', '.', '*', '|', '(', ')',
                                                         '[', '^',  '$', 'n',  'x',  '0', '#', '~', '=', 0,   0x7F})},
       {2, rc::gen::inRange<std::uint32_t>(0, 0x80)},
       {1, rc::gen::inRange<std::uint32_t>(0x80, 0xD800)},
       {1, rc::gen::inRange<std::uint32_t>(0xE000, 0x110000)}});
  return rc::gen::map(rc::gen::container<std::vector<std::uint32_t>>(letter), [](const auto& codes) {
    std::string out;
    for (const auto code : codes) out += encoded(code);
    return out;
  });
}

// The value of the PromQL string literal that is the whole of `text`, or nothing if it ends early or not at all.
std::optional<std::string> decoded(std::string_view text) {
  const char quote = text.front();
  text.remove_prefix(1);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == quote) return i + 1 == text.size() ? std::optional(out) : std::nullopt;
    if (text[i] == '\n' && quote != '`') return std::nullopt;
    if (text[i] != '\\' || quote == '`') {
      out += text[i];
      continue;
    }
    const char escape = text[++i];
    if (escape == 'x') {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else if (escape == 'n') {
      out += '\n';
    } else if (escape == '\\' || escape == quote) {
      out += escape;
    } else {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

Result<std::string> rendered(const std::string& text, TemplateKind kind, const std::string& name) {
  auto subject = shop();
  subject.version = name;
  return TextTemplate::parse(text, kind)->render(subject);
}

RC_GTEST_PROP(EscapingProperty, APromqlStringDecodesBackToTheValue, ()) {
  const auto name = *names();
  const std::string quote(1, *rc::gen::element('"', '\'', '`'));
  const auto text = rendered("x=" + quote + "{{ version }}" + quote, TemplateKind::promql, name);
  if (quote == "`" && name.find('`') != std::string::npos) {
    RC_ASSERT(!text.has_value());
    return;
  }
  RC_ASSERT(decoded(std::string_view(*text).substr(2)) == name);
}

RC_GTEST_PROP(EscapingProperty, APromqlRegularExpressionMatchesTheValueAndNothingElse, ()) {
  const auto name = *names();
  const auto other = *names();
  const std::string quote(1, *rc::gen::element('"', '\'', '`'));
  const auto text = rendered("x=~" + quote + "{{ version }}" + quote, TemplateKind::promql, name);
  RC_PRE(text.has_value());
  const auto pattern = decoded(std::string_view(*text).substr(3));
  RC_ASSERT(pattern.has_value());
  const re2::RE2 regex("^(?:" + *pattern + ")$");
  RC_ASSERT(regex.ok());
  RC_ASSERT(re2::RE2::FullMatch(name, regex));
  RC_ASSERT(re2::RE2::FullMatch(other, regex) == (other == name));
}

RC_GTEST_PROP(EscapingProperty, AMatcherMatchesTheValueAndNothingElse, ()) {
  const auto name = *names();
  const auto other = *names();
  const auto* text = *rc::gen::element("x=\"{{ version }}\"", "x=~\"{{ version }}\"");
  const auto matcher = model::Matcher::parse(*rendered(text, TemplateKind::matcher, name));
  RC_ASSERT(matcher.has_value());
  RC_ASSERT(matcher->matches({{"x", name}}));
  RC_ASSERT(matcher->matches({{"x", other}}) == (other == name));
}

RC_GTEST_PROP(EscapingProperty, AnArgumentIsTheValueOrNothing, ()) {
  const auto name = *names();
  const auto text = rendered("{{ version }}", TemplateKind::argument, name);
  if (text) RC_ASSERT(*text == name && !name.empty() && name.front() != '-');
}

RC_GTEST_PROP(EscapingProperty, AnyTextIsReadOrRefusedButNeverRenderedWrong, ()) {
  const auto text = *names();
  for (const auto kind : {TemplateKind::promql, TemplateKind::matcher, TemplateKind::argument, TemplateKind::text}) {
    const auto parsed = TextTemplate::parse(text, kind);
    if (!parsed) RC_ASSERT(parsed.error().offset < text.size());
    if (parsed && text.find("{{") == std::string::npos) RC_ASSERT(*parsed->render(shop()) == text);
  }
}

}  // namespace
}  // namespace guard::promql
