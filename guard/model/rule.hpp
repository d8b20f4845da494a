// SPDX-License-Identifier: Apache-2.0
//
// A rule and its group as the judge sees them: plain values made by guard/config, kept as a snapshot by each watch.
// Shared between threads only as const.
#pragma once

#include "guard/base/enum_names.hpp"
#include "guard/base/time.hpp"
#include "guard/model/contacts.hpp"
#include "guard/model/error_budget.hpp"
#include "guard/model/freeze.hpp"
#include "guard/model/matcher.hpp"
#include "guard/model/objective.hpp"
#include "guard/model/requirement.hpp"
#include "guard/promql/text_template.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace guard::model {

enum class RuleKind { expr, share, count, alerts, signal };
enum class Reduce { none, any, all, max, min, sum };
enum class MissingPolicy { hold, ignore, breach };  // on_no_data, on_error
enum class Action { rollback, ask, call, warn };
enum class Preexisting { warn, rollback };
enum class Proof { optional, required };
enum class Mode { observe, ask, enforce };

// True if its values come from a metrics server.
constexpr bool is_measured(RuleKind kind) {
  return kind == RuleKind::expr || kind == RuleKind::share || kind == RuleKind::count;
}

// True if its events are counted from counters, and judged by evidence.
constexpr bool is_counted(RuleKind kind) {
  return kind == RuleKind::share || kind == RuleKind::count;
}

// When breach readings become a breach: without a break for `sustained`, or `count` of the last `of` readings.
struct BreachPolicy {
  Duration sustained{0};
  int count = 0;  // 0: `sustained` counts
  int of = 0;

  bool operator==(const BreachPolicy&) const = default;
};

// Exactly one of the two is not zero.
struct Baseline {
  Duration over{0};    // the median of the expression over this long before the switch began
  Duration offset{0};  // the expression this long before each reading

  bool operator==(const Baseline&) const = default;
};

// The same counters, or the same expression, of those that have not got the release: what they show alike is not its
// fault.
struct Control {
  std::optional<promql::TextTemplate> part;   // as that of the rule; of an expression empty
  std::optional<promql::TextTemplate> total;  // or the expression; never empty, as the one after it
  std::optional<promql::TextTemplate> who;    // the matchers that choose them

  bool operator==(const Control&) const = default;
};

// What is measured of an event, as the buckets of a histogram have it.
struct Limit {
  double value = 0;  // in base units
  Unit unit = Unit::number;

  bool operator==(const Limit&) const = default;
};

// A share of events, counted from two counters as they are exported, or from a native histogram: templates of plain
// selectors.
struct Share {
  std::optional<promql::TextTemplate> part;   // the events that count: `bad`, or `good`; empty with `within` alone
  std::optional<promql::TextTemplate> total;  // all events; never empty
  bool part_is_good = false;                  // the share is that of what `part` leaves
  std::optional<Limit> within = {};           // `total` is a native histogram, and what lies above this is bad
  double confidence = 0.999;                  // 1 - the chance that a watch at the objective ends in a breach
  int min_events = 0;                         // as many are asked for before the objective may count as kept
  Proof proof = Proof::optional;              // whether a release passes only if the objective is surely kept
  std::optional<Control> control = {};

  bool operator==(const Share&) const = default;
};

// Events counted from counters as they are exported, and held against those of the baseline.
struct Count {
  std::optional<promql::TextTemplate> events;  // a plain selector; never empty
  double confidence = 0.999;                   // 1 - the chance that a watch at the objective ends in a breach

  bool operator==(const Count&) const = default;
};

// What is done about a breach before anything is rolled back: a hook of its own is called once.
struct Remedy {
  std::string hook;
  Duration within{0};         // of the decision: the objective is to hold again
  Action then = Action::ask;  // what a breach leads to that stands after that: never `call`

  bool operator==(const Remedy&) const = default;
};

