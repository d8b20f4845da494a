// SPDX-License-Identifier: Apache-2.0
#include "guard/config/evidence_parser.hpp"

#include "guard/base/text.hpp"
#include "guard/config/quantity.hpp"

#include <fmt/format.h>

namespace guard::config {
namespace {

constexpr double least_confidence = 0.9;
constexpr double most_confidence = 0.999999;
constexpr int most_events = 1'000'000'000;

}  // namespace

Result<double> parse_confidence(const std::string& text) {
  const auto quantity = parse_quantity(trim(text));
  const bool plain = quantity && (quantity->unit == model::Unit::ratio || quantity->unit == model::Unit::number);
  if (plain && quantity->value >= least_confidence && quantity->value <= most_confidence) return quantity->value;
  return fail(ErrorCode::invalid,
              fmt::format("`confidence` must be a percentage from 90% to 99.9999%, not \"{}\"", shorten(text, 60)));
}

std::optional<double> read_confidence(const ObjectReader& object) {
  const auto text = object.text("confidence");
  if (!text) return std::nullopt;
  const auto parsed = parse_confidence(*text);
  if (parsed) return *parsed;
  object.error("confidence", parsed.error().message);
  return std::nullopt;
}

std::optional<int> read_min_events(const ObjectReader& object) {
  return object.integer("min_events", 0, most_events);
}

std::optional<model::MissingPolicy> read_on_too_few(const ObjectReader& object) {
  const auto policy = object.choice<model::MissingPolicy>("on_too_few");
  if (policy == model::MissingPolicy::breach)
    object.error("on_too_few", "too few events are no breach; write `hold` or `ignore`");
  return policy;
}

}  // namespace guard::config
