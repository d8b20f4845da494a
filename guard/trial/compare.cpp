// SPDX-License-Identifier: Apache-2.0
#include "guard/trial/compare.hpp"

#include "guard/base/duration.hpp"
#include "guard/story/explain.hpp"

#include <cmath>

#include <fmt/format.h>

namespace guard::trial {
namespace {

constexpr double five_digits = 1e-5;

bool nearly_equal(double one, double other) {
  return one == other || (std::isnan(one) && std::isnan(other)) ||
         std::abs(one - other) <= five_digits * std::max(std::abs(one), std::abs(other));
}

// With the digits that it is compared by, so that it can be written into the test.
std::string value_text(double value, model::Unit unit) {
  return unit == model::Unit::ratio ? fmt::format("{:.6g}%", value * 100) : fmt::format("{:.6g}", value);
}

const model::Decision* latest(const Standing& standing) {
  for (const auto& conclusion : standing.conclusions)
    if (conclusion.decision.kind == model::DecisionKind::rollback) return &conclusion.decision;
  const auto& decisions = standing.watch.decisions;
  return decisions.empty() ? nullptr : &decisions.back();
}

class Comparison {
 public:
  Comparison(const Moment& expected, const Standing& standing)
      : expected_(expected), standing_(standing), view_(story::view_of(standing.watch, standing.at)) {}

  std::vector<config::Diagnostic> differences() {
    compare_release();
    for (const auto& rule : expected_.rules) compare_rule(rule);
    return std::move(out_);
  }

 private:
  void compare_release() {
    const auto* decision = latest(standing_);
    const bool rolls_back = decision != nullptr && decision->kind == model::DecisionKind::rollback;
    const auto phase = rolls_back ? model::Phase::rolling_back : standing_.watch.phase;
    if (expected_.phase && expected_.phase->value != phase)
      differ(expected_.phase->place, fmt::format("expected phase {}, got {}: {}", to_string(expected_.phase->value),
                                                 to_string(phase), rolls_back ? decision->reason : view_.reason));
    const auto kind = decision == nullptr ? "none" : to_string(decision->kind);
    const bool is_other = expected_.decision && expected_.decision->value != kind;
    const bool by_other = expected_.by && (decision == nullptr || decision->slo != slo(expected_.by->value));
    if (is_other || by_other)
      differ(is_other ? expected_.decision->place : expected_.by->place,
             fmt::format("expected decision {}{}, got {}: {}", expected_.decision->value, wanted_by(), kind,
                         why(decision)));
  }

  const std::string& slo(std::size_t rule) const { return standing_.watch.group->rules[rule].slo; }
  std::string wanted_by() const { return expected_.by ? " by " + slo(expected_.by->value) : ""; }

  // Of what was decided; where nothing was, of the rule that should have led to it.
  std::string why(const model::Decision* decision) const {
    if (decision != nullptr) return decision->reason;
    return expected_.by ? view_.rules[expected_.by->value].explanation : view_.reason;
  }

  void compare_rule(const ExpectedRule& expected) {
    const auto& state = standing_.watch.rules[expected.rule];
    const auto& last = state.last;
    compare_word(expected.rule, "evaluation", expected.evaluation, last ? to_string(last->outcome) : "none");
    compare_value(expected, last ? last->value : std::nullopt);
    compare_word(expected.rule, "verdict", expected.verdict, to_string(state.verdict));
    compare_word(expected.rule, "reason", expected.reason, to_string(state.reason));
  }

  template <class E>
  void compare_word(std::size_t rule, std::string_view what, const std::optional<Expected<E>>& expected,
                    std::string_view got) {
    if (!expected || to_string(expected->value) == got) return;
    differ_of(rule, expected->place, fmt::format("expected {} {}, got {}", what, to_string(expected->value), got));
  }

  void compare_value(const ExpectedRule& rule, std::optional<double> got) {
    if (!rule.value || (got && nearly_equal(rule.value->value, *got))) return;
    const auto unit = model::value_unit(standing_.watch.group->rules[rule.rule].objective);
    differ_of(rule.rule, rule.value->place,
              fmt::format("expected value {}, got {}", value_text(rule.value->value, unit),
                          got ? value_text(*got, unit) : "none"));
  }

  void differ_of(std::size_t rule, const config::Diagnostic& place, const std::string& difference) {
    add(place, fmt::format("at {} {}: {}: {}", format_duration(expected_.at), slo(rule), difference,
                           view_.rules[rule].explanation));
  }
  void differ(const config::Diagnostic& place, const std::string& difference) {
    add(place, fmt::format("at {}: {}", format_duration(expected_.at), difference));
  }
  void add(config::Diagnostic place, std::string message) {
    place.message = std::move(message);
    out_.push_back(std::move(place));
  }

  const Moment& expected_;
  const Standing& standing_;
  story::ReleaseView view_;
  std::vector<config::Diagnostic> out_;
};

}  // namespace

std::vector<config::Diagnostic> differences(const Moment& expected, const Standing& standing) {
  return Comparison(expected, standing).differences();
}

}  // namespace guard::trial
