// SPDX-License-Identifier: Apache-2.0
#include "guard/core/serving.hpp"

#include "guard/core/evaluation.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::core {
namespace {

model::Serving not_yet(bool denied, std::string detail) {
  return {std::nullopt, std::nullopt, denied, std::move(detail)};
}

}  // namespace

model::Serving read_serving(const Watch& watch, const Answers& answers) {
  const auto& asked = answers.asked;
  if (const auto no = asked.refused.find(Question::of_group); no != asked.refused.end())
    return not_yet(false, no->second);
  if (!answers.serves) return watch.serving;
  if (!*answers.serves) return not_yet(false, answers.serves->error().message);
  const auto series = own(**answers.serves, asked.subject);
  if (std::ranges::any_of(series, [](const Sample& sample) { return sample.value > 0; }))
    return {watch.clock.age(asked.at), asked.at.wall, false, std::nullopt};
  if (series.empty()) return not_yet(true, nothing_of_release(**answers.serves));
  return not_yet(true, fmt::format("the query returned {}, which is not above 0", series.front().value));
}

std::string not_serving_words(const Watch& watch, Instant now) {
  const auto version = watch.subject(now).version;
  const auto& told = watch.serving;
  if (!told.detail) return fmt::format("nobody can tell yet whether version {} serves", version);
  if (told.denied) return fmt::format("version {} was not seen to serve: {}", version, *told.detail);
  return fmt::format("nobody can tell whether version {} serves: {}", version, *told.detail);
}

bool is_serving_overdue(const Watch& watch, Instant now) {
  if (!watch.awaits_serving() || watch.paused) return false;
  const auto began = watch.phase == Phase::verifying ? watch.phase_began : Duration{0};
  return watch.clock.age(now) - began >= watch.group->serves_within;
}

}  // namespace guard::core
