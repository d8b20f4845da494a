// SPDX-License-Identifier: Apache-2.0
//
// What another objective would have made of a release, in words and as JSON. Pure.
#pragma once

#include "guard/base/json.hpp"
#include "guard/model/rule_state.hpp"
#include "guard/replay/what_if.hpp"

#include <string>
#include <vector>

namespace guard::report {

// What the one rule of `judged` came to. Where nothing was read, or not enough, that is `unknown` and never `ok`, and
// no breach either, whatever the rule makes of missing data: what is gone today was perhaps there then.
model::Verdict verdict_of(const replay::Judged& judged);

// "would have been rolled back 12m after it went live: error_rate: 14 of 62 …"
std::string words_of(const replay::Judged& judged);

// What nobody may take for more than it is.
std::vector<std::string> notes_of(const replay::Trial& trial);

json::object to_json(const replay::Trial& trial, const replay::WhatIf& what_if);

}  // namespace guard::report
