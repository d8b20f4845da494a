// SPDX-License-Identifier: Apache-2.0
#include "guard/trial/given.hpp"

#include <algorithm>

namespace guard::trial {
namespace {

using core::Question;

bool is_alert(const Series& series) {
  return series.labels.at("__name__") == "ALERTS";
}

// What stands at `at`: the slot that has begun last. Nothing before the first, after the last, and where it is stale.
std::optional<double> standing(const Slots& slots, Duration interval, WallTime at) {
  const auto index = (at - time_zero) / interval;
  if (at < time_zero || index >= static_cast<Duration::rep>(slots.size())) return std::nullopt;
  const auto& slot = slots[static_cast<std::size_t>(index)];
  return slot && is_stale(*slot) ? std::nullopt : slot;
}

void add(std::vector<model::Sample>& samples, std::optional<double> value, WallTime at) {
  if (value) samples.push_back({{}, *value, at});
}

// One value at the moment that is asked for, or one for each step of the range.
std::vector<model::Sample> values_for(const Question& question, const Slots& slots, Duration interval) {
  std::vector<model::Sample> out;
  if (question.step == Duration{0}) add(out, standing(slots, interval, question.at), question.at);
  for (auto at = question.from; question.step > Duration{0} && at <= question.at; at += question.step)
    add(out, standing(slots, interval, at), at);
  return out;
}

}  // namespace

std::optional<model::Samples> known_answer(const Test& test, const Question& question) {
  using Use = Question::Use;
  const auto given = test.given.find(question.rule);
  if (given == test.given.end()) return std::nullopt;
  // A condition holds whenever it is asked, and nothing is known of ages and of histograms.
  const bool is_condition = question.use == Use::condition || question.use == Use::past_condition;
  if (core::is_age(question) || question.use == Use::bounds) return std::vector<model::Sample>{};
  if (!is_condition) return values_for(question, given->second, test.interval);
  const Slots always(given->second.size(), 1);
  return values_for(question, always, test.interval);
}

std::vector<model::Labels> firing_alerts(const Test& test, WallTime at) {
  std::vector<model::Labels> out;
  for (const auto& series : test.series) {
    if (!is_alert(series) || !standing(series.slots, test.interval, at)) continue;
    auto labels = series.labels;
    const auto state = labels.extract("alertstate");
    labels.erase("__name__");
    if (!state.empty() && state.mapped() == "firing") out.push_back(std::move(labels));
  }
  return out;
}

bool needs_server(const Test& test) {
  return !std::ranges::all_of(test.series, is_alert);
}

}  // namespace guard::trial
