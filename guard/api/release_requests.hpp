// SPDX-License-Identifier: Apache-2.0
//
// The JSON bodies that pipelines and people send, strictly read: an unknown key is an error with the nearest name,
// because a misspelt `previous_version` must not be found out at night. Pure.
#pragma once

#include "guard/api/message.hpp"
#include "guard/base/random.hpp"
#include "guard/engine/guard_service.hpp"
#include "guard/report/written.hpp"

#include <string>

namespace guard::api {

// POST /api/v1/releases. Without `id` the Idempotency-Key is the id, and without that a new one. Fails with invalid.
Result<engine::Announcement> parse_announcement(const Request& request, Random& random);

// Those that ?service= and ?environment= name.
model::Places places_in(const Request& request);

// What an event tells of a release: service, environment, version, previous_version, kind and labels. Fails with
// invalid.
Result<model::ReleaseSpec> parse_spec(const json::value& fields);

// POST /api/v1/releases/{id}/{verb}; an empty body is an empty object. Fails with invalid.
Result<engine::Order> parse_order(const Request& request, model::Verb verb);

// POST /api/v1/releases/{id}/what-if. Fails with invalid.
Result<engine::WhatIfQuery> parse_what_if(const Request& request);

// POST /api/v1/rules/check and /series: a rule file's text, and a line of it. Fails with invalid.
struct RuleTextRequest {
  engine::RuleText text;
  int line = 1;
};
Result<RuleTextRequest> parse_rule_text(const Request& request);

// POST /api/v1/releases/{id}/signal. Fails with invalid.
Result<engine::SignalPost> parse_signal(const Request& request, WallTime now);

// GET and POST /api/v1/preflight: of the query, or of the body, which also may ask for a message. Fails with invalid.
Result<engine::PreflightQuery> parse_preflight(const Request& request);

// From ?format=, else from Accept, else Markdown. Fails with invalid for an unknown format.
Result<report::Format> report_format(const Request& request);

}  // namespace guard::api
