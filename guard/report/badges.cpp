// SPDX-License-Identifier: Apache-2.0
#include "guard/report/badges.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace guard::report {
namespace {

using model::AttemptResult;
using model::CallState;
using model::DecisionKind;
using model::Phase;
using model::Verdict;
using Name = std::pair<std::string_view, std::string_view>;

constexpr std::array event_words{Name{"phase", "Phase"},   Name{"verdict", "Evidence"}, Name{"decision", "Decision"},
                                 Name{"attempt", "Hook"},  Name{"operator", "Person"},  Name{"note", "Note"},
                                 Name{"signal", "Signal"}, Name{"gap", "Gap"}};

constexpr std::array icons{
    Name{"clock", "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M8 4.5V8l2.5 2"},
    Name{"eye", "M1 8s2.5-4.5 7-4.5S15 8 15 8s-2.5 4.5-7 4.5S1 8 1 8M8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4"},
    Name{"hand", "M8 1.5l6.5 12h-13zM8 6v3.5M8 11.3v.7"},
    Name{"back", "M6 3L2.5 6.5 6 10M3 6.5h6.5a4 4 0 0 1 0 7H6"},
    Name{"check", "M2.5 8.5l3.5 4 7.5-9"},
    Name{"cross", "M3 3l10 10M13 3L3 13"},
    Name{"question", "M5.5 5.5a2.5 2.5 0 1 1 3.6 2.2C8.3 8.1 8 8.7 8 10M8 12.3v.7"},
    Name{"stop", "M3.5 3.5h9v9h-9z"},
    Name{"next", "M3 3l5 5-5 5M8.5 3l5 5-5 5"}};

template <std::size_t N>
const Name* find(const std::array<Name, N>& table, std::string_view name) {
  const auto it = std::ranges::find(table, name, &Name::first);
  return it == table.end() ? nullptr : &*it;
}

}  // namespace

Badge badge_of(Phase phase) {
  switch (phase) {
    case Phase::deploying:
      return {"Deploying", "info", "clock"};
    case Phase::settling:
      return {"Settling", "info", "clock"};
    case Phase::watching:
      return {"Watching", "info", "eye"};
    case Phase::awaiting_approval:
      return {"Awaiting approval", "warn", "hand"};
    case Phase::rolling_back:
      return {"Rolling back", "bad", "back"};
    case Phase::verifying:
      return {"Verifying the rollback", "warn", "eye"};
    case Phase::passed:
      return {"Passed", "good", "check"};
    case Phase::breached:
      return {"Breached, not rolled back", "bad", "cross"};
    case Phase::unverified:
      return {"Unverified", "warn", "question"};
    case Phase::rolled_back:
      return {"Rolled back", "warn", "back"};
    case Phase::rollback_failed:
      return {"Rollback failed", "bad", "cross"};
    case Phase::aborted:
      return {"Aborted", "quiet", "stop"};
    case Phase::superseded:
      return {"Superseded", "quiet", "next"};
  }
  return {};
}

Badge badge_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok:
      return {"Holds", "good", "check"};
    case Verdict::pending:
      return {"In breach, not for long enough yet", "warn", "clock"};
    case Verdict::breached:
      return {"Breached", "bad", "cross"};
    case Verdict::unknown:
      return {"Unknown", "warn", "question"};
  }
  return {};
}

Badge badge_of(Verdict verdict, model::Reason reason) {
  if (reason == model::Reason::preexisting) return {"Broken before the release", "warn", "clock"};
  return badge_of(verdict);
}

Badge badge_of(DecisionKind kind) {
  switch (kind) {
    case DecisionKind::rollback:
      return {"Roll back", "bad", "back"};
    case DecisionKind::would_rollback:
      return {"Would roll back (mode observe)", "warn", "back"};
    case DecisionKind::ask:
      return {"Ask a person", "warn", "hand"};
    case DecisionKind::hold:
      return {"Hold back", "warn", "stop"};
    case DecisionKind::call:
      return {"Call a hook for this rule", "warn", "next"};
    case DecisionKind::pass:
      return {"Pass", "good", "check"};
    case DecisionKind::breached:
      return {"End breached: nothing was rolled back", "bad", "cross"};
    case DecisionKind::unverified:
      return {"End unverified", "warn", "question"};
    case DecisionKind::supersede:
      return {"Superseded by a newer release", "quiet", "next"};
    case DecisionKind::abort:
      return {"Abort the watch", "quiet", "stop"};
  }
  return {};
}

Badge badge_of(CallState state) {
  switch (state) {
    case CallState::none:
      return {};
    case CallState::decided:
      return {"The hook is about to be called", "warn", "clock"};
    case CallState::calling:
      return {"The hook is being called", "warn", "clock"};
    case CallState::confirmed:
      return {"The hook did it", "good", "check"};
    case CallState::failed:
      return {"The hook failed", "bad", "cross"};
    case CallState::unknown:
      return {"Nobody knows whether the hook did it: look at the deployment", "bad", "question"};
  }
  return {};
}

Badge badge_of(AttemptResult result) {
  switch (result) {
    case AttemptResult::running:
      return {"running", "warn", "clock"};
    case AttemptResult::done:
      return {"done", "good", "check"};
    case AttemptResult::retry:
      return {"wants to be called again", "warn", "back"};
    case AttemptResult::not_started:
      return {"did not start", "warn", "stop"};
    case AttemptResult::failed:
      return {"failed", "bad", "cross"};
    case AttemptResult::unknown:
      return {"outcome unknown", "bad", "question"};
  }
  return {};
}

std::string event_word(std::string_view kind) {
  const auto* known = find(event_words, kind);
  std::string out(known == nullptr ? kind : known->second);
  std::ranges::replace(out, '_', ' ');
  return out;
}

std::string_view mode_words(model::Mode mode) {
  switch (mode) {
    case model::Mode::enforce:
      return "the guard rolls back by itself";
    case model::Mode::ask:
      return "the guard asks a person before it rolls back";
    case model::Mode::observe:
      return "the guard only says what it would do";
  }
  return "";
}

std::string_view icon_path(std::string_view icon) {
  const auto* known = find(icons, icon);
  return known == nullptr ? "" : known->second;
}

}  // namespace guard::report
