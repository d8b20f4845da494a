// SPDX-License-Identifier: Apache-2.0
#include "guard/core/evaluation.hpp"

#include "guard/base/clock_tolerance.hpp"
#include "guard/base/duration.hpp"
#include "guard/base/time_text.hpp"
#include "guard/promql/selectors.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>
#include <numeric>
#include <set>

#include <fmt/format.h>

namespace guard::core {
namespace {

struct Unjudged {
  Outcome outcome;
  Reason reason;
  std::string detail;
};

Evaluation made(Unjudged what, Instant now) {
  return {what.outcome, what.reason, std::nullopt, std::nullopt, std::move(what.detail), now};
}

Unjudged no_data(Reason reason, std::string detail) {
  return {Outcome::no_data, reason, std::move(detail)};
}
Unjudged error(Reason reason, std::string detail) {
  return {Outcome::error, reason, std::move(detail)};
}
Unjudged error(const SourceError& source) {
  return {Outcome::error, source.reason, source.message};
}

std::string show(const Labels& labels) {
  std::string out;
  for (const auto& [name, value] : labels) out += fmt::format("{}{}=\"{}\"", out.empty() ? "" : ", ", name, value);
  return "{" + out + "}";
}

// What the selectors of `only_if` name themselves.
std::vector<Matcher> named_by_condition(const Rule& rule, const Subject& subject) {
  std::vector<Matcher> out;
  const auto condition = rule.only_if ? rule.only_if->render(subject) : Result<std::string>("");
  if (!condition) return out;
  for (const auto& selector : promql::read_selectors(*condition, promql::Syntax::promql).found)
    for (const auto text : promql::matchers_of(selector.text, promql::Syntax::promql))
      if (auto matcher = Matcher::parse(text)) out.push_back(std::move(*matcher));
  return out;
}

// The series of `only_if` that speak of this release: a label that it names itself is not compared again.
std::vector<Sample> of_condition(const Rule& rule, const Subject& subject, const std::vector<Sample>& told) {
  auto series = own(told, subject);
  if (!series.empty() || told.empty()) return series;
  const auto named = named_by_condition(rule, subject);
  std::ranges::copy_if(told, std::back_inserter(series),
                       [&](const Sample& sample) { return !foreign_label(sample.labels, subject, named); });
  return series;
}

// Why nothing can be judged because of `only_if`, or nothing.
std::optional<Unjudged> unmet_condition(const Rule& rule, const Subject& subject, const ExprAnswer& answer) {
  if (!answer.condition) return std::nullopt;
  if (!*answer.condition) return error(answer.condition->error());
  const auto series = of_condition(rule, subject, **answer.condition);
  const bool met =
      std::any_of(series.begin(), series.end(), [](const Sample& s) { return !std::isnan(s.value) && s.value != 0; });
  // A comparison filters in PromQL, so "not met" is an empty result; with `bool` it is 0.
  const bool filtered = std::any_of(series.begin(), series.end(), [](const Sample& s) { return !std::isnan(s.value); });
  if (met) return std::nullopt;
  if (series.empty() && !(*answer.condition)->empty())
    return no_data(Reason::whose_is_unclear,
                   fmt::format("only_if holds for none of this release's series, but for {}, whose labels name another "
                               "service, environment or version; name the label in only_if if they are this release's",
                               show((*answer.condition)->front().labels)));
  return no_data(Reason::low_traffic,
                 filtered ? "only_if is 0: too little to judge" : "only_if does not hold: too little to judge");
}

std::string age_text(double seconds) {
  if (!std::isfinite(seconds) || seconds > 1e9) return "of unknown age";
  return format_duration(Duration(std::llround(seconds * 1000))) + " old";
}

// For each selector that has series of this release, the age of the freshest; of any series only where no selector has
// one, as with those of a machine. What ended with another version, such as its errors, says nothing of this one.
std::map<std::string, const Sample*> freshest(const std::vector<Sample>& ages, const Subject& subject) {
  std::map<std::string, const Sample*> of_release;
  std::map<std::string, const Sample*> of_any;
  for (const auto& age : ages) {
    const auto selector = age.labels.find("selector");
    const auto name = selector == age.labels.end() ? "" : selector->second;
    const auto keep_younger = [&](auto& kept) {
      const auto [it, fresh] = kept.emplace(name, &age);
      if (!fresh && !(it->second->value <= age.value)) it->second = &age;
    };
    keep_younger(of_any);
    if (belongs_to(age.labels, subject)) keep_younger(of_release);
  }
  return of_release.empty() ? of_any : of_release;
}

// Where the guard's own question fails, its words name a query that nobody wrote.
Unjudged age_unknown(const Rule& rule, SourceError source) {
  source.message = fmt::format(
      "the guard's own question for the age of the samples failed ({}); `max_age: 0` leaves it "
      "out of {}",
      source.message, rule.slo);
  return error(source);
}

std::optional<Unjudged> stale(const Rule& rule, const Subject& subject, const ExprAnswer& answer) {
  if (!answer.sample_age || rule.max_age == Duration{0}) return std::nullopt;
  if (!*answer.sample_age) return age_unknown(rule, answer.sample_age->error());
  const double limit = std::chrono::duration<double>(rule.max_age).count();
  for (const auto& [selector, age] : freshest(**answer.sample_age, subject)) {
    // Written so that an age that is no number is too old as well.
    if (age->value <= limit) continue;
    return no_data(Reason::stale_sample, fmt::format("the newest sample is {}, max_age is {}", age_text(age->value),
                                                     format_duration(rule.max_age)));
  }
  return std::nullopt;
}

// The evaluation time less the least age; whole milliseconds, as Prometheus keeps its timestamps.
std::optional<WallTime> newest_sample(const Subject& subject, const ExprAnswer& answer) {
  if (!answer.sample_age || !*answer.sample_age || (*answer.sample_age)->empty()) return std::nullopt;
  const auto ages = freshest(**answer.sample_age, subject);
  const auto* newest = std::min_element(ages.begin(), ages.end(), [](const auto& a, const auto& b) {
                         return a.second->value < b.second->value;
                       })->second;
  if (std::isnan(newest->value) || std::abs(newest->value) > 1e9) return std::nullopt;
  return newest->at - Duration(std::llround(newest->value * 1000));
}

// Why the value is not the release's: it is of the time before it was live, or its range reaches back there.
std::optional<Unjudged> of_the_time_before(const Subject& subject, const ExprAnswer& answer) {
  if (!answer.provenance) return std::nullopt;
  const auto since = answer.provenance->since_live;
  const auto said = [since](std::string_view what, const std::string& back) {
    return no_data(Reason::before_live, fmt::format("{} {}, and the release is live for {}: nothing from before counts",
                                                    what, back, format_duration(std::max(since, Duration{0}))));
  };
  if (answer.provenance->reach > since)
    return said("the expression looks back", format_duration(answer.provenance->reach));
  if (!answer.sample_age || !*answer.sample_age) return std::nullopt;
  for (const auto& [selector, age] : freshest(**answer.sample_age, subject))
    if (std::isfinite(age->value) && age->value * 1000 > static_cast<double>(since.count()))
      return said("the newest sample is", age_text(age->value));
  return std::nullopt;
}

std::optional<Unjudged> malformed(const std::vector<Sample>& series, Instant now) {
  std::set<Labels> seen;
  for (const auto& sample : series) {
    if (!seen.insert(sample.labels).second)
      return error(Reason::wrong_type, "the answer holds two series with the labels " + show(sample.labels));
    if (sample.at > now.wall + clock_tolerance)
      return error(Reason::wrong_type, fmt::format("the answer is of {}, which lies in the future: compare the clocks",
                                                   time_text(sample.at)));
  }
  return std::nullopt;
}

// The finite values of the series, or why they cannot be judged.
std::expected<std::vector<double>, Unjudged> usable_values(const Rule& rule, const std::vector<Sample>& series) {
  if (series.size() > 1 && rule.reduce == Reduce::none)
    return std::unexpected(
        error(Reason::several_series,
              fmt::format("the query returned {} series, among them {} and {}: aggregate it to one, or say how with "
                          "`reduce`",
                          series.size(), show(series[0].labels), show(series[1].labels))));
  std::vector<double> values;
  for (const auto& sample : series) {
    if (std::isinf(sample.value))
      return std::unexpected(error(Reason::infinite_value, "the query returned an infinite value"));
    if (!std::isnan(sample.value)) values.push_back(sample.value);
  }
  if (values.empty()) return std::unexpected(no_data(Reason::not_a_number, "the query returned NaN, as 0/0 does"));
  if (std::isinf(std::accumulate(values.begin(), values.end(), 0.0)) && rule.reduce == Reduce::sum)
    return std::unexpected(error(Reason::infinite_value, "the sum of the series is infinite"));
  return values;
}

// The one value that stands for all: folded, or for any/all the worst/best against the objective.
double reduced(const Rule& rule, const std::vector<double>& values) {
  const bool high_is_bad =
      rule.objective.comparison == Comparison::less || rule.objective.comparison == Comparison::less_equal;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  switch (rule.reduce) {
    case Reduce::none:
      return values.front();
    case Reduce::max:
      return *high;
    case Reduce::min:
      return *low;
    case Reduce::sum:
      return std::accumulate(values.begin(), values.end(), 0.0);
    case Reduce::any:
      return high_is_bad ? *high : *low;
    case Reduce::all:
      return high_is_bad ? *low : *high;
  }
  return values.front();
}

// For == and != there is no worst value; the first that breaks the objective (any) or keeps it (all) decides.
double deciding_value(const Rule& rule, const std::vector<double>& values, double bound) {
  const bool ordered =
      rule.objective.comparison != Comparison::equal && rule.objective.comparison != Comparison::not_equal;
  if (ordered || (rule.reduce != Reduce::any && rule.reduce != Reduce::all)) return reduced(rule, values);
  const bool wanted = rule.reduce == Reduce::all;
  const auto it = std::find_if(values.begin(), values.end(),
                               [&](double v) { return holds(rule.objective.comparison, v, bound) == wanted; });
  return it == values.end() ? values.front() : *it;
}

Evaluation against_objective(const Rule& rule, double value, double bound, const ExprAnswer& answer, Instant now) {
  const auto unit = value_unit(rule.objective);
  auto detail = fmt::format("{} against {}", format_against(value, bound, unit), format_objective(rule.objective));
  if (rule.objective.of_baseline && answer.baseline)
    detail += fmt::format(" ({} of {})", format_quantity(bound, unit), format_quantity(*answer.baseline, unit));
  const auto fatal_bound = rule.fatal ? resolve(*rule.fatal, answer.baseline) : std::nullopt;
  if (fatal_bound && holds(rule.fatal->comparison, value, *fatal_bound))
    return {
        Outcome::breach, Reason::fatal_broken, value, bound, detail + ", fatal " + format_objective(*rule.fatal), now};
  if (holds(rule.objective.comparison, value, bound))
    return {Outcome::ok, Reason::objective_met, value, bound, detail, now};
  return {Outcome::breach, Reason::objective_broken, value, bound, detail, now};
}

// Where any of several may break it: in how many, and one of them.
std::string where_broken(const Rule& rule, const std::vector<Sample>& series, double bound) {
  const auto breaks = [&](const Sample& sample) {
    return !std::isnan(sample.value) && !holds(rule.objective.comparison, sample.value, bound);
  };
  const auto first = std::ranges::find_if(series, breaks);
  if (rule.reduce != Reduce::any || series.size() < 2 || first == series.end()) return "";
  return fmt::format(", in {} of {} series: {}", std::ranges::count_if(series, breaks), series.size(),
                     show(first->labels));
}

// The release's own series, once all that must be known before their values mean anything is known.
std::expected<std::vector<Sample>, Unjudged> judgeable(const Rule& rule, const Subject& subject,
                                                       const ExprAnswer& answer, Instant now) {
  if (auto unmet = unmet_condition(rule, subject, answer)) return std::unexpected(std::move(*unmet));
  if (!answer.value) return std::unexpected(error(answer.value.error()));
  auto series = own(*answer.value, subject);
  if (series.empty()) return std::unexpected(no_data(Reason::empty_result, nothing_of_release(*answer.value)));
  if (auto why = malformed(series, now)) return std::unexpected(std::move(*why));
  if (auto why = stale(rule, subject, answer)) return std::unexpected(std::move(*why));
  return series;
}

std::optional<Unjudged> no_baseline(const Rule& rule, const ExprAnswer& answer) {
  if (!rule.objective.of_baseline || (answer.baseline && *answer.baseline > 0)) return std::nullopt;
  if (answer.baseline) return no_data(Reason::baseline_missing, "the baseline is 0, so no share of it can be judged");
  return no_data(Reason::baseline_missing,
                 "no baseline: " + answer.baseline_problem.value_or("it has not been read yet"));
}

}  // namespace

std::vector<Sample> own(const std::vector<Sample>& samples, const Subject& subject) {
  std::vector<Sample> out;
  const Sample* before = nullptr;
  bool belongs = false;
  for (const auto& sample : samples) {
    if (before == nullptr || !sample.labels.is_same(before->labels)) belongs = belongs_to(sample.labels, subject);
    if (belongs) out.push_back(sample);
    before = &sample;
  }
  return out;
}

std::string nothing_of_release(const std::vector<Sample>& series) {
  if (series.empty()) return "the query returned no series";
  return fmt::format("the query returned {} series, none of this release; one is {}", series.size(),
                     show(series.front().labels));
}

std::optional<std::string> foreign_label(const Labels& labels, const Subject& subject,
                                         const std::vector<Matcher>& matchers) {
  static const std::array<std::string, 3> names{"service", "environment", "version"};
  const std::array wanted{&subject.service, &subject.environment, &subject.version};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& name = names[i];
    const auto found = labels.find(name);
    const bool fits =
        found == labels.end() || found->second.empty() || wanted[i]->empty() || found->second == *wanted[i];
    const auto names_it = [&](const Matcher& matcher) { return matcher.name() == name; };
    if (!fits && std::none_of(matchers.begin(), matchers.end(), names_it)) return name;
  }
  return std::nullopt;
}

