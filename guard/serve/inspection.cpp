// SPDX-License-Identifier: Apache-2.0
#include "guard/serve/inspection.hpp"

#include "guard/config/source.hpp"
#include "guard/core/blindness.hpp"
#include "guard/core/counter_answer.hpp"
#include "guard/core/detection.hpp"
#include "guard/core/error_budget.hpp"
#include "guard/core/first_look.hpp"
#include "guard/core/moments.hpp"
#include "guard/core/stillness.hpp"
#include "guard/serve/stand_in.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include <fmt/format.h>

namespace guard::serve {
namespace {

using core::SelectorFacts;
using core::SelectorLook;
using model::Finding;
using model::Remark;

constexpr Duration one_question = std::chrono::seconds(5);
constexpr int most_failures = 3;  // in a row, after which the server is not asked on

class Inspection {
 public:
  Inspection(const config::Settings& settings, metrics::PrometheusClient& server, const QuestionTime& time,
             Rehearsal& to)
      : settings_(settings), server_(server), time_(time), now_(time.now()), to_(to) {}

  void run() {
    for (const auto& expression : settings_.expressions) {
      if (expression.detects) look_at_versions(expression);
      if (expression.budgets) look_at_budget(expression);
      const auto* rule = rule_of(settings_, expression);
      const auto text = rule == nullptr ? std::nullopt : known_text(expression, expression.text);
      if (text) look(*rule, expression, *text);
    }
  }

 private:
  // The expression as a release will have it; nothing where that takes more than the group says.
  std::optional<std::string> known_text(const config::Expression& expression, const promql::TextTemplate& text) {
    auto known = serve::known_text(*settings_.groups[expression.group], text);
    if (known) return known;
    if (std::ranges::find(to_.not_looked_at, expression.slo) == to_.not_looked_at.end())
      to_.not_looked_at.push_back(expression.slo);
    return std::nullopt;
  }

  void look(const model::Rule& rule, const config::Expression& expression, const std::string& text) {
    auto selectors = core::looks(text);
    if (rule.expr && expression.text == *rule.expr) return look_at_value(rule, expression, text, selectors);
    const auto key = counter_key(rule, expression);
    // A `good` that selects nothing has been looked at before the start.
    const auto found = key == "bad" ? never_bad(selectors) : key == "good" ? std::nullopt : first_missing(selectors);
    if (found) return tell(expression, *found);
    if (key.empty()) return;
    if (const auto why = rule.share ? nested_buckets(text, key) : std::nullopt)
      return tell(expression, {Finding::part_over_total, *why});
    if (key == "total") look_at_share(rule, expression, text);
    look_at_counter(rule, expression, selectors);
  }

  // Under which key of a rule whose events are counted the expression stands; empty: it is another one.
  static std::string_view counter_key(const model::Rule& rule, const config::Expression& expression) {
    const auto& text = expression.text;
    if (rule.count) return text == *rule.count->events ? "count" : "";
    if (!rule.share) return "";
    if (rule.share->part && text == *rule.share->part) return rule.share->part_is_good ? "good" : "bad";
    return text == *rule.share->total ? "total" : "";
  }

  // That nothing is bad is no fault, but it is told.
  std::optional<Remark> never_bad(const std::vector<SelectorLook>& selectors) {
    for (const auto& look : selectors)
      if (auto found = core::never_bad_remark(look, facts_of(look))) return found;
    return std::nullopt;
  }

  std::optional<std::string> nested_buckets(const std::string& selector, std::string_view key) {
    if (number(fmt::format("max(count without (le) ({}))", selector)).value_or(0) < 2) return std::nullopt;
    const auto& bounds = ask(fmt::format("count by (le) ({})", selector));
    return bounds ? core::nested_buckets(*bounds, key) : std::nullopt;
  }

