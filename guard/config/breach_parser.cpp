// SPDX-License-Identifier: Apache-2.0
#include "guard/config/breach_parser.hpp"

#include "guard/base/text.hpp"

#include <charconv>

#include <fmt/format.h>

namespace guard::config {
namespace {

constexpr int most_counted = 100;

std::optional<model::BreachPolicy> parse_count(std::string_view text) {
  model::BreachPolicy policy;
  const auto* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, policy.count);
  constexpr std::string_view of = " of ";
  const std::string_view rest(first.ptr, static_cast<std::size_t>(end - first.ptr));
  if (first.ec != std::errc{} || !rest.starts_with(of)) return std::nullopt;
  const auto second = std::from_chars(rest.data() + of.size(), end, policy.of);
  if (second.ec != std::errc{} || second.ptr != end) return std::nullopt;
  return policy.count >= 1 && policy.count <= policy.of && policy.of <= most_counted ? std::optional(policy)
                                                                                     : std::nullopt;
}

}  // namespace

std::optional<model::BreachPolicy> read_breach(const ObjectReader& object) {
  const auto sustained = object.duration("for");
  const auto counted = object.text("breaches");
  if (object.find("for") != nullptr && counted) {
    object.error("breaches", "`for` and `breaches` exclude each other; keep one of them");
  } else if (counted) {
    if (const auto policy = parse_count(trim(*counted))) return policy;
    object.error("breaches", fmt::format("`breaches` must be N of M with 1 <= N <= M <= {}, for example 3 of 5, not "
                                         "\"{}\"",
                                         most_counted, shorten(*counted, 60)));
  } else if (sustained) {
    return model::BreachPolicy{*sustained, 0, 0};
  }
  return std::nullopt;
}

}  // namespace guard::config
