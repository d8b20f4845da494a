// SPDX-License-Identifier: Apache-2.0
//
// How releases go over a time, in the figures of DORA (dora.dev/guides/dora-metrics): how often something goes live,
// the share of it that fails, and how long a failure lasts. Lead time is not among them: nobody tells the guard when a
// change was committed. Pure.
#pragma once

#include "guard/core/fleet.hpp"

#include <optional>
#include <string>
#include <vector>

namespace guard::core {

// A release that failed (Watch::failed), from when it was noticed until the service was well again.
struct Failure {
  std::string release;
  Place place;
  std::string version;
  WallTime live_at{};
  // The first reading of the breach behind the first decision; where no rule saw one, when the rollback was ordered.
  WallTime detected_at{};
  // When its objectives were seen to hold again after its rollback, or the next release of its place that passed went
  // live, whichever came first; empty: it has not been seen to be over.
  std::optional<WallTime> restored_at;
  std::optional<std::string> restored_by;  // that release; without one its own rollback
};

// Of the releases that went live in the span. What puts an older version back is no deployment: it belongs to the one
// that it undoes.
struct Delivery {
  std::size_t deployments = 0;
  std::size_t judged = 0;  // those of them that came to an end that says how good they are
  std::size_t failed = 0;  // those of them that ended breached, were rolled back, or whose rollback failed
  std::size_t unrestored = 0;
  std::optional<Duration> restore_median;  // of the failures that are over
  std::optional<Duration> restore_p90;
  std::optional<Duration> detect_median;  // from going live until noticed, of all failures
  std::optional<Duration> detect_p90;
};

struct PlaceDelivery {
  Place place;
  Delivery delivery;
};

// One day of the span; they end with it, so the first may be shorter.
struct DeliveryDay {
  WallTime from{};
  std::size_t deployments = 0;
  std::size_t failed = 0;
};

// Both ends belong to it.
struct Period {
  WallTime from{};
  WallTime until{};
};

struct DeliveryQuery {
  model::Places places;
  Period period;
};

struct Deliveries {
  Delivery all;
  std::vector<PlaceDelivery> places;     // in order; also those of which nothing went live in the period
  std::vector<DeliveryDay> days;         // in order
  std::vector<Failure> failures;         // the one that went live last first
  std::optional<WallTime> oldest_known;  // when the oldest release that is known at all was announced
};

Deliveries deliveries(const Fleet& fleet, const DeliveryQuery& query);

}  // namespace guard::core
