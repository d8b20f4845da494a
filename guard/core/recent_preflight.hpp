// SPDX-License-Identifier: Apache-2.0
//
// The latest preflight of each place, and whether it is recent enough for a rule group that requires one. It is known
// to this run of the guard alone: after a restart it is run again, which takes seconds. Loop thread only; no I/O.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/core/staging.hpp"
#include "guard/model/requirement.hpp"

#include <map>
#include <optional>

namespace guard::core {

class RecentPreflights {
 public:
  // One that tried out everything began at `began`, and nothing failed in it, or something did.
  void keep(const Place& place, bool passed, Instant began);

  // What it shows of the place of this release, where the requirement asks for one.
  Shown shown_of(const Requirement& requirement, const ReleaseSpec& spec, Instant now) const;

 private:
  struct Latest {
    Instant began;
    bool passed = false;
  };
  std::map<Place, Latest> latest_;
};

}  // namespace guard::core
