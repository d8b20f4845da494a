// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/admission.hpp"

#include "guard/core/error_budget.hpp"
#include "guard/engine/gate.hpp"

#include <utility>

namespace guard::engine {
namespace {

constexpr Duration timeout = std::chrono::seconds(10);  // with each server

}  // namespace

struct Admission::Asked {
  GateQuery query;
  core::GateFacts facts;
  Completion<model::Checks> done;
  int open_questions = 1;  // that of the place is the first

  void answered() {
    if (--open_questions == 0) done(core::gate_checks(facts));
  }
};

void Admission::ask(GateQuery query, Completion<model::Checks> done) {
  const auto now = parts_.clock.now();
  auto facts = facts_of(query, *parts_.runtime()->settings, parts_.ledger.fleet(), parts_.brakes(), now);
  if (facts.wants_preflight && !query.from_preflight)
    facts.preflight = parts_.preflights.shown_of(*facts.group->requirement, spec_of(query), now);
  const auto asked = std::make_shared<Asked>(std::move(query), std::move(facts), std::move(done));
  ask_alerts(asked, now);
  ask_budget(asked, now);
  asked->answered();
}

void Admission::ask_alerts(const std::shared_ptr<Asked>& asked, Instant now) {
  if (!asks_for_alerts(asked->facts)) return;
  ++asked->open_questions;
  parts_.scheduler.tell_firing(
      parts_.runtime()->alerts, now.mono + timeout, [&clock = parts_.clock, asked](const AlertLookups::Answer& firing) {
        asked->facts.alerts = readings_of(asked->query, *asked->facts.group, firing, clock.now());
        asked->answered();
      });
}

void Admission::ask_budget(const std::shared_ptr<Asked>& asked, Instant now) {
  const auto& group = asked->facts.group;
  if (!group || !group->error_budget) return;
  const auto take = [asked](const model::Samples& left) {
    const auto& budget = *asked->facts.group->error_budget;
    asked->facts.error_budget = core::budget_check(budget, left, asked->query.kind);
    asked->answered();
  };
  ++asked->open_questions;
  const auto query = core::budget_query(*group->error_budget, subject_of(asked->query));
  if (!query)
    return take(std::unexpected(model::SourceError{model::Reason::template_refused, query.error().message, false}));
  budgets_.ask({parts_.runtime()->metrics, *query, now.mono + timeout}, take);
}

}  // namespace guard::engine
