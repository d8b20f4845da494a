// SPDX-License-Identifier: Apache-2.0
//
// Waiting until a release has ended, as a pipeline does. Used by the main thread only.
#pragma once

#include "guard/client/guard_api.hpp"
#include "guard/client/release_answer.hpp"
#include "guard/client/retry.hpp"

#include <optional>
#include <string>

namespace guard::client {

struct WaitOptions {
  std::string release;
  std::optional<Duration> timeout;  // empty: as long as the release takes, and through every absence of the guard
  bool seen = false;                // the guard answered for this release already
};

struct Ended {
  ReleaseAnswer release;
  std::string body;  // as the guard answered it
};

// What is heard of the release meanwhile.
class WaitObserver {
 public:
  virtual ~WaitObserver() = default;
  // Once for each decision.
  virtual void decided(const DecisionAnswer& decision) = 0;
  virtual void stands(const ReleaseAnswer& release) = 0;
  // The guard has not answered for so long, the last time with this error.
  virtual void is_away(Duration since, const Error& error) = 0;
};

// Asks every second until the release is in a final phase, or has been rolled back and every objective holds again: the
// guard watches that on, and a pipeline need not. A guard that is away is waited for, but one that never answered only
// for a minute: then the address is probably wrong. Fails with timeout, with unavailable if there never was an answer
// or a signal came, else with what the guard said.
Result<Ended> wait_for_end(const GuardApi& api, const Pace& pace, const WaitOptions& options, WaitObserver& observer);

}  // namespace guard::client
