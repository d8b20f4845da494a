// SPDX-License-Identifier: Apache-2.0
//
// What the guard shows of itself: every fact a person or a dashboard needs, already explained in words. Made by
// explain.hpp from a model::Watch; read by the API, the metrics and the page, and on the other side of the API by the
// command line. Plain values.
#pragma once

#include "guard/model/check.hpp"
#include "guard/model/decision.hpp"
#include "guard/model/evaluation.hpp"
#include "guard/model/order.hpp"
#include "guard/model/release.hpp"
#include "guard/model/rule.hpp"
#include "guard/model/rule_state.hpp"
#include "guard/model/timeline.hpp"
#include "guard/story/answered.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace guard::story {

// How the names of enums are kept. In the guard as their values, of its own types.
struct ByValue {
  template <class E>
  using Name = E;
  template <class E>
  static constexpr E name(E value) {
    return value;
  }
  using Spec = model::ReleaseSpec;
  using Decision = model::Decision;
};

// In what is read of a guard as text, since a newer guard may have names that this program does not know.
struct ByText {
  template <class E>
  using Name = std::string;
  template <class E>
  static std::string name(E) {
    return "";
  }
  using Spec = AnsweredSpec;
  using Decision = AnsweredDecision;
};

// What the verdict on a share of events rests on.
struct EvidenceView {
  double bad = 0;
  double total = 0;
  double progress = 0;             // to a breach, from 0 to 1
  double may_hide = 1;             // the share that could hide behind it, with 95% certainty
  std::int64_t needed_events = 0;  // from how many on it can be judged
};

template <class Names>
struct RuleViewOf {
  template <class E>
  using Name = typename Names::template Name<E>;

  std::string slo;
  Name<model::RuleKind> kind = Names::name(model::RuleKind::expr);
  Name<model::Action> action = Names::name(model::Action::rollback);
  std::string query;                     // what was asked, values filled in
  bool is_askable = true;                // false: `query` says why it cannot be asked
  std::optional<std::string> condition;  // of only_if: without a result the value is not judged
  std::string objective;                 // as the rule file writes it
  model::Comparison comparison = model::Comparison::less;
  Name<model::Unit> unit = Names::name(model::Unit::number);
  std::optional<double> value;                  // of the latest reading, in base units
  std::optional<std::string> value_text;        // as people read it
  std::vector<std::string> alerts;              // the names of those that were counted in it, for a rule of alerts
  std::vector<std::string> alert_urls;          // as many: where each is shown; empty: not known
  std::optional<double> bound;                  // the objective as a number
  std::optional<EvidenceView> evidence;         // of a rule on a share of events, once it is read
  std::optional<double> baseline;               // what a relative objective is measured against
  std::optional<Name<model::Outcome>> outcome;  // of the latest reading; absent: not read yet
  Name<model::Reason> reading_reason = Names::name(model::Reason::not_read_yet);
  std::optional<WallTime> read_at;
  std::optional<std::string> falls_short;  // why it will have seen too few events at the end
  std::optional<WallTime> unread_since;    // set while nobody has read it for too long, though it counts
  Name<model::Verdict> verdict = Names::name(model::Verdict::unknown);
  Name<model::Reason> reason = Names::name(model::Reason::not_read_yet);  // why the verdict is what it is
  WallTime since{};                                                       // of the verdict
  std::string why;                                                        // that reason in words
  std::string explanation;                         // one sentence: what came back, the objective, since, why
  std::map<std::string, std::string> annotations;  // filled in
};

struct NextStep {
  std::string what;  // "the window ends: passed if every objective holds"
  std::optional<WallTime> at;
};

// The objective that is nearest to its bound, as a list shows it.
template <class Names>
struct NearestOf {
  std::string slo;
  std::string objective;
  std::optional<std::string> value_text;
  typename Names::template Name<model::Verdict> verdict = Names::name(model::Verdict::unknown);
  typename Names::template Name<model::Reason> reason = Names::name(model::Reason::not_read_yet);
};

// The last version of a place that passed its watch before a release went live there.
struct LastGood {
  std::string version;
  std::string release;
  WallTime passed_at{};
};

template <class Names>
struct ReleaseViewOf {
  template <class E>
  using Name = typename Names::template Name<E>;

