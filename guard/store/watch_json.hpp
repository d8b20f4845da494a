// SPDX-License-Identifier: Apache-2.0
//
// What the journal stores whole, as JSON text: a watch without the rules it started with, an alert, a freeze,
// and what a receiver was told. The rules do not change while the watch does, so they are stored once, apart
// (group_json.hpp). Pure.
#pragma once

#include "guard/model/watch.hpp"
#include "guard/store/store.hpp"

#include <string>
#include <string_view>

namespace guard::store {

std::string encode(const model::Watch& watch);
std::string encode(const ReceivedAlert& alert);
std::string encode(const model::Freeze& freeze);
std::string encode(const ToldAlert& told);

// The value that was encoded, equal in every member. Fail with ErrorCode::invalid, naming the member that is missing,
// unknown or of another kind; nothing is ever filled in. `group` is what the watch started with; it must be given.
Result<model::Watch> decode_watch(std::string_view text, model::RuleGroupPtr group);
Result<ReceivedAlert> decode_alert(std::string_view text);
Result<model::Freeze> decode_freeze(std::string_view text);
Result<ToldAlert> decode_told(std::string_view text);

}  // namespace guard::store
