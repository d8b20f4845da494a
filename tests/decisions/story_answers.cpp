// SPDX-License-Identifier: Apache-2.0
#include "tests/decisions/story_answers.hpp"

#include "guard/base/duration.hpp"
#include "guard/promql/freshness.hpp"
#include "tests/decisions/shop.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

namespace guard::decisions {
namespace {

using sim::Answerer;

constexpr double least_traffic = 0.2;
constexpr std::string_view risen = "sum(increase(";

// What PromQL leaves of a value that is compared: itself, or nothing.
std::optional<double> above(std::optional<double> value, double bound) {
  return value && *value > bound ? value : std::nullopt;
}

std::optional<double> mean(const std::vector<sim::Point>& samples) {
  if (samples.empty()) return std::nullopt;
  double sum = 0;
  for (const auto& sample : samples) sum += sample.value;
  return sum / static_cast<double>(samples.size());
}

double seconds_between(WallTime from, WallTime to) {
  return std::chrono::duration<double>(to - from).count();
}

std::optional<double> age_of_instant(Answerer& answerer, const std::string& selector, WallTime at) {
  std::optional<double> age;
  for (const auto& sample : answerer.instant(selector, at))
    age = std::min(age.value_or(1e9), seconds_between(sample.at, at));
  return age;
}

std::optional<double> age_of_newest(Answerer& answerer, const promql::PlainSelector& selector, WallTime at) {
  const auto range = parse_duration(selector.range);
  const auto newest = answerer.newest(selector.text, range ? *range : Duration{0}, at);
  return newest ? std::optional(seconds_between(*newest, at)) : std::nullopt;
}

}  // namespace

namespace expressions {

std::string failing() {
  return fmt::format("(sum(rate({}[5m])) or vector(0)) / sum(rate({}[5m]))", failed_requests, all_requests);
}
std::string slowest() {
  return fmt::format("histogram_quantile(0.95, sum by (le) (rate({}[5m])))", request_times);
}
std::string up() {
  return fmt::format("avg({})", instances);
}
std::string traffic() {
  return fmt::format("sum(rate({}[5m]))", all_requests);
}
std::string enough_traffic() {
  return fmt::format("{} > {}", traffic(), least_traffic);
}
std::string enough_before() {
  return fmt::format("sum(rate({}[5m] offset 1h)) > {}", all_requests, least_traffic);
}

}  // namespace expressions

StoryAnswers::StoryAnswers(const sim::Story& story, const model::RuleGroup& group) : answerer_(story) {
  const auto rate = [](Answerer& a, WallTime at) { return a.sum_rate(all_requests, 5min, at); };
  known_ = {
      {expressions::failing(), [](Answerer& a, WallTime at) { return failing_share(a, 5min, at); }},
      {expressions::slowest(), [](Answerer& a, WallTime at) { return a.quantile(0.95, request_times, 5min, at); }},
      {expressions::up(), [](Answerer& a, WallTime at) { return mean(a.instant(instances, at)); }},
      {expressions::traffic(), rate},
      {expressions::enough_traffic(), [=](Answerer& a, WallTime at) { return above(rate(a, at), least_traffic); }},
      {expressions::enough_before(),
       [=](Answerer& a, WallTime at) { return above(rate(a, at - Duration(1h)), least_traffic); }}};
  promql::Subject shop;
  shop.service = "shop";
  for (const auto& rule : group.rules)
    if (rule.kind == model::RuleKind::expr) learn_ages(*rule.expr->render(shop));
}

void StoryAnswers::learn_ages(const std::string& expr) {
  const auto all = promql::read_selectors(expr, promql::Syntax::promql);
  const auto selectors = promql::plain_selectors(all);
  const auto ages = promql::age_queries(all);
  for (std::size_t i = 0; i < ages.now.size(); ++i)
    known_[ages.now[i]] = [text = selectors[i].text](Answerer& a, WallTime at) { return age_of_instant(a, text, at); };
  for (const auto& [index, query] : ages.ended)
    known_[query] = [selector = selectors[index]](Answerer& a, WallTime at) { return age_of_newest(a, selector, at); };
}

// `count by (le) (buckets)`, by which the guard finds out which bounds there are.
std::vector<model::Sample> StoryAnswers::bounds(WallTime at) {
  std::set<model::Labels> series;
  for (auto& sample : answerer_.samples(request_times, 5min, at)) series.insert(std::move(sample.labels));
  std::map<std::string, double> counts;
  for (const auto& labels : series) counts[labels.at("le")] += 1;
  std::vector<model::Sample> out;
  for (const auto& [le, count] : counts) out.push_back({{{"le", le}}, count, at});
  return out;
}

// `sum(increase(selector[range]))`, which is how a control is read.
std::optional<double> StoryAnswers::sum_increase(std::string_view expr, WallTime at) {
  expr.remove_prefix(risen.size());
  const auto bracket = expr.rfind('[');
  const auto range = parse_duration(expr.substr(bracket + 1, expr.rfind(']') - bracket - 1));
  if (!range) throw std::invalid_argument(fmt::format("no range that the stories can answer: {}", expr));
  const auto rate = answerer_.sum_rate(std::string(expr.substr(0, bracket)), *range, at);
  return rate ? std::optional(*rate * std::chrono::duration<double>(*range).count()) : std::nullopt;
}

std::vector<model::Sample> StoryAnswers::instant(const std::string& expr, WallTime at) {
  if (expr == fmt::format("count by (le) ({})", request_times)) return bounds(at);
  if (expr.starts_with(risen)) {
    const auto sum = sum_increase(expr, at);
    return sum ? std::vector{model::Sample{{}, *sum, at}} : std::vector<model::Sample>{};
  }
  const auto known = known_.find(expr);
  if (known == known_.end()) throw std::invalid_argument("the stories can't answer: " + expr);
  const auto value = known->second(answerer_, at);
  return value ? std::vector{model::Sample{{}, *value, at}} : std::vector<model::Sample>{};
}

// Of `selector[range]`.
model::Samples StoryAnswers::query_raw(const metrics::InstantQuery& query) {
  const auto& expr = query.expr;
  const auto bracket = expr.rfind('[');
  const auto range = parse_duration(expr.substr(bracket + 1, expr.size() - bracket - 2));
  if (!range) throw std::invalid_argument("no range that the stories can answer: " + expr);
  return answerer_.samples(expr.substr(0, bracket), *range, query.at);
}

model::Samples StoryAnswers::query_range(const metrics::RangeQuery& query) {
  std::vector<model::Sample> points;
  for (auto at = query.from; at <= query.to; at += query.step)
    std::ranges::move(instant(query.expr, at), std::back_inserter(points));
  return points;
}

}  // namespace guard::decisions