  typename Names::Spec spec;
  Name<model::Phase> phase = Names::name(model::Phase::deploying);
  WallTime phase_since{};
  std::string reason;  // why it stands in this phase
  bool final = false;  // nothing follows by itself
  WallTime announced_at{};
  std::optional<WallTime> live_at;
  std::optional<WallTime>
      serves_since;  // when the version that should run was first seen to serve, where that is asked
  std::optional<std::string> not_serving;  // why it is still waited for
  bool serving_overdue = false;            // a person is told of it
  std::optional<WallTime> settle_end;      // absent while the version is waited for
  std::optional<WallTime> window_end;      // as things stand; moves while paused
  std::optional<WallTime> verify_end;      // while verifying: when its time is over
  // Since the rollback every objective has been seen to hold, first at this time.
  std::optional<WallTime> held_again_at;
  std::optional<WallTime> broken_again_at;  // while verifying: since when one is broken again; `reason` says which
  std::optional<WallTime> ended_at;
  bool paused = false;
  bool is_rollback = false;
  std::optional<std::string> unproven;   // what its version was to show elsewhere and did not
  std::optional<std::string> contested;  // why a person must say whether its previous version is the one to go back to
  std::optional<std::string> disturbance;  // why nobody knows whether what is measured is this release
  bool breach_decided = false;
  bool breach_stands = false;  // at the latest reading a rollback is called for
  std::string group;
  Name<model::Mode> mode = Names::name(model::Mode::observe);
  std::string hook;
  Duration reading_lag{0};                  // how long its rounds are late
  std::optional<std::string> needs_person;  // why a person is needed now
  model::Contacts contacts;                 // whom to call then
  std::vector<std::string> broke;           // the objectives that led to a decision, and those that are in breach now
  std::optional<NearestOf<Names>> nearest;
  std::optional<std::string> decided_by;  // who gave the last word, where that was a person or a pipeline
  std::vector<NextStep> next;
  std::vector<Name<model::Verb>> verbs;  // what a person may order now
  std::vector<RuleViewOf<Names>> rules;
  std::map<std::string, model::Signal> signals;
  std::vector<typename Names::Decision> decisions;
  // What an order goes back to that names no version; absent: it must name one.
  std::optional<std::string> goes_back_to;
  std::optional<LastGood> last_good;  // where one is known
};

template <class Names>
struct EventViewOf {
  WallTime at{};
  typename Names::template Name<model::EventKind> kind = Names::name(model::EventKind::note);
  std::string message;
};

// A part of a timeline, oldest first.
template <class Names>
struct TimelineViewOf {
  std::vector<EventViewOf<Names>> timeline;
  std::optional<std::int64_t> timeline_before;  // asks for what is older; nothing: that is all
};

using RuleView = RuleViewOf<ByValue>;
using Nearest = NearestOf<ByValue>;
using ReleaseView = ReleaseViewOf<ByValue>;
using EventView = EventViewOf<ByValue>;
using TimelineView = TimelineViewOf<ByValue>;

// What holds rollbacks or releases back for everybody, at one moment.
struct InForce {
  struct Freeze {
    WallTime until{};
    std::string reason;

    bool operator==(const Freeze&) const = default;
  };
  bool kill_switch = false;
  std::vector<Freeze> freezes{};  // those that have begun and are not over

  bool operator==(const InForce&) const = default;
};

// A freeze that is in force or to come; names of enums stay text, since a newer guard may have others.
struct FreezeView {
  std::string id;      // by which a person ends it; empty: of the configuration
  std::string origin;  // configured, ordered or release
  WallTime from{};
  WallTime until{};
  bool begun = false;              // it is in force
  std::vector<std::string> match;  // which releases it refuses
  std::vector<std::string> allow;  // but for these kinds
  std::string reason;
  std::string actor;  // who began it
};

// One line of a list of checks; names of enums stay text, since a newer guard may have others.
struct CheckView {
  std::string name;
  std::string state;  // passed, failed or unknown
  std::string seen;
  std::string advice;  // what to do; empty: nothing
};

// Whether a release may begin now.
struct GateView {
  bool open = false;  // every check has passed
  std::vector<CheckView> checks;
  WallTime at{};
};

// What was looked at before a release begins.
struct PreflightView {
  std::string service;
  std::string environment;
  std::optional<std::string> version;       // that is to be released; absent: not said
  std::optional<std::string> live_version;  // that would be gone back to; absent: not known
  std::string group;                        // the rule group that will watch it
  WallTime at{};
  std::string state;  // of all together: failed if one is, else unknown if one is, else passed
  std::vector<CheckView> checks;
  model::Contacts contacts;  // whom to call where it is not passed
};

// What was found, in the order in which it is read, of the release that `about` names.
PreflightView preflight_view(PreflightView about, const std::vector<model::Check>& checks);

// One objective over the time of a release, on an even grid; what is not known at a moment is absent.
struct SeriesView {
  struct Point {
    std::optional<double> value;
    std::optional<double> bound;     // the objective as a number
    std::optional<double> baseline;  // what a relative objective is measured against
  };
  std::string release;
  std::string slo;
  std::string objective;
  model::Comparison comparison = model::Comparison::less;
  model::Unit unit = model::Unit::number;
  WallTime from{};
  Duration step{0};
  std::vector<Point> points;
  std::optional<std::string> problem;  // why values are missing
};

}  // namespace guard::story
