// SPDX-License-Identifier: Apache-2.0
//
// What the guard's names mean, in the words, tones and icons of the page (guard/web/src/words.js, badge.js), so that a
// report and the page say the same; a test holds one against the other. Pure.
#pragma once

#include "guard/model/decision.hpp"
#include "guard/model/release.hpp"
#include "guard/model/rule.hpp"
#include "guard/model/rule_state.hpp"

#include <string>
#include <string_view>

namespace guard::report {

struct Badge {
  std::string_view words;
  std::string_view tone;  // good, warn, bad, info or quiet
  std::string_view icon;  // colour is never the only sign
};

Badge badge_of(model::Phase phase);
Badge badge_of(model::Verdict verdict);
// A breach from before the release is known for what it is.
Badge badge_of(model::Verdict verdict, model::Reason reason);
Badge badge_of(model::DecisionKind kind);
Badge badge_of(model::CallState state);  // not of `none`
Badge badge_of(model::AttemptResult result);

// The kind of an event of the timeline; one that is not known yet as it is.
std::string event_word(std::string_view kind);
std::string_view mode_words(model::Mode mode);

// The drawing of an icon, as a path of 16 by 16.
std::string_view icon_path(std::string_view icon);

}  // namespace guard::report
