// SPDX-License-Identifier: Apache-2.0
#include "guard/core/first_look.hpp"

#include "guard/base/duration.hpp"
#include "guard/core/evaluation.hpp"
#include "guard/core/incident.hpp"
#include "guard/core/share_bounds.hpp"
#include "guard/core/share_words.hpp"
#include "guard/promql/metric_name.hpp"
#include "guard/promql/selectors.hpp"
#include "guard/promql/shape.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <fmt/format.h>

namespace guard::core {
namespace {

using promql::ModifierKind;

constexpr double full_share = 1.0001;  // what rounding makes of 1
// Two counters need not be of the very same samples, and `increase()` extrapolates each by itself.
constexpr double clearly_more = 1.01;
constexpr double doubt = 0.01;  // as of the time before a release (share_before.cpp)
constexpr Duration subquery_step = std::chrono::minutes(1);

double in_seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

// The native histogram that would stand in the place of `selector`, a part of a classic one: without `_bucket`, and
// without a matcher on `le`, which a native one does not have. Empty where it is none.
std::string native_of(std::string_view selector) {
  auto name = promql::metric_name(selector);
  for (const std::string_view suffix : {"_bucket", "_count", "_sum"}) {
    if (!name.ends_with(suffix)) continue;
    name.remove_suffix(suffix.size());
    std::vector<std::string_view> kept;
    for (const auto matcher : promql::matchers_of(selector, promql::Syntax::promql)) {
      const auto tokens = promql::lex_code(matcher, promql::Syntax::promql);
      if (!tokens.empty() && !tokens.front().is("le")) kept.push_back(matcher);
    }
    return fmt::format("{}{{{}}}", name, fmt::join(kept, ","));
  }
  return "";
}

SelectorLook look_of(std::string_view expr, const promql::Selector& selector) {
  const std::string text(selector.text);
  const auto name = promql::metric_name(text);
  const auto native = native_of(text);
  SelectorLook look{.selector = text,
                    .series = fmt::format("count({})", text),
                    .ever = fmt::format("count_over_time(group({})[1w:1h])", text),
                    .of_name = name.empty() || name == text ? std::string() : fmt::format("count({})", name),
                    .native = native.empty() ? std::string() : fmt::format("count({})", native),
                    .interval = fmt::format("(time() - min(min_over_time(timestamp({0})[10m:5s]))) / "
                                            "max(count_over_time({0}[10m]))",
                                            text),
                    .two_samples = promql::needs_two_samples(expr, selector.begin)};
  for (const auto& modifier : selector.modifiers) {
    const auto length = modifier.length().value_or(Duration{0});
    if (modifier.kind == ModifierKind::range) look.range = length;
    if (modifier.kind == ModifierKind::subquery) look.subqueries += length;
  }
  return look;
}

using Release = std::array<std::string, 3>;

Release release_of(const model::Labels& labels) {
  const auto value = [&](const char* name) {
    const auto found = labels.find(name);
    return found == labels.end() ? std::string() : found->second;
  };
  return {value("service"), value("environment"), value("version")};
}

std::map<Release, double> by_release(const std::vector<Sample>& counted) {
  std::map<Release, double> out;
  for (const auto& sample : counted) out[release_of(sample.labels)] += sample.value;
  return out;
}

std::optional<Remark> remark_of_share(const Rule& rule, double total, double part) {
  const bool good = rule.share->part_is_good;
  const Events events{good ? total - part : part, total};
  if (part > clearly_more * total + 1)
    return Remark{Finding::part_over_total, "in the last five minutes " + more_than_all_words(events, good)};
  if (least_share(events, doubt) <= rule.objective.bound) return std::nullopt;
  return Remark{Finding::already_broken, "the objective is broken already: " + recent_words(rule, events)};
}

std::optional<Remark> remark_of(const Rule& rule, const Evaluation& evaluation) {
  const bool broken = evaluation.outcome == Outcome::breach;
  const bool share = value_unit(rule.objective) == Unit::ratio && !rule.objective.of_baseline;
  if (share && evaluation.value && *evaluation.value > full_share)
    return Remark{Finding::wrong_unit,
                  fmt::format("the value now is {}, and the objective is compared in shares of 1, of which {} is more "
                              "than all",
                              evaluation.value.value(), format_quantity(*evaluation.value, Unit::ratio))};
  if (broken)
    return Remark{Finding::already_broken, fmt::format("the objective is broken already: {}", evaluation.detail)};
  if (evaluation.reason == Reason::several_series) return Remark{Finding::several_series, evaluation.detail};
  if (evaluation.reason == Reason::wrong_type) return Remark{Finding::not_a_value, evaluation.detail};
  if (evaluation.reason == Reason::infinite_value) return Remark{Finding::query_fails, evaluation.detail};
  return std::nullopt;
}

}  // namespace

std::vector<SelectorLook> looks(std::string_view expr) {
  const auto selectors = promql::read_selectors(expr, promql::Syntax::promql);
  std::vector<SelectorLook> out;
  if (selectors.defines_names) return out;
  for (const auto& selector : selectors.found) out.push_back(look_of(expr, selector));
  return out;
}

std::optional<Remark> value_remark(const Rule& rule, const std::vector<Sample>& value,
                                   const std::optional<Samples>& condition, Instant now) {
  std::map<Release, std::vector<Sample>> releases;
  for (const auto& sample : value) releases[release_of(sample.labels)].push_back(sample);
  std::optional<Remark> found;
  for (const auto& [release, series] : releases) {
    const Subject subject{release[0], release[1], release[2], {}, {}, {}, {}};
    ExprAnswer answer;
    answer.value = series;
    answer.condition = condition;
    if (!found) found = remark_of(rule, evaluate_expr(rule, subject, answer, now));
  }
  return found;
}

ShareLook share_look(const Share& share, const std::string& total, const std::string& part) {
  const auto increase = [](const std::string& selector) {
    return fmt::format("sum by (service, environment, version) (increase({}[5m]))", selector);
  };
  const auto all = increase(total);
  if (!share.within) return {all, increase(part)};
  const auto count = fmt::format("histogram_count({})", all);
  return {count, fmt::format("histogram_fraction({}, +Inf, {}) * {}", share.within->value, all, count)};
}

std::optional<Remark> share_remark(const Rule& rule, const std::vector<Sample>& total,
                                   const std::vector<Sample>& part) {
  if (rule.share->part_is_good && part.empty()) return std::nullopt;  // that it selects nothing is told by itself
  auto parts = by_release(part);
  for (const auto& [release, all] : by_release(total))
    if (auto found = remark_of_share(rule, all, parts[release])) return found;
  return std::nullopt;
}

std::optional<Remark> never_bad_remark(const SelectorLook& look, const SelectorFacts& facts) {
  auto missing = missing_remark(look, facts);
  if (!missing || facts.hours > 0) return std::nullopt;
  return Remark{
      Finding::never_bad,
      missing->message + ": right where nothing has failed, but with labels that no series has it looks so, too",
      missing->fix};
}

std::optional<Remark> missing_remark(const SelectorLook& look, const SelectorFacts& facts) {
  if (facts.series > 0) return std::nullopt;
  if (facts.native > 0)
    return Remark{Finding::no_series,
                  fmt::format("{} selects no series, for the server has it as a native histogram, {}", look.selector,
                              native_of(look.selector)),
                  "write `histogram` with `within`, or take its quantile without `by (le)`"};
  if (facts.hours > 0)
    return Remark{Finding::no_series,
                  fmt::format("{} selects no series now, though it did within the last week", look.selector),
                  "wait for them, or look why they ended"};
  if (facts.of_name > 0)
    return Remark{Finding::no_series,
                  fmt::format("{} has selected no series for a week, where its name alone selects {:g}", look.selector,
                              facts.of_name),
                  "compare its labels with those of the server"};
  return Remark{Finding::no_series, fmt::format("{} has selected no series for a week", look.selector)};
}

std::optional<Remark> range_remark(const SelectorLook& look, const SelectorFacts& facts) {
  if (!look.two_samples || look.range == Duration{0} || !facts.interval) return std::nullopt;
  if (in_seconds(look.range) >= 2 * *facts.interval) return std::nullopt;
  return Remark{Finding::short_range,
                fmt::format("{} has a sample every {:.0f}s, so that a range of {} seldom holds the two that its "
                            "function needs",
                            look.selector, *facts.interval, format_duration(look.range)),
                fmt::format("make it {:.0f}s or longer", std::ceil(4 * *facts.interval))};
}

double samples_read(const SelectorLook& look, const SelectorFacts& facts) {
  double each = 1;
  if (look.range > Duration{0} && facts.interval && *facts.interval > 0)
    each = std::max(1.0, in_seconds(look.range) / *facts.interval);
  const auto times = std::max(1.0, in_seconds(look.subqueries) / in_seconds(subquery_step));
  return facts.series * each * times;
}

}  // namespace guard::core
