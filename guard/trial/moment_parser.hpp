// SPDX-License-Identifier: Apache-2.0
//
// One entry of `expect` of a test. Pure; safe from any thread.
#pragma once

#include "guard/config/object_reader.hpp"
#include "guard/trial/test.hpp"

#include <optional>
#include <string_view>

namespace guard::trial {

// The index of the rule that is named at `offset`; where the group has none, that is reported.
std::optional<std::size_t> find_rule(const config::Report& report, std::string_view slo, std::size_t offset,
                                     const model::RuleGroup& group);

// The moment as far as it can be read; it is complete if nothing was reported.
Moment parse_moment(const config::Report& report, const config::Node& node, const model::RuleGroup& group);

}  // namespace guard::trial
