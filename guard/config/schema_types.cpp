// SPDX-License-Identifier: Apache-2.0
#include "guard/config/schema_types.hpp"

#include <map>
#include <string>

#include <fmt/format.h>

namespace guard::config {
namespace {

const std::string number = R"(([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?)";

// What YAML may take such a value for where it stands without quotes.
const json::array only_text{"string"};
const json::array text_or_number{"string", "number"};
const json::array any_scalar{"string", "number", "boolean"};

json::object text_like(const json::array& kinds, std::string_view pattern) {
  return {{"type", kinds.size() == 1 ? kinds[0] : json::value(kinds)}, {"pattern", pattern}};
}

// A text with a form of its own. Editors show `patternErrorMessage` instead of the pattern.
json::object formed(std::string_view name, const json::array& kinds, std::string_view pattern,
                    const json::array& examples) {
  auto out = text_like(kinds, pattern);
  out["patternErrorMessage"] =
      fmt::format("this is no {}; write for example {}", name, std::string_view(examples[0].as_string()));
  out["examples"] = examples;
  return out;
}

json::object list(json::object item, int least = 1) {
  return {{"type", "array"}, {"minItems", least}, {"items", std::move(item)}};
}

const json::object text = text_like(any_scalar, R"(\S)");

json::object duration() {
  auto out =
      formed("duration", {"string", "integer"},
             "^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$", {"30s", "5m", "1h30m"});
  out["minLength"] = 1;
  out["minimum"] = 0;  // 0 needs no unit
  out["maximum"] = 0;
  return out;
}

json::object objective() {
  const auto bound = R"((<=?|>=?|==|!=)\s*-?)" + number + R"(\s*(%|ms|s|m|h|KiB|MiB|GiB)?(\s*of\s+baseline)?)";
  return formed("objective", only_text, fmt::format(R"(^\s*(none firing|succeeded|{})\s*$)", bound),
                {"< 1%", "< 500ms", ">= 50% of baseline", "none firing", "succeeded"});
}

json::object whole_number() {
  return {{"type", {"integer", "string"}}, {"minimum", 0}, {"pattern", "^[0-9]+$"}};
}

json::object matcher() {
  return formed("matcher", only_text, R"(^\s*[A-Za-z_][A-Za-z0-9_]*\s*(=~|!~|!=|=))",
                {"service=\"shop\"", "environment=~\"production|staging\""});
}

json::object url() {
  return formed("URL", only_text, R"(^https?://[^\s/?#@]+([/?][^\s#]*)?$)", {"http://127.0.0.1:9090"});
}

json::object time() {
  return formed("RFC 3339 time", only_text,
                R"(^[0-9]{4}(-[0-9]{2}){2}[Tt][0-9]{2}(:[0-9]{2}){2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})$)",
                {"2026-01-31T12:00:00Z"});
}

json::object week_part() {
  const auto moment = R"((mon|tue|wed|thu|fri|sat|sun)\s+([01][0-9]|2[0-3]):[0-5][0-9])";
  return formed("part of a week", only_text, fmt::format(R"(^\s*{0}\s*-\s*{0}\s*$)", moment),
                {"fri 16:00 - mon 08:00"});
}

json::object time_zone() {
  return formed("time zone", only_text, "^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$", {"Europe/Berlin"});
}

using Types = std::map<std::string_view, json::object>;

Types texts() {
  return {{"text", text},
          {"path", text},
          {"regular expression", text},
          {"PromQL", text},
          {"selector", text},
          {"series", text},
          {"values", text},
          {"name", text_like(any_scalar, "^[A-Za-z_][A-Za-z0-9_]{0,63}$")},
          {"signal name", text_like(any_scalar, "^[a-z0-9_-]{1,64}$")},
          {"receiver name", text_like(any_scalar, "^[A-Za-z0-9_.-]{1,64}$")},
          {"hook name", text_like(any_scalar, "^[A-Za-z0-9_.-]{1,64}$")}};
}

Types values() {
  return {{"duration", duration()},
          {"objective", objective()},
          {"`N of M`", formed("`N of M`", only_text, R"(^\s*[0-9]+ of [0-9]+\s*$)", {"3 of 5"})},
          {"percentage", formed("percentage", text_or_number, fmt::format(R"(^\s*{}\s*%?\s*$)", number), {"99.9%"})},
          {"quantity", formed("quantity", text_or_number,
                              fmt::format(R"(^\s*-?{}\s*(%|ms|s|m|h|KiB|MiB|GiB)?\s*$)", number), {"1.5%", "350ms"})},
          {"size", formed("size", text_or_number, fmt::format(R"(^\s*{}\s*(KiB|MiB|GiB)?\s*$)", number), {"64KiB"})},
          {"number", whole_number()},
          {"true or false", text_like({"boolean", "string"}, "^(true|false)$")},
          {"time", time()},
          {"part of a week", week_part()},
          {"time zone", time_zone()},
          {"URL", url()}};
}

Types lists() {
  return {{"list of matchers", list(matcher())},
          {"list of globs", list(text)},
          {"list of paths", list(text)},
          {"list of URLs", list(url())},
          {"list of addresses", list(text_like(any_scalar, "^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$"), 0)},
          {"list of texts", list({{"type", any_scalar}})},  // an argument may be empty
          {"list of names", list(text_like(any_scalar, "^[A-Za-z_][A-Za-z0-9_]*$"), 0)},
          {"texts by name", {{"type", "object"}, {"additionalProperties", text}}}};
}

}  // namespace

const json::object* find_type(std::string_view name) {
  static const auto all = [] {
    auto types = texts();
    types.merge(values());
    types.merge(lists());
    return types;
  }();
  const auto found = all.find(name);
  return found == all.end() ? nullptr : &found->second;
}

}  // namespace guard::config
