// SPDX-License-Identifier: Apache-2.0
#include "guard/core/answers.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace guard::core {
namespace {

// One that failed leaves the age of the whole unknown.
void join(std::optional<Samples>& all, Samples ages, std::size_t selector) {
  if (!all) all.emplace();
  if (!*all) return;
  if (!ages) {
    all = std::move(ages);
    return;
  }
  for (auto& sample : *ages) {
    auto labels = sample.labels.all();
    labels["selector"] = fmt::to_string(selector);
    sample.labels = std::move(labels);
    (*all)->push_back(std::move(sample));
  }
}

// Of several histograms all bounds count; while one is not known, none is.
void join_bounds(std::optional<Samples>& all, Samples more) {
  if (all && !*all) return;
  if (all && more)
    (*all)->insert((*all)->end(), more->begin(), more->end());
  else
    all.emplace(std::move(more));
}

using Use = Question::Use;

void put(Samples& to, const Question& /*question*/, Samples samples) {
  to = std::move(samples);
}

void put(std::optional<Samples>& to, const Question& /*question*/, Samples samples) {
  to = std::move(samples);
}

void put(OffsetAnswers& to, const Question& question, Samples samples) {
  to.emplace(question.selector, std::move(samples));
}

template <class Part>
Part& there(Part& part) {
  return part;
}

template <class Part>
Part& there(std::optional<Part>& part) {
  return part ? *part : part.emplace();
}

// To a member of what the rule was told, or to one of a part of it.
template <auto member>
void to(RuleAnswers& mine, const Question& question, Samples samples) {
  put(mine.*member, question, std::move(samples));
}

template <auto part, auto member>
void to_part(RuleAnswers& mine, const Question& question, Samples samples) {
  put(there(mine.*part).*member, question, std::move(samples));
}

void to_bounds(RuleAnswers& mine, const Question& /*question*/, Samples samples) {
  join_bounds(mine.bounds, std::move(samples));
}

void to_ages(RuleAnswers& mine, const Question& question, Samples samples) {
  join(mine.now.sample_age, std::move(samples), question.selector);
}

void to_missed_ages(RuleAnswers& mine, const Question& question, Samples samples) {
  join(there(mine.missed).ages, std::move(samples), question.selector);
}

using R = RuleAnswers;

struct Destination {
  Use use;
  void (*put)(RuleAnswers&, const Question&, Samples);
};

// Where each answer about a rule goes, in the order of the uses.
constexpr std::array destinations{
    Destination{Use::value, to_part<&R::now, &ExprAnswer::value>},
    Destination{Use::total, to_part<&R::share, &ShareAnswer::total>},
    Destination{Use::part, to_part<&R::share, &ShareAnswer::part>},
    Destination{Use::total_before, to_part<&R::share_before, &ShareAnswer::total>},
    Destination{Use::part_before, to_part<&R::share_before, &ShareAnswer::part>},
    Destination{Use::count, to_part<&R::count, &CountAnswer::events>},
    Destination{Use::count_baseline, to_part<&R::count, &CountAnswer::baselines>},
    Destination{Use::count_before, to_part<&R::count_before, &CountAnswer::events>},
    Destination{Use::count_baseline_before, to_part<&R::count_before, &CountAnswer::baselines>},
    Destination{Use::control_total, to_part<&R::control, &ControlAnswer::total>},
    Destination{Use::control_part, to_part<&R::control, &ControlAnswer::part>},
    Destination{Use::control_total_before, to_part<&R::control, &ControlAnswer::total_before>},
    Destination{Use::control_part_before, to_part<&R::control, &ControlAnswer::part_before>},
    Destination{Use::missed, to_part<&R::missed, &MissedAnswer::points>},
    Destination{Use::missed_condition, to_part<&R::missed, &MissedAnswer::condition>},
    Destination{Use::missed_age, to_missed_ages},
    Destination{Use::missed_baseline, to_part<&R::missed, &MissedAnswer::baselines>},
    Destination{Use::condition, to_part<&R::now, &ExprAnswer::condition>},
    Destination{Use::bounds, to_bounds},
    Destination{Use::sample_age, to_ages},
    Destination{Use::ended_age, to_ages},
    Destination{Use::baseline_offset, to<&R::baselines>},
    Destination{Use::baseline_over, to<&R::baseline>},
    Destination{Use::past, to_part<&R::before, &StretchAnswer::points>},
    Destination{Use::past_condition, to_part<&R::before, &StretchAnswer::condition>},
};

// After the one that is the group's.
constexpr std::size_t row_of(Use use) {
  return static_cast<std::size_t>(use) - 1;
}

constexpr bool each_has_its_row() {
  for (std::size_t i = 0; i < destinations.size(); ++i)
    if (row_of(destinations[i].use) != i) return false;
  return destinations.size() == row_of(Use::past_condition) + 1;
}
static_assert(Use::serves == Use{0} && each_has_its_row());

bool is_of_release(const Answered& told, const Subject& subject) {
  return told.samples &&
         std::ranges::any_of(*told.samples, [&](const Sample& sample) { return belongs_to(sample.labels, subject); });
}

bool has_baseline(const Answered& told, Use use, Subject subject) {
  subject.version.clear();  // as for any baseline
  return told.question.use == use && is_of_release(told, subject);
}

}  // namespace

bool is_needless(const Question& question, const std::vector<Answered>& told, const Subject& subject) {
  if (is_missed(question)) return !told.empty() && !told.front().samples;
  if (question.use == Use::count_baseline || question.use == Use::count_baseline_before)
    return std::ranges::any_of(told,
                               [&](const Answered& answered) { return has_baseline(answered, question.use, subject); });
  return question.use == Use::ended_age &&
         std::ranges::any_of(told, [&](const Answered& answered) { return is_of_release(answered, subject); });
}

void Answers::keep(const Question& question, Samples samples) {
  if (question.use == Use::serves)
    serves = std::move(samples);
  else
    destinations.at(row_of(question.use)).put(rules[question.rule], question, std::move(samples));
}

}  // namespace guard::core