bool belongs_to(const Labels& series, const Subject& subject) {
  return !foreign_label(series, subject, {});
}

Evaluation evaluate_expr(const Rule& rule, const Subject& subject, const ExprAnswer& answer, Instant now) {
  auto series = judgeable(rule, subject, answer, now);
  if (!series) return made(std::move(series.error()), now);
  const auto values = usable_values(rule, *series);
  if (!values) return made(values.error(), now);
  auto why = of_the_time_before(subject, answer);
  if (!why) why = no_baseline(rule, answer);
  if (why) {
    auto evaluation = made(std::move(*why), now);
    evaluation.value = reduced(rule, *values);
    return evaluation;
  }
  const auto bound = resolve(rule.objective, answer.baseline).value_or(0);
  auto evaluation = against_objective(rule, deciding_value(rule, *values, bound), bound, answer, now);
  evaluation.sampled_at = newest_sample(subject, answer);
  evaluation.detail += where_broken(rule, *series, bound);
  return evaluation;
}

Evaluation evaluate_signal(const Rule& rule, const std::optional<Signal>& signal, Instant now) {
  if (!signal)
    return made(no_data(Reason::signal_missing, fmt::format("signal {} has not been posted", rule.signal)), now);
  auto detail = fmt::format("signal {} {} at {}{}{}", rule.signal, signal->succeeded ? "succeeded" : "failed",
                            time_text(signal->at), signal->detail.empty() ? "" : ": ", signal->detail);
  if (signal->succeeded) return {Outcome::ok, Reason::objective_met, 1.0, std::nullopt, std::move(detail), now};
  return {Outcome::breach, Reason::objective_broken, 0.0, std::nullopt, std::move(detail), now};
}

}  // namespace guard::core
