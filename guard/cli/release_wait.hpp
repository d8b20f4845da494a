// SPDX-License-Identifier: Apache-2.0
//
// Waiting until a release has ended, as `release status --wait` does for a pipeline. Used by the main thread only.
#pragma once

#include "guard/cli/guard_api.hpp"
#include "guard/cli/release_answer.hpp"

#include <optional>
#include <string>

namespace guard::cli {

struct WaitOptions {
  std::string release;
  std::optional<Duration> timeout;  // empty: as long as the release takes, and through every absence of the guard
  bool seen = false;                // the guard answered for this release already
};

struct Ended {
  ReleaseAnswer release;
  std::string body;  // as the guard answered it
};

// Asks every second until the release is in a final phase, or has been rolled back and every objective holds again: the
// guard watches that on, and a pipeline need not. Says each decision when it hears of it. A guard that is away is
// waited for, but one that never answered only for a minute: then the address is probably wrong. Fails with timeout,
// with unavailable if there never was an answer or a signal came, else with what the guard said.
Result<Ended> wait_for_end(const GuardApi& api, World& world, const WaitOptions& options);

}  // namespace guard::cli
