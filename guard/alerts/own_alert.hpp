// SPDX-License-Identifier: Apache-2.0
//
// Alerts that speak of the guard's own work, and how Alertmanager's API v2 takes them (alertmanager
// api/v2/openapi.yaml). Pure; safe from any thread.
#pragma once

#include "guard/base/time.hpp"
#include "guard/model/matcher.hpp"

#include <string>
#include <utility>
#include <vector>

namespace guard::alerts {

// What marks them: the guard pushes them with this label, and the Prometheus alerts on its metrics carry it too.
inline constexpr std::pair<const char*, const char*> own_mark{"source", "release-guard"};

// The alert that a preflight sends round to see whether alerts arrive. It takes the way of those of a service, so it
// carries no such mark; `preflight` tells one from another.
inline constexpr const char* proof_name = "ReleaseGuardPreflight";
inline constexpr const char* proof_label = "preflight";

// Which proof these are the labels of; empty: of another alert.
std::string proof_of(const model::Labels& labels);

// True for an alert about the guard's own work, a proof among them. It says nothing about a service: counted against a
// release, a failed rollback would be a breach of the next one.
bool is_own(const model::Labels& labels);

// The labels are the alert's identity, so nothing that changes while it fires may stand in them.
struct OwnAlert {
  model::Labels labels;
  model::Labels annotations;
  WallTime starts_at{};
  std::string generator_url;  // empty: none

  bool operator==(const OwnAlert&) const = default;
};

struct Pushed {
  OwnAlert alert;
  WallTime ends_at{};  // in the future: it fires until then unless it is pushed again; now: it is resolved
};

// The body of POST /api/v2/alerts.
std::string push_body(const std::vector<Pushed>& alerts);

}  // namespace guard::alerts
