// SPDX-License-Identifier: Apache-2.0
//
// What happened to a release as the journal stores it beside its words: JSON text whose members the kind tells. Pure.
#pragma once

#include "guard/base/error.hpp"
#include "guard/model/timeline.hpp"

#include <string>
#include <string_view>

namespace guard::store {

std::string encode(const model::Happening& what);

// What was encoded; of a version that stored the words alone, and so an empty text, only the kind is known. Fails with
// ErrorCode::invalid where a kind, a member or a name has no meaning here.
Result<model::Happening> decode_happening(std::string_view kind, std::string_view text);

}  // namespace guard::store
