// SPDX-License-Identifier: Apache-2.0
#include "guard/core/questions.hpp"

#include "guard/base/duration.hpp"
#include "guard/core/before_release.hpp"
#include "guard/core/blindness.hpp"
#include "guard/core/control.hpp"
#include "guard/core/count.hpp"
#include "guard/core/share_before.hpp"
#include "guard/core/within.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

namespace guard::core {
namespace {

using Use = Question::Use;

bool asks_past(const Rule& rule, const RuleState& state, Phase phase) {
  return rule.preexisting == Preexisting::warn && !state.past.known && phase != Phase::verifying;
}

void ask_range(Questions& out, std::size_t rule, Use use, std::string expr, const PastSpan& span,
               WallTime switch_began) {
  const auto to = span_end(switch_began, span.step);
  out.queries.push_back({rule, use, std::move(expr), to - span.length, to, span.step, 0});
}

// What can be asked only of the time before the release, with the version that ran then.
void ask_before(Questions& out, const Watch& watch, std::size_t index) {
  const auto& rule = watch.group->rules[index];
  const auto& state = watch.rules[index];
  const auto before = subject_before(watch.subject(out.at), watch.group->window);
  const auto expr = rule.expr->render(before);
  if (!expr) return;  // the value's own question says so
  if (baseline_is_due(rule, state, watch.group->interval, out.at.wall))
    ask_range(out, index, Use::baseline_over, *expr, baseline_span(*baseline_over(rule), watch.group->interval),
              watch.switch_began);
  if (!asks_past(rule, state, watch.phase)) return;
  const auto span = preexisting_span(rule, watch.group->interval);
  ask_range(out, index, Use::past, *expr, span, watch.switch_began);
  if (!rule.only_if) return;
  if (const auto condition = rule.only_if->render(before))
    ask_range(out, index, Use::past_condition, *condition, span, watch.switch_began);
}

// All ages of one rule stand together: those of what has ended are asked only where none of the others tells anything.
void ask_ages(Questions& out, std::size_t index, const promql::Selectors& selectors) {
  auto ages = promql::age_queries(selectors);
  for (std::size_t i = 0; i < ages.now.size(); ++i)
    out.queries.push_back({index, Use::sample_age, std::move(ages.now[i]), {}, out.at.wall, Duration{0}, i});
  for (auto& [selector, query] : ages.ended)
    out.queries.push_back({index, Use::ended_age, std::move(query), {}, out.at.wall, Duration{0}, selector});
}

// What a rule of kind expr asks as it is now, and what is behind it.
struct Rendered {
  const std::string& expr;
  promql::Selectors selectors;
};

// What was missed stands behind the value, and is asked for only where that is answered.
void ask_missed(Questions& out, const Watch& watch, std::size_t index, const Rendered& now) {
  const auto span = missed_span(watch, index, out.at);
  if (!span) return;
  out.missed[index] = *span;
  const auto& rule = watch.group->rules[index];
  const auto ask = [&](Use use, const std::string& what, Duration back, std::size_t selector) {
    out.queries.push_back(
        {index, use, what, span->first.wall - back, span->last.wall - back, watch.group->interval, selector});
  };
  ask(Use::missed, now.expr, Duration{0}, 0);
  if (rule.only_if)
    if (const auto condition = rule.only_if->render(watch.subject(out.at)))
      ask(Use::missed_condition, *condition, Duration{0}, 0);
  if (rule.max_age > Duration{0}) {
    const auto ages = promql::age_queries(now.selectors).now;
    for (std::size_t i = 0; i < ages.size(); ++i) ask(Use::missed_age, ages[i], Duration{0}, i);
  }
  for (std::size_t i = 0; i < rule.baselines.size(); ++i)
    if (const auto offset = rule.baselines[i].offset; offset > Duration{0})
      ask(Use::missed_baseline, now.expr, offset, i);
}

void ask_now(Questions& out, const Watch& watch, std::size_t index, const std::string& expr) {
  const auto& rule = watch.group->rules[index];
  const auto at = out.at.wall;
  const Rendered now{expr, promql::read_selectors(expr, promql::Syntax::promql)};
  out.reaches[index] = promql::reach(now.selectors, watch.group->window);
  out.queries.push_back({index, Use::value, expr, {}, at, Duration{0}, 0});
  ask_missed(out, watch, index, now);
  if (!watch.rules[index].bounds_known)
    for (auto& query : bounds_queries(rule, expr))
      out.queries.push_back({index, Use::bounds, std::move(query), {}, at, Duration{0}, 0});
  if (rule.max_age.count() > 0) ask_ages(out, index, now.selectors);
  for (std::size_t i = 0; i < rule.baselines.size(); ++i)
    if (const auto offset = rule.baselines[i].offset; offset > Duration{0})
      out.queries.push_back({index, Use::baseline_offset, expr, {}, at - offset, Duration{0}, i});
}

// Of a rule of kind expr: its value there now, and as the switch began.
void ask_control_value(Questions& out, const Watch& watch, std::size_t index) {
  const auto ask = [&](const Subject& subject, Use use, WallTime at) {
    if (const auto expr = watch.group->rules[index].control->total->render(subject))
      out.queries.push_back({index, use, *expr, {}, at, Duration{0}, 0});
  };
  auto subject = watch.subject(out.at);
  ask(subject, Use::control_total, out.at.wall);
  subject.age = watch.group->window;
  ask(subject, Use::control_total_before, span_end(watch.switch_began, watch.group->interval));
}

void ask_expr(Questions& out, const Watch& watch, std::size_t index) {
  const auto& rule = watch.group->rules[index];
  const auto subject = watch.subject(out.at);
  const auto expr = rule.expr->render(subject);
  if (!expr) {
    out.refused[index] = expr.error().message;
    return;
  }
  if (rule.only_if) {
    const auto condition = rule.only_if->render(subject);
    if (!condition) {
      out.refused[index] = condition.error().message;
      return;
    }
    out.queries.push_back({index, Use::condition, *condition, {}, out.at.wall, Duration{0}, 0});
  }
  ask_now(out, watch, index, *expr);
  ask_before(out, watch, index);
  if (asks_control(watch, index)) ask_control_value(out, watch, index);
}

void ask_serves(Questions& out, const Watch& watch) {
  const auto expr = watch.group->serves->render(watch.subject(out.at));
  if (expr)
    out.queries.push_back({Question::of_group, Use::serves, *expr, {}, out.at.wall, Duration{0}, 0});
  else
    out.refused[Question::of_group] = expr.error().message;
}

std::string range_of(Duration length) {
  return fmt::format("[{}]", format_duration(std::chrono::ceil<std::chrono::seconds>(length)));
}

// `total` first: a scrape that is in it is in the other answer as well.
void ask_counters(Questions& out, std::size_t index, const Share& share, const Subject& subject,
                  std::pair<Use, Use> uses, std::pair<WallTime, Duration> span) {
  const auto range = range_of(span.second);
  for (const auto& [use, selector] : {std::pair{uses.first, &share.total}, std::pair{uses.second, &share.part}}) {
    if (!*selector) continue;  // a native histogram tells both
    const auto text = (*selector)->render(subject);
    if (!text) {
      out.refused[index] = text.error().message;
      return;
    }
    out.queries.push_back({index, use, *text + range, {}, span.first, Duration{0}, 0});
  }
}

// How much the counters of the control have risen, all and those that count: only in sum, and between the buckets of a
// native histogram interpolated, as what it shows is compared, and no verdict rests on it.
std::optional<std::pair<std::string, std::string>> control_queries(const Share& share, const Subject& subject,
                                                                   const std::string& range) {
  const auto& control = *share.control;
  const auto total = control.total->render(subject);
  const auto part = control.part ? control.part->render(subject) : total;
  if (!total || !part) return std::nullopt;  // what cannot be asked holds nothing back
  const auto all = fmt::format("sum(increase({}{}))", *total, range);
  if (!share.within) return std::pair{all, fmt::format("sum(increase({}{}))", *part, range)};
  const auto counted = fmt::format("histogram_count({})", all);
  return std::pair{counted, fmt::format("histogram_fraction({}, +Inf, {}) * {}", share.within->value, all, counted)};
}

void ask_control(Questions& out, const Watch& watch, std::size_t index) {
  const auto ask = [&](const promql::Subject& subject, std::pair<Use, Use> uses, WallTime at, Duration length) {
    auto queries = control_queries(*watch.group->rules[index].share, subject, range_of(length));
    if (!queries) return;
    out.queries.push_back({index, uses.first, std::move(queries->first), {}, at, Duration{0}, 0});
    out.queries.push_back({index, uses.second, std::move(queries->second), {}, at, Duration{0}, 0});
  };
  const auto subject = watch.subject(out.at);
  ask(subject, {Use::control_total, Use::control_part}, out.at.wall, control_range(watch, index, out.at));
  ask(subject, {Use::control_total_before, Use::control_part_before},
      span_end(watch.switch_began, watch.group->interval), share_before_length(*watch.group, 0));
}

void ask_share(Questions& out, const Watch& watch, std::size_t index) {
  const auto& rule = watch.group->rules[index];
  const auto subject = watch.subject(out.at);
  ask_counters(out, index, *rule.share, subject, {Use::total, Use::part},
               {out.at.wall, counted_range(watch, index, out.at)});
  if (asks_past(rule, watch.rules[index], watch.phase))
    ask_counters(out, index, *rule.share, subject_before(subject, watch.group->window),
                 {Use::total_before, Use::part_before},
                 {span_end(watch.switch_began, watch.group->interval),
                  share_before_length(*watch.group, watch.rules[index].past.failed_reads)});
  if (asks_control(watch, index)) ask_control(out, watch, index);
  // Until it was seen as a native histogram, it may be a classic one.
  if (!rule.share->within || watch.rules[index].bounds_known) return;
  if (const auto selector = rule.share->total->render(subject))
    out.queries.push_back({index, Use::bounds, classic_bounds_query(*selector), {}, out.at.wall, Duration{0}, 0});
}

// The counters up to `at` over `range`, then those of each baseline, which reach a scrape further.
struct CountSpan {
  WallTime at{};
  Duration range{0};
};
void ask_counts(Questions& out, const Watch& watch, std::size_t index, std::pair<Use, Use> uses,
                const CountSpan& span) {
  const auto& rule = watch.group->rules[index];
  const auto now = watch.subject(out.at);
  const auto before = subject_before(now, watch.group->window);
  const auto events = rule.count->events->render(uses.first == Use::count ? now : before);
  const auto margin = margin_before(rule, watch.group->interval);
  if (!events) {
    out.refused[index] = events.error().message;
    return;
  }
  out.queries.push_back({index, uses.first, *events + range_of(span.range), {}, span.at, Duration{0}, 0});
  for (std::size_t i = 0; i < rule.baselines.size(); ++i) {
    const auto& baseline = rule.baselines[i];
    const auto then = rule.count->events->render(baseline.over > Duration{0} ? before : now);
    if (!then) continue;  // it is as if there were no samples
    const auto then_at = span.at - baseline_distance(baseline, watch.switch_began, span.at);
    const auto at = std::min(span.at, then_at + margin);
    const auto range = at - (then_at - span.range);
    out.queries.push_back({index, uses.second, *then + range_of(range), {}, at, Duration{0}, i});
  }
}

void ask_count(Questions& out, const Watch& watch, std::size_t index) {
  const auto& state = watch.rules[index];
  ask_counts(out, watch, index, {Use::count, Use::count_baseline}, {out.at.wall, counted_range(watch, index, out.at)});
  if (asks_past(watch.group->rules[index], state, watch.phase))
    ask_counts(out, watch, index, {Use::count_before, Use::count_baseline_before},
               {span_end(watch.switch_began, watch.group->interval),
                share_before_length(*watch.group, state.past.failed_reads)});
}

}  // namespace

Part part_of(const Rule& rule) {
  return is_measured(rule.kind) ? Part::measured : Part::heard;
}

namespace {

// Makes text of a template.
using Fill = std::function<Result<std::string>(const promql::TextTemplate&)>;

// What a share looks like as PromQL, for charts and people; it is not what is judged.
Result<std::string> share_query(const Share& share, const Fill& fill) {
  const auto total = fill(*share.total);
  if (!total) return total;
  if (share.within) return fmt::format("histogram_fraction({}, +Inf, sum(rate({}[5m])))", share.within->value, *total);
  const auto part = fill(*share.part);
  if (!part) return part;
  const auto ratio = fmt::format("(sum(rate({0}[5m])) or 0 * sum(rate({1}[5m]))) / sum(rate({1}[5m]))", *part, *total);
  return share.part_is_good ? "1 - " + ratio : ratio;
}

Result<std::string> count_query(const Count& count, const Fill& fill) {
  const auto events = fill(*count.events);
  return events ? Result<std::string>(fmt::format("sum(rate({}[5m]))", *events)) : events;
}

Result<std::string> query_of(const Rule& rule, const Fill& fill) {
  if (rule.kind == RuleKind::signal) return fmt::format("signal {}", rule.signal);
  if (rule.kind == RuleKind::expr) return fill(*rule.expr);
  if (rule.kind == RuleKind::share) return share_query(*rule.share, fill);
  if (rule.kind == RuleKind::count) return count_query(*rule.count, fill);
  std::string out = "alerts";
  for (const auto& matcher : rule.alerts) {
    const auto text = fill(matcher);
    if (!text) return text;
    out += " " + *text;
  }
  return out;
}

}  // namespace

Result<std::string> rendered_query(const Rule& rule, const Subject& subject) {
  return query_of(rule, [&](const promql::TextTemplate& text) { return text.render(subject); });
}

std::string written_query(const Rule& rule) {
  return *query_of(rule, [](const promql::TextTemplate& text) { return Result<std::string>(text.source()); });
}

bool is_age(const Question& question) {
  return question.use == Use::sample_age || question.use == Use::ended_age;
}

bool is_raw(const Question& question) {
  return question.use == Use::total || question.use == Use::part || question.use == Use::total_before ||
         question.use == Use::part_before || question.use == Use::count || question.use == Use::count_baseline ||
         question.use == Use::count_before || question.use == Use::count_baseline_before;
}

bool goes_with_the_one_before(const Question& question) {
  return question.use == Use::part || question.use == Use::part_before || question.use == Use::control_part ||
         question.use == Use::control_part_before || question.use == Use::past_condition ||
         question.use == Use::count_baseline || question.use == Use::count_baseline_before || is_missed(question);
}

bool is_past(const Question& question) {
  return question.use == Use::total_before || question.use == Use::part_before || question.use == Use::baseline_over ||
         question.use == Use::control_total_before || question.use == Use::control_part_before ||
         question.use == Use::past || question.use == Use::past_condition || question.use == Use::count_before ||
         question.use == Use::count_baseline_before;
}

bool is_missed(const Question& question) {
  return question.use == Use::missed || question.use == Use::missed_condition || question.use == Use::missed_age ||
         question.use == Use::missed_baseline;
}

bool has_part(const Watch& watch, Part part) {
  if (part == Part::measured && watch.awaits_serving()) return true;
  return std::ranges::any_of(watch.group->rules, [part](const auto& rule) { return part_of(rule) == part; });
}

Questions ask(const Watch& watch, Part part, Instant at) {
  Questions out{watch.spec.id, part, at, watch.group, watch.subject(at), watch.phase, {}, {}, {}, false, {}};
  if (part == Part::measured && watch.awaits_serving()) ask_serves(out, watch);
  for (std::size_t i = 0; i < watch.group->rules.size(); ++i) {
    const auto kind = watch.group->rules[i].kind;
    if (kind == RuleKind::expr && part == Part::measured) ask_expr(out, watch, i);
    if (kind == RuleKind::share && part == Part::measured) ask_share(out, watch, i);
    if (kind == RuleKind::count && part == Part::measured) ask_count(out, watch, i);
    if (kind == RuleKind::alerts && part == Part::heard) out.wants_alerts = true;
  }
  return out;
}

void leave_out_missed(Questions& questions) {
  std::erase_if(questions.queries, is_missed);
  questions.missed.clear();
}

}  // namespace guard::core
