// SPDX-License-Identifier: Apache-2.0
#include "guard/core/answers.hpp"

#include <algorithm>

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

StretchAnswer& before(RuleAnswers& answers) {
  return answers.before ? *answers.before : answers.before.emplace();
}

ShareAnswer& share_before(RuleAnswers& answers) {
  return answers.share_before ? *answers.share_before : answers.share_before.emplace();
}

CountAnswer& count_before(RuleAnswers& answers) {
  return answers.count_before ? *answers.count_before : answers.count_before.emplace();
}

MissedAnswer& missed(RuleAnswers& answers) {
  return answers.missed ? *answers.missed : answers.missed.emplace();
}

bool is_of_release(const Answered& told, const Subject& subject) {
  return told.samples &&
         std::ranges::any_of(*told.samples, [&](const Sample& sample) { return belongs_to(sample.labels, subject); });
}

bool has_baseline(const Answered& told, Question::Use use, Subject subject) {
  subject.version.clear();  // as for any baseline
  return told.question.use == use && is_of_release(told, subject);
}

}  // namespace

bool is_needless(const Question& question, const std::vector<Answered>& told, const Subject& subject) {
  if (is_missed(question)) return !told.empty() && !told.front().samples;
  if (question.use == Question::Use::count_baseline || question.use == Question::Use::count_baseline_before)
    return std::ranges::any_of(told,
                               [&](const Answered& answered) { return has_baseline(answered, question.use, subject); });
  return question.use == Question::Use::ended_age &&
         std::ranges::any_of(told, [&](const Answered& answered) { return is_of_release(answered, subject); });
}

void Answers::keep(const Question& question, Samples samples) {
  using Use = Question::Use;
  if (question.use == Use::serves) {
    serves = std::move(samples);
    return;
  }
  auto& mine = rules[question.rule];
  switch (question.use) {
    case Use::serves:
      break;
    case Use::value:
      mine.now.value = std::move(samples);
      break;
    case Use::total:
      mine.share.total = std::move(samples);
      break;
    case Use::part:
      mine.share.part = std::move(samples);
      break;
    case Use::total_before:
      share_before(mine).total = std::move(samples);
      break;
    case Use::part_before:
      share_before(mine).part = std::move(samples);
      break;
    case Use::control_total:
      mine.control.total = std::move(samples);
      break;
    case Use::control_part:
      mine.control.part = std::move(samples);
      break;
    case Use::control_total_before:
      mine.control.total_before = std::move(samples);
      break;
    case Use::control_part_before:
      mine.control.part_before = std::move(samples);
      break;
    case Use::count:
      mine.count.events = std::move(samples);
      break;
    case Use::count_baseline:
      mine.count.baselines.emplace(question.selector, std::move(samples));
      break;
    case Use::count_before:
      count_before(mine).events = std::move(samples);
      break;
    case Use::count_baseline_before:
      count_before(mine).baselines.emplace(question.selector, std::move(samples));
      break;
    case Use::condition:
      mine.now.condition = std::move(samples);
      break;
    case Use::bounds:
      join_bounds(mine.bounds, std::move(samples));
      break;
    case Use::sample_age:
    case Use::ended_age:
      join(mine.now.sample_age, std::move(samples), question.selector);
      break;
    case Use::baseline_offset:
      mine.baselines.emplace(question.selector, std::move(samples));
      break;
    case Use::baseline_over:
      mine.baseline = std::move(samples);
      break;
    case Use::past:
      before(mine).points = std::move(samples);
      break;
    case Use::past_condition:
      before(mine).condition = std::move(samples);
      break;
    case Use::missed:
      missed(mine).points = std::move(samples);
      break;
    case Use::missed_condition:
      missed(mine).condition = std::move(samples);
      break;
    case Use::missed_age:
      join(missed(mine).ages, std::move(samples), question.selector);
      break;
    case Use::missed_baseline:
      missed(mine).baselines.emplace(question.selector, std::move(samples));
      break;
  }
}

}  // namespace guard::core
