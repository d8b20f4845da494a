// SPDX-License-Identifier: Apache-2.0
//
// One reading of one rule at one instant: what a source answered becomes ok, breach, no_data or error, never a bool.
// Pure functions over values.
#pragma once

#include "guard/base/enum_names.hpp"
#include "guard/base/time.hpp"
#include "guard/core/rule.hpp"

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace guard::core {

enum class Outcome { ok, breach, no_data, error };

enum class Reason {
  // of an evaluation
  objective_met,
  objective_broken,
  fatal_broken,
  empty_result,
  not_a_number,
  stale_sample,
  low_traffic,
  baseline_missing,
  signal_missing,
  alertmanager_silent,
  infinite_value,
  several_series,
  query_failed,
  partial_result,
  wrong_type,
  template_refused,
  whose_is_unclear,  // what was found carries a label of another release
  past_unknown,      // the time before the release could not be read, so a breach cannot be told from an old one
  before_live,       // measured, wholly or in part, before the release was live
  // of a verdict
  not_read_yet,
  settling,
  paused,
  breach_pending,
  breach_sustained,
  breach_counted,
  signal_failed,      // the pipeline's own verdict; it needs no repetition
  signal_of_release,  // it spoke of the release that has been rolled back
  preexisting,
  warming_up,  // there was no data for as long as the expression looks back, so it rests on a part of its range yet
  held,        // no data or an error, and the policy is hold
  ignored,     // no data or an error, and the policy is ignore
  recovered    // an earlier breach of a warning rule has ended
};

// One series of an instant query, or one point of a range query.
struct Sample {
  Labels labels;
  double value = 0;
  WallTime at{};

  bool operator==(const Sample&) const = default;
};

// Why a source gave no answer: the reason (query_failed, partial_result, wrong_type…), words, and whether asking
// again may help.
struct SourceError {
  Reason reason = Reason::query_failed;
  std::string message;
  bool transient = false;

  bool operator==(const SourceError&) const = default;
};

using Samples = std::expected<std::vector<Sample>, SourceError>;

struct Evaluation {
  Outcome outcome = Outcome::no_data;
  Reason reason = Reason::not_read_yet;
  std::optional<double> value;
  std::optional<double> bound;  // the objective resolved against the baseline
  std::string detail;           // in words, for people
  Instant at;
  std::optional<WallTime> sampled_at = {};   // when the newest sample behind the value was taken, where that is known
  std::vector<std::string> alerts = {};      // the names of those that were counted, each once
  std::vector<std::string> alert_urls = {};  // as many: where the source of each shows it; empty: not said

  bool operator==(const Evaluation&) const = default;
};

// Labels of the release a series is matched by; a series with another service, environment or version is not its own.
// Where the subject's version is empty nobody knows it, and any will do.
bool belongs_to(const Labels& series, const Subject& subject);
// The label that names another release, or nothing. What the rule's own matchers name, they have compared: an
// exporter's `service` or an external `environment` is not the release's, and the rule says which it wants.
std::optional<std::string> foreign_label(const Labels& labels, const Subject& subject,
                                         const std::vector<Matcher>& matchers);

// Since when what is measured is the release's, and how far back the expression looks.
struct Provenance {
  Duration since_live{0};
  Duration reach{0};
};

// Everything a rule of kind expr was told in one round.
struct ExprAnswer {
  Samples value;
  std::optional<Samples> condition;   // only_if
  std::optional<Samples> sample_age;  // seconds; by selector and release, see promql/freshness.hpp
  std::optional<double> baseline;
  std::optional<std::string> baseline_problem;  // why there is none, where the rule needs one
  std::optional<Provenance> provenance;         // empty: readings of any time count
};
Evaluation evaluate_expr(const Rule& rule, const Subject& subject, const ExprAnswer& answer, Instant now);

enum class Muted { no, silenced, inhibited };  // what is muted fires, and does not count

struct FiringAlert {
  std::string fingerprint;
  Labels labels;
  WallTime starts_at{};
  Muted muted = Muted::no;
  std::string generator_url = {};  // where its source shows it; empty: not said

  bool operator==(const FiringAlert&) const = default;
};

// A list that nobody changes any more: rounds and rules share it without copying what it holds.
class FiringAlerts {
 public:
  FiringAlerts(std::vector<FiringAlert> alerts = {})  // NOLINT(google-explicit-constructor): a list is a list
      : alerts_(std::make_shared<const std::vector<FiringAlert>>(std::move(alerts))) {}
  const std::vector<FiringAlert>& all() const { return *alerts_; }
  auto begin() const { return alerts_->begin(); }
  auto end() const { return alerts_->end(); }
  std::size_t size() const { return alerts_->size(); }
  bool empty() const { return alerts_->empty(); }

 private:
  std::shared_ptr<const std::vector<FiringAlert>> alerts_;
};

struct AlertsAnswer {
  std::expected<FiringAlerts, SourceError> firing;
  bool silent = false;                    // nothing was heard for the rule's max_age
  std::optional<SourceError> doubt = {};  // why more alerts may fire than `firing` holds: nothing is shown not to
  WallTime switch_began{};                // what started firing before is not the release's
};
// Whether a rule of the group asks for one of these alerts, by its matchers; also where they cannot be filled in.
bool may_concern(const RuleGroup& group, const Subject& subject, const std::vector<Labels>& alerts);
Evaluation evaluate_alerts(const Rule& rule, const Subject& subject, const AlertsAnswer& answer, Instant now);

struct Signal {
  bool succeeded = false;
  std::string detail;
  WallTime at{};

  bool operator==(const Signal&) const = default;
};
Evaluation evaluate_signal(const Rule& rule, const std::optional<Signal>& signal, Instant now);

}  // namespace guard::core

