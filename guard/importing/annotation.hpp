// SPDX-License-Identifier: Apache-2.0
//
// Annotations with Go's templates, as Prometheus fills them in, in the guard's own fields. Pure; safe from any thread.
#pragma once

#include "guard/model/objective.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace guard::importing {

struct Annotation {
  std::string text;
  std::vector<std::string> labels;  // of the alert's series that stand in it only by name: [instance]
};

// `text` with {{ value }} for the value, however it was formatted; a unit that was written behind it goes, for {{ value
// }} says `unit` itself. Fails with the action that has no counterpart: a condition, a loop, a query.
std::expected<Annotation, std::string> annotation_of(std::string_view text, model::Unit unit);

}  // namespace guard::importing
