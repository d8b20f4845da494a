// SPDX-License-Identifier: Apache-2.0
//
// What people and metrics are shown of releases as they stand now. Loop thread only.
#pragma once

#include "guard/core/brakes.hpp"
#include "guard/engine/guard_service.hpp"
#include "guard/engine/ledger.hpp"

#include <functional>
#include <string>
#include <vector>

namespace guard::engine {

class ReleaseViews {
 public:
  struct Parts {
    const Ledger& ledger;
    const Clock& clock;
    std::function<core::BrakeInputs()> brakes;
    Duration retention{0};  // how long finished releases are kept
  };
  explicit ReleaseViews(Parts parts) : parts_(std::move(parts)) {}

  // Fails with not_found.
  Result<story::ReleaseView> one(const std::string& id) const;
  std::vector<story::ReleaseView> matching(const ReleaseFilter& filter) const;
  story::DeliveryView figures(const FiguresQuery& query) const;
  // The newest release of each service and environment, and earlier ones that need a person. The function makes the
  // views of this moment, on any thread.
  std::function<std::vector<story::ReleaseView>()> speaking_for_places() const;
  // Open releases, those that ended no longer than `after_end` ago, and all that need a person.
  std::vector<story::ReleaseView> current(Duration after_end) const;

 private:
  Parts parts_;
};

// There is no release of this id.
std::unexpected<Error> no_release(const std::string& id);

}  // namespace guard::engine