struct Rule {
  std::string slo;
  RuleKind kind = RuleKind::expr;
  std::optional<promql::TextTemplate> expr;  // kind expr
  std::optional<Share> share;                // kind share
  std::optional<Count> count;                // kind count
  std::vector<promql::TextTemplate> alerts;  // kind alerts: matcher templates, at least one
  std::string signal;                        // kind signal: the name the pipeline posts under
  Objective objective;  // kind alerts: "none firing", kind signal: "succeeded"; the bound then is unused
  std::optional<Objective> fatal;
  BreachPolicy breach;
  std::optional<promql::TextTemplate> only_if;
  std::vector<Baseline> baselines;  // the first that has data counts; at most one of them is `over`
  Reduce reduce = Reduce::none;
  Duration max_age{0};  // zero: freshness is not asked for
  MissingPolicy on_no_data = MissingPolicy::hold;
  MissingPolicy on_error = MissingPolicy::hold;
  std::optional<MissingPolicy> on_too_few;  // too little came to judge: hold or ignore; empty: as on_no_data
  Action action = Action::rollback;
  std::optional<Remedy> remedy = {};    // with Action::call alone
  std::optional<Control> control = {};  // kind expr; a share has its own
  Preexisting preexisting = Preexisting::warn;
  std::map<std::string, promql::TextTemplate> annotations;

  bool operator==(const Rule&) const = default;
};

// Who has not got the release, of a rule of any kind; nullptr where it names nobody.
const Control* control_of(const Rule& rule);

// How sure a breach of a rule whose events are counted must be.
double confidence_of(const Rule& rule);

// The objective in words, for any kind.
std::string objective_text(const Rule& rule);

struct RollbackSettings {
  std::string hook;  // empty only in mode observe
  Mode mode = Mode::observe;
  Duration verify{0};
  Duration cooldown{0};

  bool operator==(const RollbackSettings&) const = default;
};

struct RuleGroup {
  std::string name;
  std::string file;  // where it was read, for messages
  std::vector<Matcher> match;
  Duration window{0};
  Duration settle{0};
  Duration interval{0};
  std::optional<promql::TextTemplate> serves;  // above 0: the version serves; empty: it is taken to, once it is live
  Duration serves_within{0};                   // a person is told when it took longer; with `serves` alone
  std::optional<Requirement> requirement;      // what must have been shown of its version elsewhere
  std::optional<FreezePolicy> freeze;          // of its service and environment, by going live
  std::optional<ErrorBudget> error_budget;     // without which no release may begin; a watch knows nothing of it
  std::string detect;                          // PromQL: a series for each version that runs; empty: nothing is found
  Contacts contacts;                           // whom to call where one of its releases needs a person
  RollbackSettings rollback;
  std::vector<Rule> rules;
  std::vector<Rule> preflight;  // of kind expr: what must hold before a release begins; a watch knows nothing of them

  bool operator==(const RuleGroup&) const = default;
};

using RuleGroupPtr = std::shared_ptr<const RuleGroup>;

}  // namespace guard::model

namespace guard {

template <>
struct EnumNames<model::RuleKind> {
  using K = model::RuleKind;
  static constexpr std::array table{EnumName<K>{K::expr, "expr"}, EnumName<K>{K::share, "share"},
                                    EnumName<K>{K::count, "count"}, EnumName<K>{K::alerts, "alerts"},
                                    EnumName<K>{K::signal, "signal"}};
};
template <>
struct EnumNames<model::Reduce> {
  using R = model::Reduce;
  static constexpr std::array table{EnumName<R>{R::none, "none"}, EnumName<R>{R::any, "any"},
                                    EnumName<R>{R::all, "all"},   EnumName<R>{R::max, "max"},
                                    EnumName<R>{R::min, "min"},   EnumName<R>{R::sum, "sum"}};
};
template <>
struct EnumNames<model::MissingPolicy> {
  using M = model::MissingPolicy;
  static constexpr std::array table{EnumName<M>{M::hold, "hold"}, EnumName<M>{M::ignore, "ignore"},
                                    EnumName<M>{M::breach, "breach"}};
};
template <>
struct EnumNames<model::Action> {
  using A = model::Action;
  static constexpr std::array table{EnumName<A>{A::rollback, "rollback"}, EnumName<A>{A::ask, "ask"},
                                    EnumName<A>{A::call, "call"}, EnumName<A>{A::warn, "warn"}};
};
template <>
struct EnumNames<model::Preexisting> {
  using P = model::Preexisting;
  static constexpr std::array table{EnumName<P>{P::warn, "warn"}, EnumName<P>{P::rollback, "rollback"}};
};
template <>
struct EnumNames<model::Proof> {
  using P = model::Proof;
  static constexpr std::array table{EnumName<P>{P::optional, "optional"}, EnumName<P>{P::required, "required"}};
};
template <>
struct EnumNames<model::Mode> {
  using M = model::Mode;
  static constexpr std::array table{EnumName<M>{M::observe, "observe"}, EnumName<M>{M::ask, "ask"},
                                    EnumName<M>{M::enforce, "enforce"}};
};

}  // namespace guard