  void look_at_share(const model::Rule& rule, const config::Expression& expression, const std::string& text) {
    const auto part = rule.share->part ? known_text(expression, *rule.share->part) : text;
    if (!part) return;
    const auto look = core::share_look(*rule.share, text, *part);
    const auto& total = ask(look.total);
    if (!total) return tell(expression, failure(look.total, total.error()));
    const auto& counted = ask(look.part);
    if (!counted) return tell(expression, failure(look.part, counted.error()));
    if (const auto found = core::share_remark(rule, *total, *counted)) tell(expression, *found);
  }

  // What each reading takes of one counter: the samples that are new, late ones and one before.
  void look_at_counter(const model::Rule& rule, const config::Expression& expression,
                       std::vector<SelectorLook>& selectors) {
    const auto interval = settings_.groups[expression.group]->interval;
    for (auto& look : selectors) {
      look.range = core::margin_before(rule, interval) + interval + core::most_late;
      const auto samples = core::samples_read(look, facts_of(look));
      if (samples <= static_cast<double>(core::most_counted_samples)) continue;
      tell(expression,
           {Finding::costly, fmt::format("each reading takes about {:.1f} million samples of it, and is an "
                                         "error with more than {:.1f} million",
                                         samples / 1e6, static_cast<double>(core::most_counted_samples) / 1e6)});
    }
  }

  void look_at_value(const model::Rule& rule, const config::Expression& expression, const std::string& text,
                     const std::vector<SelectorLook>& selectors) {
    const auto value = ask(text);
    if (!value) {
      tell(expression, failure(text, value.error()));
    } else if (value->empty()) {
      tell(expression, first_missing(selectors).value_or(Remark{
                           Finding::no_series, "each selector has series, and the expression makes no result of them",
                           "compare the labels of both sides of its operators, and what it compares"}));
    } else if (auto found = core::value_remark(rule, *value, condition(rule, expression), now_)) {
      if (found->finding == Finding::not_a_value) found = failure(text, {model::Reason::wrong_type, found->message});
      tell(expression, std::move(*found));
    }
    if (const auto still = why_still(rule, text)) tell(expression, {Finding::still_gauge, *still});
    look_at_reading(expression, selectors);
  }

  void look_at_versions(const config::Expression& expression) {
    const auto& group = *settings_.groups[expression.group];
    const auto& running = ask(group.detect);
    if (!running) return tell(expression, failure(group.detect, running.error()));
    if (running->empty())
      return tell(expression, first_missing(core::looks(group.detect))
                                  .value_or(Remark{Finding::no_series, "no version is seen to run", ""}));
    if (const auto seen = core::versions_seen(group, *running); seen.problem)
      tell(expression, {Finding::no_version, *seen.problem});
  }

  // Whether it tells anything, and of counters whether there are any.
  void look_at_budget(const config::Expression& expression) {
    const auto& budget = *settings_.groups[expression.group]->error_budget;
    const auto text = known_text(expression, expression.text);
    if (!text) return;
    if (!budget.left) {
      if (const auto found = first_missing(core::looks(*text))) tell(expression, *found);
      return;
    }
    const auto& value = ask(*text);
    if (!value) return tell(expression, failure(*text, value.error()));
    const auto seen = core::budget_check(budget, value, model::ReleaseKind::feature);
    if (seen.state == model::CheckState::unknown)
      tell(expression, {Finding::no_series, "the error budget cannot be told: " + seen.seen, seen.advice});
  }

  // Of a gauge, why the last day shows nobody who sets it.
  std::optional<std::string> why_still(const model::Rule& rule, const std::string& text) {
    using namespace std::chrono_literals;
    if (!core::reads_gauge(rule) || failures_ >= most_failures) return std::nullopt;
    const auto points = server_.query_range({text, now_.wall - 24h, now_.wall, 5min, time_.at_most(one_question)});
    const auto readings = core::evaluate_moments(rule, {}, {points, std::nullopt, std::nullopt});
    model::RuleState state;
    core::follow_values_before(state, readings);
    if (!readings.empty()) state.last = readings.back();
    return core::still_words(rule, state);
  }

