// SPDX-License-Identifier: Apache-2.0
//
// Which objective of a release a person should look at first. Pure.
#pragma once

#include "guard/story/views.hpp"

namespace guard::story {

// The rule of kind expr whose latest value is nearest to its bound, measured by the greater of the two, or furthest
// beyond it; the first of equals. Null where no rule has both.
const story::RuleView* nearest_to_bound(const story::ReleaseView& view);

}  // namespace guard::story