namespace guard {

template <>
struct EnumNames<core::Outcome> {
  using O = core::Outcome;
  static constexpr std::array table{EnumName<O>{O::ok, "ok"}, EnumName<O>{O::breach, "breach"},
                                    EnumName<O>{O::no_data, "no_data"}, EnumName<O>{O::error, "error"}};
};

template <>
struct EnumNames<core::Reason> {
  using R = core::Reason;
  static constexpr std::array table{EnumName<R>{R::objective_met, "objective_met"},
                                    EnumName<R>{R::objective_broken, "objective_broken"},
                                    EnumName<R>{R::fatal_broken, "fatal_broken"},
                                    EnumName<R>{R::empty_result, "empty_result"},
                                    EnumName<R>{R::not_a_number, "not_a_number"},
                                    EnumName<R>{R::stale_sample, "stale_sample"},
                                    EnumName<R>{R::low_traffic, "low_traffic"},
                                    EnumName<R>{R::baseline_missing, "baseline_missing"},
                                    EnumName<R>{R::signal_missing, "signal_missing"},
                                    EnumName<R>{R::alertmanager_silent, "alertmanager_silent"},
                                    EnumName<R>{R::infinite_value, "infinite_value"},
                                    EnumName<R>{R::several_series, "several_series"},
                                    EnumName<R>{R::query_failed, "query_failed"},
                                    EnumName<R>{R::partial_result, "partial_result"},
                                    EnumName<R>{R::wrong_type, "wrong_type"},
                                    EnumName<R>{R::template_refused, "template_refused"},
                                    EnumName<R>{R::whose_is_unclear, "whose_is_unclear"},
                                    EnumName<R>{R::past_unknown, "past_unknown"},
                                    EnumName<R>{R::before_live, "before_live"},
                                    EnumName<R>{R::not_read_yet, "not_read_yet"},
                                    EnumName<R>{R::settling, "settling"},
                                    EnumName<R>{R::paused, "paused"},
                                    EnumName<R>{R::breach_pending, "breach_pending"},
                                    EnumName<R>{R::breach_sustained, "breach_sustained"},
                                    EnumName<R>{R::breach_counted, "breach_counted"},
                                    EnumName<R>{R::signal_failed, "signal_failed"},
                                    EnumName<R>{R::signal_of_release, "signal_of_release"},
                                    EnumName<R>{R::preexisting, "preexisting"},
                                    EnumName<R>{R::warming_up, "warming_up"},
                                    EnumName<R>{R::held, "held"},
                                    EnumName<R>{R::ignored, "ignored"},
                                    EnumName<R>{R::recovered, "recovered"}};
};

}  // namespace guard
