// SPDX-License-Identifier: Apache-2.0
//
// A version that was found running becomes a release, unless something that is known accounts for it: a release that
// its pipeline announced, or a rollback. As an operation on a draft. Pure.
#pragma once

#include "guard/core/detection.hpp"
#include "guard/engine/announcement.hpp"
#include "guard/engine/ledger.hpp"

#include <string>

namespace guard::engine {

// The release that tells of this change in the place where `known` ran before.
model::ReleaseSpec found_spec(const core::FleetView& fleet, const model::SeenVersion& known,
                              const core::VersionChange& change);

// What came of a change: a release of this id, or why there is none.
struct Found {
  std::optional<std::string> release;  // that was announced
  std::string reason;  // in words; of an announced one what would have refused it, if it had been asked for
};

// Takes the change down as known, but where a pipeline is still deploying that version, or has announced another one as
// live since: then the next reading asks again. Fails as announce() does.
Result<Found> take_change(Draft& draft, const model::Place& place, const core::VersionChange& change,
                          const Circumstances& context);

}  // namespace guard::engine
