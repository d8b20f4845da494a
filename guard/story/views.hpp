// SPDX-License-Identifier: Apache-2.0
//
// What the guard shows of itself: every fact a person or a dashboard needs, already explained in words. Made by
// explain.hpp from a model::Watch; read by the API, the metrics and the page. Plain values.
#pragma once

#include "guard/model/decision.hpp"
#include "guard/model/order.hpp"
#include "guard/model/release.hpp"
#include "guard/model/rule.hpp"
#include "guard/model/rule_state.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace guard::story {

struct RuleView {
  std::string slo;
  model::RuleKind kind = model::RuleKind::expr;
  model::Action action = model::Action::rollback;
  std::string query;       // what was asked, values filled in
  bool is_askable = true;  // false: `query` says why it cannot be asked
  std::string condition;   // of only_if: without a result the value is not judged; empty: none
  std::string objective;   // as the rule file writes it
  model::Comparison comparison = model::Comparison::less;
  model::Unit unit = model::Unit::number;
  std::optional<double> value;            // of the latest reading, in base units
  std::vector<std::string> alerts;        // the names of those that were counted in it, for a rule of alerts
  std::vector<std::string> alert_urls;    // as many: where each is shown; empty: not known
  std::optional<double> bound;            // the objective as a number
  std::optional<double> baseline;         // what a relative objective is measured against
  std::optional<model::Outcome> outcome;  // of the latest reading; absent: not read yet
  model::Reason reading_reason = model::Reason::not_read_yet;
  std::optional<WallTime> read_at;
  std::string falls_short;               // why it will have seen too few events at the end; empty: it will not
  std::optional<WallTime> unread_since;  // set while nobody has read it for too long, though it counts
  model::Verdict verdict = model::Verdict::unknown;
  model::Reason reason = model::Reason::not_read_yet;  // why the verdict is what it is
  WallTime since{};                                    // of the verdict
  std::string why;                                     // that reason in words
  std::string explanation;                             // one sentence: what came back, the objective, since, why
  std::map<std::string, std::string> annotations;      // filled in
};

struct NextStep {
  std::string what;  // "the window ends: passed if every objective holds"
  std::optional<WallTime> at;
};

struct ReleaseView {
  model::ReleaseSpec spec;
  model::Phase phase = model::Phase::deploying;
  WallTime phase_since{};
  std::string reason;  // why it stands in this phase
  WallTime announced_at{};
  std::optional<WallTime> live_at;
  std::optional<WallTime> settle_end;
  std::optional<WallTime> window_end;  // as things stand; moves while paused
  std::optional<WallTime> verify_end;  // while verifying: when its time is over
  std::optional<WallTime>
      held_again_at;  // since the rollback every objective has been seen to hold, first at this time
  std::optional<WallTime> broken_again_at;  // while verifying: since when one is broken again; `reason` says which
  std::optional<WallTime> ended_at;
  bool paused = false;
  bool is_rollback = false;
  std::string disturbance;  // why nobody knows whether what is measured is this release; empty: nothing disturbs it
  bool breach_decided = false;
  bool breach_stands = false;  // at the latest reading a rollback is called for
  std::string group;
  model::Mode mode = model::Mode::observe;
  std::string hook;
  Duration reading_lag{0};         // how long its rounds are late
  std::string needs_person;        // why a person is needed now, or empty
  std::vector<std::string> broke;  // the objectives that led to a decision, and those that are in breach now
  std::vector<NextStep> next;
  std::vector<model::Verb> verbs;  // what a person may order now
  std::vector<RuleView> rules;
  std::map<std::string, model::Signal> signals;
  std::vector<model::Decision> decisions;
};

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
  std::string problem;  // why values are missing, or empty
};

}  // namespace guard::story