  // What only_if has now, where the rule has one that is known.
  std::optional<model::Samples> condition(const model::Rule& rule, const config::Expression& expression) {
    const auto text = rule.only_if ? known_text(expression, *rule.only_if) : std::nullopt;
    return text ? std::optional(ask(*text)) : std::nullopt;
  }

  Remark failure(const std::string& text, const model::SourceError& error) {
    const auto as_operand = server_.check_syntax(fmt::format("({}\n) + 0", text), time_.at_most(one_question));
    if (!as_operand && as_operand.error().code == ErrorCode::invalid)
      return {Finding::not_a_value, "the server says that this is no value: " + as_operand.error().message};
    return {Finding::query_fails, "the server gives no value for this: " + error.message};
  }

  std::optional<Remark> first_missing(const std::vector<SelectorLook>& selectors) {
    for (const auto& look : selectors)
      if (auto found = core::missing_remark(look, facts_of(look))) return found;
    return std::nullopt;
  }

  // Of all selectors together what it costs, and the first range that is too short.
  void look_at_reading(const config::Expression& expression, const std::vector<SelectorLook>& selectors) {
    double samples = 0;
    std::optional<Remark> range;
    for (const auto& look : selectors) {
      const auto facts = facts_of(look);
      samples += core::samples_read(look, facts);
      if (!range) range = core::range_remark(look, facts);
    }
    if (range) tell(expression, *range);
    if (samples > core::most_samples)
      tell(expression,
           {Finding::costly, fmt::format("each reading takes about {:.1f} million samples", samples / 1e6)});
  }

  SelectorFacts facts_of(const SelectorLook& look) {
    SelectorFacts facts;
    facts.series = number(look.series).value_or(0);
    if (facts.series == 0) facts.native = number(look.native).value_or(0);
    if (facts.series == 0) facts.hours = number(look.ever).value_or(0);
    if (facts.series == 0 && facts.hours == 0) facts.of_name = number(look.of_name).value_or(0);
    if (facts.series > 0 && look.range > Duration{0}) facts.interval = number(look.interval);
    return facts;
  }

  // The one value of the answer.
  std::optional<double> number(const std::string& query) {
    if (query.empty()) return std::nullopt;
    const auto& samples = ask(query);
    if (!samples || samples->size() != 1) return std::nullopt;
    return samples->front().value;
  }

  // Each question once.
  const model::Samples& ask(const std::string& query) {
    const auto [answer, fresh] = answers_.try_emplace(query);
    if (!fresh) return answer->second;
    if (time_.is_over() && failures_ < most_failures) give_up(out_of_time);
    if (failures_ >= most_failures)
      return answer->second = std::unexpected(model::SourceError{model::Reason::query_failed, to_.silence, true});
    answer->second = server_.query({query, now_.wall, time_.at_most(one_question)});
    const bool failed = !answer->second && answer->second.error().transient;
    failures_ = failed ? failures_ + 1 : 0;
    if (failures_ >= most_failures) give_up(answer->second.error().message);
    return answer->second;
  }

  void give_up(const std::string& why) {
    failures_ = most_failures;
    to_.silence = why;
  }

  void tell(const config::Expression& expression, Remark remark) {
    if (failures_ >= most_failures) return;  // the server is away, and nothing is known
    to_.remarks.items.push_back(config::diagnose(expression.place, std::move(remark)));
  }

  const config::Settings& settings_;
  metrics::PrometheusClient& server_;
  const QuestionTime& time_;
  Instant now_;
  Rehearsal& to_;
  std::map<std::string, model::Samples> answers_;
  int failures_ = 0;
};

}  // namespace

void inspect(const config::Settings& settings, metrics::PrometheusClient& server, const QuestionTime& time,
             Rehearsal& to) {
  Inspection(settings, server, time, to).run();
  auto silences = settings.silences;
  silences.apply(to.remarks);
  if (to.silence.empty() && to.not_looked_at.empty()) silences.report_unused(to.remarks, true);
  config::sort(to.remarks);
}

}  // namespace guard::serve
