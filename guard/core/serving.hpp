// SPDX-License-Identifier: Apache-2.0
//
// Whether the version that should run serves yet, as the group's `serves` tells it: until it does nothing is held
// against the release, and after a rollback nothing is said to hold again. Pure.
#pragma once

#include "guard/core/answers.hpp"
#include "guard/core/nouns.hpp"
#include "guard/model/watch.hpp"

#include <string>

namespace guard::core {

// What is known after one more round of a watch that awaits it. A series of the release above 0 says yes; none, one
// that is 0 or less, and NaN say no. Where the source does not answer nobody can tell.
model::Serving read_serving(const Watch& watch, const Answers& answers);

// Of a watch that awaits it, why: "version v2 was not seen to serve: the query returned no series".
std::string not_serving_words(const Watch& watch, Instant now);

// True once a person is to be told that it does not serve yet.
bool is_serving_overdue(const Watch& watch, Instant now);

}  // namespace guard::core
